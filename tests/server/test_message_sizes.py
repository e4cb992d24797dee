"""The bounds of SPEC.md section 2 on what a client has to take, and that a wrong message costs the server no more than its bytes."""

import tracemalloc

import msgpack
import pytest

from motionwire.server import messages as wire
from motionwire.server.messages import BadMessageError, Error, Event, Pose, encode

LONG = "\N{WAVING HAND SIGN}" * 300  # the longest text a message carries, in its longest form


def pose(count: int, events: int, debug: bool) -> bytes:
    size = 4 * (3 + 4 * 22) * count
    made = Pose(
        seq=2**53, stream=True, ts=1e9, characters=[2**31 - 1] * count, count=count, joints=22, data=bytes(size), phase=bytes(4 * count),
        contacts=bytes(16 * count), root_delta=bytes(12 * count), root=bytes(12 * count), acting=bytes(count),
        events=[Event(kind="act_failed", character=2**31 - 1, ref=2**32 - 1, message=LONG)] * events,
    )  # fmt: skip
    if debug:
        made.desired, made.predicted, made.raw = bytes(192 * count), bytes(96 * count), bytes(size)
    return encode(made)


@pytest.mark.parametrize(("debug", "each"), [(False, 450), (True, 1200)])
@pytest.mark.parametrize(("count", "events"), [(0, 0), (1, 2), (1000, 100)])
def test_poses(count: int, events: int, debug: bool, each: int) -> None:
    assert len(pose(count, events, debug)) <= each * count + 1300 * events + 256


MAPS = b"\xdd" + (2_000_000).to_bytes(4, "big") + b"\x80" * 2_000_000  # of which each would be an object


@pytest.mark.parametrize("field", ["v", "t", "ref", "time", "unknown"])
def test_what_is_wrong_is_not_built(field: str) -> None:
    data = b"\x84" + b"".join(map(msgpack.packb, ("t", "ping", "time", "now", "more", 1, field))) + MAPS
    tracemalloc.start()
    try:
        with pytest.raises(BadMessageError) as caught:
            wire.decode_request(data)
        assert tracemalloc.get_traced_memory()[1] < 2 * len(MAPS)
    finally:
        tracemalloc.stop()
    assert len(encode(caught.value.reply)) < 2048


@pytest.mark.parametrize("field", ["v", "ref", "time"])
def test_no_depth_is_too_much(field: str) -> None:
    for depth in range(10, 1200):  # the last one that can be read is the point
        with pytest.raises(BadMessageError) as caught:
            wire.decode_request(b"\x83" + b"".join(map(msgpack.packb, ("t", "ping", "time", "now", field))) + b"\x91" * depth + b"\x01")
        assert caught.value.reply.code in ("bad_message", "version")


def test_errors() -> None:
    assert len(encode(BadMessageError("internal", LONG * 2, LONG[:32], 2**32 - 1).reply)) < 2048


@pytest.mark.parametrize("time", [float("nan"), float("inf"), -float("inf")])
def test_a_ping_has_a_finite_time(time: float) -> None:
    with pytest.raises(BadMessageError) as caught:
        wire.decode_request(encode(wire.Ping(time=time)))
    assert isinstance(caught.value.reply, Error) and caught.value.reply.code == "bad_message"
