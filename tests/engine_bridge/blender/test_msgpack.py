"""The add-on's MessagePack: the golden vectors both ways, the same values as an independent library, and whatever comes off the wire."""

import json
import math
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

GOLDEN = Path(__file__).resolve().parents[3] / "engine_bridge" / "protocol" / "golden"
MESSAGES = json.loads((GOLDEN / "messages.json").read_text(encoding="utf-8"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text() | st.binary(max_size=300),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(), inner, max_size=20),
    max_leaves=30,
)


@pytest.mark.parametrize("vector", MESSAGES["messages"], ids=lambda vector: vector["name"])
def test_golden(vector: dict[str, Any], plain: Callable[[str], Any]) -> None:
    ours = plain("wire.msgpack")
    data = bytes.fromhex(vector["bytes"])
    message = ours.unpack(data)
    assert _with_hex(message) == vector["fields"]
    assert msgpack.unpackb(ours.pack(message)) == msgpack.unpackb(data)


@given(value=VALUES)
def test_same_as_an_independent_library(value: Any, plain: Callable[[str], Any]) -> None:
    ours = plain("wire.msgpack")
    assert msgpack.unpackb(ours.pack(value), strict_map_key=False) == value
    assert ours.unpack(msgpack.packb(value)) == value


@given(data=st.binary(max_size=80))
def test_any_bytes_are_a_value_or_refused(data: bytes, plain: Callable[[str], Any]) -> None:
    ours = plain("wire.msgpack")
    try:
        value = ours.unpack(data)
    except ours.MessagePackError:
        return
    again = ours.unpack(ours.pack(value))
    assert again == value or "nan" in repr(value)


def test_lengths(plain: Callable[[str], Any]) -> None:
    """Each format of a length, at its ends."""
    ours = plain("wire.msgpack")
    for size in (0, 15, 16, 31, 32, 255, 256, 65535, 65536):
        for value in ("x" * size, b"x" * size, [1] * size, {str(key): key for key in range(size)}):
            assert ours.unpack(ours.pack(value)) == value
            assert msgpack.unpackb(ours.pack(value)) == value


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xc1", b"\xdd\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff", b"\xa1\xff", b"\x81\x01\x01", b"\x01\x01", b"\xd4\x01\x01",
        b"\x91" * 10_000 + b"\x01", b"\xcb\x00",
    ],
)  # fmt: skip
def test_refused(data: bytes, plain: Callable[[str], Any]) -> None:
    ours = plain("wire.msgpack")
    with pytest.raises(ours.MessagePackError):
        ours.unpack(data)


def test_numbers(plain: Callable[[str], Any]) -> None:
    ours = plain("wire.msgpack")
    assert ours.unpack(b"\xca" + struct.pack(">f", 1.5)) == 1.5
    assert math.isnan(ours.unpack(ours.pack(math.nan)))
    with pytest.raises(TypeError):
        ours.pack({1, 2})


def _with_hex(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"bin": value.hex()}
    if isinstance(value, list):
        return [_with_hex(item) for item in value]
    return {key: _with_hex(item) for key, item in value.items()} if isinstance(value, dict) else value
