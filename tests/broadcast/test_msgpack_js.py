"""The page's own MessagePack reader and writer against msgspec's, through node."""

import json
import math
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from broadcast.toolchain import need
from motionwire.server import messages as wire

GOLDEN = json.loads((Path(__file__).parents[2] / "engine_bridge/protocol/golden/messages.json").read_text(encoding="utf-8"))
CHECK = Path(__file__).with_name("msgpack_check.mjs")

NUMBERS = [0, 1, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**53 - 1]
VALUES = [
    None,
    True,
    False,
    *NUMBERS,
    *(-number for number in NUMBERS[1:]),
    -32,
    -33,
    -(2**15) - 1,
    -(2**31) - 1,
    0.5,
    -0.0,
    math.pi,
    1e300,
    math.inf,
    "",
    "a" * 31,
    "a" * 32,
    "ä € 🚶" * 20,
    "b" * 70_000,
    b"",
    bytes(range(256)),
    bytes(70_000),
    [],
    list(range(15)),
    list(range(16)),
    [0] * 70_000,
    {},
    {str(key): key for key in range(15)},
    {str(key): key for key in range(16)},
    {"nested": [{"deeply": [[[1.5, None]]]}]},
]
BROKEN = {
    "empty": b"",
    "cut in a string": msgspec.msgpack.encode("hello")[:-1],
    "cut in a map": msgspec.msgpack.encode({"a": 1})[:-1],
    "bytes left over": b"\xc0\xc0",
    "array longer than the message": b"\xdd\xff\xff\xff\xff",
    "map longer than the message": b"\xdf\xff\xff\xff\xff",
    "binary longer than the message": b"\xc6\xff\xff\xff\xff",
    "number as key": b"\x81\x01\x01",
    "extension": b"\xd4\x01\x00",
    "reserved": b"\xc1",
    "integer past 2^53": b"\xcf" + b"\xff" * 8,
    "broken UTF-8": b"\xa1\xff",
    "nested too deep": b"\x91" * 1000 + b"\xc0",
}


def run(decode: list[bytes], refuse: list[bytes]) -> dict[str, list[Any]]:
    """What node makes of them: fields: each of `decode` decoded; again: encoded again; refused: each error of `refuse`, or None."""
    node = need(shutil.which("node"), "node")
    question = {"decode": [data.hex() for data in decode], "refuse": [data.hex() for data in refuse]}
    done = subprocess.run([node, CHECK], input=json.dumps(question), capture_output=True, text=True, timeout=60, check=True)
    answer: dict[str, list[Any]] = json.loads(done.stdout)
    return answer | {"again": [bytes.fromhex(text) for text in answer["again"]]}


def test_values_come_back() -> None:
    again = run([msgspec.msgpack.encode(value) for value in VALUES], [])["again"]
    for value, data in zip(VALUES, again, strict=True):
        back = msgspec.msgpack.decode(data)
        assert back == value
        if isinstance(value, float):
            assert math.copysign(1, back) == math.copysign(1, value)


def test_golden_messages_are_read_and_written() -> None:
    sent = [bytes.fromhex(vector["bytes"]) for vector in GOLDEN["messages"]]
    answer = run(sent, [])
    for vector, fields, data in zip(GOLDEN["messages"], answer["fields"], answer["again"], strict=True):
        assert fields == vector["fields"], vector["name"]
        decode = wire.decode_request if vector["from"] == "client" else wire.decode_reply
        assert decode(data) == decode(bytes.fromhex(vector["bytes"])), vector["name"]


def test_float32_is_read() -> None:
    assert run([b"\xca\x3f\xc0\x00\x00"], [])["fields"] == [1.5]


@pytest.mark.parametrize("name", BROKEN)
def test_broken_messages_are_refused(name: str, refusals: dict[str, str | None]) -> None:
    assert refusals[name] is not None


@pytest.fixture(scope="module")
def refusals() -> dict[str, str | None]:
    """What node says to each broken message."""
    return dict(zip(BROKEN, run([], list(BROKEN.values()))["refused"], strict=True))
