"""Cleaning: jitter goes and the motion stays, feet come to stand, and nothing happens unasked."""

from dataclasses import replace

import numpy as np
import pytest

from motionwire.cleaning import Cleaning, Smoothing, clean
from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import CONTACT_JOINTS, soft_contacts
from motionwire.motion.skeleton import Skeleton
from synthetic import walking_clip

TREMBLE = 0.01  # rad, and m/2


def trembling(clip: Clip) -> Clip:
    """The clip with white noise on every joint and on the root."""
    random = np.random.default_rng(5)
    noise = rot.exp(random.normal(0, TREMBLE, (*clip.rotations.shape[:2], 3)))
    roots = clip.root_positions + random.normal(0, TREMBLE / 2, clip.root_positions.shape)
    return replace(clip, rotations=rot.multiply(clip.rotations.astype(np.float64), noise), root_positions=roots)


def jerk(clip: Clip) -> float:
    return float(np.abs(np.diff(clip.world()[0].astype(np.float64), n=3, axis=0)).mean() * clip.fps**3)


def test_nothing_unasked() -> None:
    walk = walking_clip()
    assert not Cleaning() and Cleaning(ground=True)
    assert clean(walk, Cleaning()) is walk


@pytest.mark.parametrize("fps", [30.0, 120.0])
@pytest.mark.parametrize("smoothing", list(Smoothing))
def test_filters_take_the_jitter_and_leave_the_motion(smoothing: Smoothing, fps: float) -> None:
    walk = walking_clip(seconds=3, fps=fps, turn=0.4)
    shaken = trembling(walk)
    made = clean(shaken, Cleaning(smooth=smoothing))
    before, after = (rot.angle_between(clip.rotations.astype(float), walk.rotations.astype(float)) for clip in (shaken, made))
    assert jerk(made) < 0.5 * jerk(shaken)
    standing = [joint for joint in range(22) if joint not in (1, 2, 4, 5, 7, 8)]  # legs really move
    assert after[:, standing].mean() < 0.75 * before[:, standing].mean()
    untouched = clean(walk, Cleaning(smooth=smoothing))
    assert np.degrees(rot.angle_between(untouched.rotations.astype(float), walk.rotations.astype(float))).mean() < 1.5
    assert np.linalg.norm(untouched.root_positions - walk.root_positions, axis=1).max() < 0.01
    lag = [np.abs(np.roll(untouched.rotations[:, 4, 0], shift) - walk.rotations[:, 4, 0])[9:-9].mean() for shift in (-1, 0, 1)]
    assert np.argmin(lag) == 1


@pytest.mark.parametrize("smoothing", list(Smoothing))
@pytest.mark.parametrize("frames", [1, 2, 3])
def test_short_clips(smoothing: Smoothing, frames: int) -> None:
    clip = walking_clip().slice(0, frames)
    assert len(clean(clip, Cleaning(smoothing, ground=True, lock_feet=True))) == frames


@pytest.mark.parametrize("raised", [0.07, -0.05])
def test_the_ground(raised: float) -> None:
    walk = walking_clip()
    floating = replace(walk, root_positions=walk.root_positions + np.array([0, raised, 0], np.float32))
    made = clean(floating, Cleaning(ground=True))
    np.testing.assert_allclose(made.root_positions, walk.root_positions, atol=0.012)


def test_a_floor_that_tilts() -> None:
    walk = clean(walking_clip(5.0), Cleaning(ground=True))
    tilt = np.linspace(0, 0.1, len(walk))[:, None] * np.array([0, 1, 0], np.float32)
    made = clean(replace(walk, root_positions=walk.root_positions + tilt), Cleaning(level=True))
    np.testing.assert_allclose(made.root_positions, walk.root_positions, atol=0.012)


def test_feet_that_creep_stand_still() -> None:
    walk = walking_clip(seconds=4, fps=60.0)
    creep = np.zeros((len(walk), 3), np.float32)
    creep[:, 2] = 0.08 * np.arange(len(walk)) / walk.fps
    creeping = replace(walk, root_positions=walk.root_positions + creep)
    down = soft_contacts(creeping).reshape(-1, 2, 2).max(axis=-1) > 0.9

    def skate(clip: Clip) -> float:
        speed = np.linalg.norm(np.gradient(clip.world()[0][:, CONTACT_JOINTS][..., ::2], 1 / clip.fps, axis=0), axis=-1)
        return float(np.median(speed.reshape(-1, 2, 2).min(axis=-1)[down]))

    made = clean(creeping, Cleaning(lock_feet=True))
    assert skate(creeping) > 0.06
    assert skate(made) < 0.01
    np.testing.assert_array_equal(made.root_positions, creeping.root_positions)


def test_feet_that_are_not_surely_down_are_left_alone() -> None:
    walk = walking_clip(seconds=3)
    flying = replace(walk, root_positions=walk.root_positions + np.array([0, 0.4, 0], np.float32))
    np.testing.assert_allclose(clean(flying, Cleaning(lock_feet=True)).world()[0], flying.world()[0], atol=1e-5)


def test_other_rigs_are_refused() -> None:
    clip = Clip(Skeleton(("a",), (-1,), np.zeros((1, 3))), 30.0, np.zeros((1, 3)), rot.IDENTITY[None, None], name="x")
    with pytest.raises(InputError, match="x: only canonical clips can be cleaned"):
        clean(clip, Cleaning(ground=True))
