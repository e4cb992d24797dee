"""Messages that are wrong in every way: golden vectors with bytes changed, and with fields changed into what does not belong there."""

import json
import math
import random
from pathlib import Path
from typing import Any

import msgpack

VECTORS = Path(__file__).resolve().parents[3] / "engine_bridge" / "protocol" / "golden" / "messages.json"
GOLDEN = [bytes.fromhex(vector["bytes"]) for vector in json.loads(VECTORS.read_text(encoding="utf-8"))["messages"]]
ODD: list[Any] = [
    None, True, -1, 0, 1, 7, 2**31 - 1, 2**31, 2**53, 2**63, 2**64 - 1, -(2**63), 0.0, -0.5, 1e-320, 1e308, math.inf, -math.inf, math.nan,
    "", " ", "\0", "../../etc/passwd", "walk", "\N{SNOWMAN}" * 100, "x" * 2000, b"", b"\0" * 16, b"\xff" * 16, b"\xff" * 48, b"\x80" * 4096,
    [], [0], [1, 1], [7] * 100, list(range(300)), [0.0] * 4, [math.nan] * 4, [1e30, 0, 0, 0], [[[[[]]]]], {}, {"t": "hello"},
    {1: 2}, msgpack.Timestamp(1), msgpack.ExtType(5, b"x"),
]  # fmt: skip


def mutated(rng: random.Random) -> bytes:
    """A golden vector that was tampered with."""
    return rng.choice((_bytes_changed, _fields_changed))(rng)


def _bytes_changed(rng: random.Random) -> bytes:
    data = bytearray(rng.choice(GOLDEN))
    for _ in range(rng.randint(1, 3)):
        where = rng.randrange(len(data))
        how = rng.randrange(4)
        if how == 0:
            data[where] = rng.randrange(256)
        elif how == 1:
            data[where] ^= 1 << rng.randrange(8)
        elif how == 2:
            data[where:where] = rng.randbytes(rng.randint(1, 8))
        else:
            data[where:] = rng.choice(GOLDEN)[where:]
    return bytes(data[: rng.choice((len(data), len(data), rng.randrange(len(data) + 1)))])


def _fields_changed(rng: random.Random) -> bytes:
    fields = msgpack.unpackb(rng.choice(GOLDEN))
    for _ in range(rng.randint(1, 2)):
        name = rng.choice(sorted(fields))
        how = rng.randrange(6)
        if how == 0:
            del fields[name]
            fields["t"] = fields.get("t", "step")
        elif how == 1:
            fields |= msgpack.unpackb(rng.choice(GOLDEN))
        elif name != "t":  # the type as it is: what it does with an odd field is the question
            fields[name] = rng.choice(ODD)
    return msgpack.packb(fields)
