"""Unevenly timed frames of the page as a clip."""

from typing import Any

import msgspec
import numpy as np
import pytest

from motionwire.broadcast.recording import FPS, to_bvh, to_clip
from motionwire.errors import InputError
from motionwire.formats import bvh
from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import REFERENCE

KNEE = REFERENCE.index("left_knee")


def poses_at(times: np.ndarray) -> np.ndarray:
    """A figure that glides, turns and bends its knee at constant rates: between any two moments lies their middle."""
    rotations = np.tile(rot.IDENTITY, (len(times), len(REFERENCE), 1))
    rotations[:, 0] = rot.from_yaw(0.8 * times)
    rotations[:, KNEE] = rot.from_axis_angle((1, 0, 0), 0.5 * times)
    root = np.outer(times, (1.2, 0.0, -0.4)) + REFERENCE.offsets[0]
    return np.concatenate((root, rotations.reshape(len(times), -1)), axis=1)


def body(times: Any, poses: np.ndarray) -> bytes:
    return msgspec.msgpack.encode({"times": np.asarray(times, "<f8").tobytes(), "poses": poses.astype("<f4").tobytes()})


def test_motion_at_uneven_times_becomes_even() -> None:
    times = np.cumsum(np.random.default_rng(0).uniform(0.005, 0.2, 40))
    times -= times[0]
    clip = to_clip(body(times + 100.0, poses_at(times)), REFERENCE)
    assert clip.fps == FPS and len(clip) == int(times[-1] * FPS) + 1
    expected = poses_at(np.arange(len(clip)) / FPS)
    np.testing.assert_allclose(clip.root_positions, expected[:, :3], atol=1e-5)
    away = rot.angle_between(clip.rotations.astype(float), expected[:, 3:].reshape(len(clip), -1, 4))
    assert away.max() < 1e-3


def test_bvh_holds_the_same_motion() -> None:
    times = np.arange(0, 120) / 60
    back = bvh.parse(to_bvh(body(times, poses_at(times)), REFERENCE), "back")
    assert back.fps == FPS and len(back) == 120
    np.testing.assert_allclose(back.root_positions / 100, poses_at(times)[:, :3], atol=1e-5)


STILL = poses_at(np.zeros(3))


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\xc1",
        msgspec.msgpack.encode({"times": b""}),
        msgspec.msgpack.encode({"times": b"12345678", "poses": b"", "more": 1}),
        body([], STILL[:0]),
        body([0.0], STILL[:1]),
        body([0.0, 1.0], STILL),
        body([0.0, 1.0, 1.0], STILL),
        body([0.0, 2.0, 1.0], STILL),
        body([0.0, 1.0, 1e9], STILL),
        body([0.0, 1.0, np.nan], STILL),
        body([0.0, 1.0, 2.0], STILL * np.nan),
        body([0.0, 1.0, 2.0], STILL * 0),
        body([0.0, 1.0, 2.0], STILL[:, :-4]),
    ],
)
def test_what_is_no_recording_is_refused(sent: bytes) -> None:
    with pytest.raises(InputError, match=r"^recording: [^\n]+$"):
        to_clip(sent, REFERENCE)
