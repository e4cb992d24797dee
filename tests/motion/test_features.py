"""The 272 + 4 features: layout, conventions of their authors, and recovery without inverse kinematics."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motionwire.errors import InputError
from motionwire.motion import features as ft
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINTS, REFERENCE
from synthetic import walking_clip


def wild_clip(seed: int, frames: int = 40) -> Clip:
    """Any smooth motion at all, upside down included."""
    rng = np.random.default_rng(seed)
    rotations = rot.exp(np.cumsum(rng.normal(scale=0.15, size=(frames, JOINTS, 3)), axis=0))
    root = np.cumsum(rng.normal(scale=0.03, size=(frames, 3)), axis=0) + np.array([3.0, 0.9, -2.0])
    return Clip(REFERENCE, 30.0, root, rotations)


def start_of(clip: Clip) -> dict[str, object]:
    return {"heading": float(rot.yaw_of(clip.rotations[0, 0].astype(np.float64))), "origin": tuple(clip.root_positions[0, [0, 2]])}


def assert_recovered(clip: Clip, back: Clip) -> None:
    error = np.degrees(rot.angle_between(clip.rotations.astype(np.float64), back.rotations.astype(np.float64)))
    assert error.max() < 1e-3
    assert np.abs(clip.root_positions - back.root_positions).max() < 1e-3


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_round_trip_of_any_motion(seed: int) -> None:
    clip = wild_clip(seed)
    assert_recovered(clip, ft.decode(ft.encode(clip), clip.skeleton, **start_of(clip)))


def test_round_trip_of_five_minutes_does_not_drift() -> None:
    clip = walking_clip(seconds=300, turn=0.7)
    assert_recovered(clip, ft.decode(ft.encode(clip), clip.skeleton, **start_of(clip)))


def test_bone_lengths_are_solved_from_the_features() -> None:
    clip = walking_clip(turn=0.4)
    back = ft.decode(ft.encode(clip))
    np.testing.assert_allclose(back.skeleton.offsets[1:], clip.skeleton.offsets[1:], atol=1e-5)


def test_heading_holds_the_yaw_by_minus_the_change_in_rows() -> None:
    turn = 0.8
    clip = walking_clip(turn=turn)
    angle = turn / clip.fps
    expected = [np.cos(angle), 0, -np.sin(angle), 0, 1, 0]
    np.testing.assert_allclose(ft.encode(clip)[1:, ft.HEADING], np.tile(expected, (len(clip) - 1, 1)), atol=1e-5)
    np.testing.assert_array_equal(ft.encode(clip)[0, ft.HEADING], [1, 0, 0, 0, 1, 0])


def test_the_same_walk_elsewhere_and_turned_has_the_same_features() -> None:
    clip = walking_clip(turn=0.3)
    turned = rot.from_yaw(2.0).astype(np.float32)
    rotations = clip.rotations.copy()
    rotations[:, 0] = rot.multiply(turned, rotations[:, 0])
    moved = replace(clip, rotations=rotations, root_positions=rot.rotate(turned, clip.root_positions) + np.float32([5, 0, 7]))
    there, here = ft.encode(moved), ft.encode(clip)
    np.testing.assert_allclose(there[:, : ft.MOTIONMILLION_DIM], here[:, : ft.MOTIONMILLION_DIM], atol=2e-5)
    np.testing.assert_allclose(there[:, ft.CONTACTS], here[:, ft.CONTACTS], atol=1e-3)


def test_layout() -> None:
    clip = walking_clip(speed=1.2)
    features = ft.encode(clip)
    assert features.shape == (len(clip), ft.DIM)
    assert features.dtype == np.float32
    np.testing.assert_allclose(features[1:, ft.ROOT_VELOCITY], np.tile([0, 1.2 / 30], (len(clip) - 1, 1)), atol=1e-6)
    np.testing.assert_allclose(features[:, ft.ROOT_HEIGHT], clip.root_positions[:, 1], atol=1e-6)
    positions = features[:, ft.POSITIONS]
    np.testing.assert_allclose(positions[:, [0, 2]], 0, atol=1e-6)
    np.testing.assert_allclose(np.diff(positions, axis=0), features[1:, ft.VELOCITIES], atol=1e-6)


@pytest.mark.parametrize("shape", [(10, 263), (0, 276), (276,), (2, 3, 276)])
def test_wrong_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="272 or 276"):
        ft.decode(np.zeros(shape, np.float32))


def test_nan_is_refused_with_its_frame() -> None:
    features = ft.encode(walking_clip())
    features[7, 100] = np.nan
    with pytest.raises(InputError, match="frame 7"):
        ft.decode(features)
