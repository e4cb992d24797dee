"""The page's own MessagePack reader and writer against msgspec's, through node."""

import json
import math
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from broadcast.toolchain import need
from motionwire.server import messages as wire

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
STEP = wire.Step(seq=3, characters=[1, 2], input=bytes(32), dt=0.25)

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


def run(decode: list[bytes], refuse: list[bytes]) -> tuple[list[bytes], list[str | None]]:
    """(each of `decode` decoded and encoded again, each error of `refuse`), by node."""
    node = need(shutil.which("node"), "node")
    question = {"decode": [data.hex() for data in decode], "refuse": [data.hex() for data in refuse]}
    done = subprocess.run([node, CHECK], input=json.dumps(question), capture_output=True, text=True, timeout=60, check=True)
    answer = json.loads(done.stdout)
    return [bytes.fromhex(text) for text in answer["again"]], answer["refused"]


def test_values_come_back() -> None:
    sent = [msgspec.msgpack.encode(value) for value in VALUES]
    again, _ = run(sent, [])
    for value, data in zip(VALUES, again, strict=True):
        back = msgspec.msgpack.decode(data)
        assert back == value and math.copysign(1, back if isinstance(back, float) else 1) == math.copysign(
            1, value if isinstance(value, float) else 1
        )


def test_messages_come_back() -> None:
    messages = [wire.Hello(proto=1, client="ä"), wire.Ping(time=12.25), STEP, wire.Act(character=1, text="wave", seed=2**32 - 1)]
    again, _ = run([wire.encode(message) for message in messages], [])
    assert [wire.decode_request(data) for data in again] == messages


def test_float32_is_read() -> None:
    again, _ = run([b"\xca\x3f\xc0\x00\x00"], [])
    assert msgspec.msgpack.decode(again[0]) == 1.5


@pytest.mark.parametrize("name", BROKEN)
def test_broken_messages_are_refused(name: str, refusals: dict[str, str | None]) -> None:
    assert refusals[name] is not None


@pytest.fixture(scope="module")
def refusals() -> dict[str, str | None]:
    """What node says to each broken message."""
    return dict(zip(BROKEN, run([], list(BROKEN.values()))[1], strict=True))
