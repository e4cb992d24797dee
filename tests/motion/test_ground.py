"""Level ground: floors that tilt are straightened, standing feet come to it, and who stands on something stays there."""

from dataclasses import replace

import numpy as np
import pytest

from motionwire.motion.clip import Clip
from motionwire.motion.ground import STEP, levelled, off_level, on_the_ground, toe_height
from motionwire.motion.skeleton import REFERENCE
from synthetic import walking_clip

WALK = on_the_ground(walking_clip(6.0), toe_height(REFERENCE))
TOES = [10, 11]


def lifted(clip: Clip, by: np.ndarray | float) -> Clip:
    roots = clip.root_positions.copy()
    roots[:, 1] += by
    return replace(clip, root_positions=roots)


def test_the_rest_pose_stands_on_the_ground() -> None:
    rest = Clip(REFERENCE, 30.0, REFERENCE.offsets[:1], np.tile([0, 0, 0, 1], (1, 22, 1)))
    assert rest.world()[0][0, TOES, 1].min() == pytest.approx(toe_height(REFERENCE), abs=1e-6)


@pytest.mark.parametrize("raised", [0.3, -0.2])
def test_a_clip_is_put_on_the_ground_as_a_whole(raised: float) -> None:
    made = on_the_ground(lifted(WALK, raised), 0.05)
    assert np.ptp(made.root_positions[:, 1] - WALK.root_positions[:, 1]) < 1e-5
    assert made.world()[0][:, TOES, 1].min() == pytest.approx(0.05, abs=0.01)


def test_a_floor_that_tilts_is_straightened() -> None:
    tilt = np.linspace(-0.05, 0.07, len(WALK))
    made = levelled(lifted(WALK, tilt))
    assert np.abs(made.root_positions - levelled(WALK).root_positions).max() < 0.008
    np.testing.assert_array_equal(made.rotations, WALK.rotations)
    steps = np.abs(np.diff(made.root_positions[:, 1] - WALK.root_positions[:, 1] - tilt))
    assert steps.max() < 0.002  # m a frame: nobody sees it


def test_who_stands_on_something_stays_there() -> None:
    above = lifted(WALK, STEP + 0.05)
    np.testing.assert_array_equal(levelled(above).root_positions, above.root_positions)


def test_a_leap_keeps_its_height() -> None:
    """Between the stances before and after it nothing is known of the ground, and nothing is pulled down."""
    stance = np.flatnonzero(np.abs(off_level(WALK)) < 1)[60]
    held = WALK.slice(stance, stance + 1)
    frames = np.arange(90)
    jump = np.where((frames >= 30) & (frames < 60), 0.4 * np.sin(np.pi * (frames - 30) / 30), 0.0)
    roots = np.repeat(held.root_positions, 90, axis=0)
    roots[:, 1] += jump
    roots[:, 0] += 1e-4 * np.sin(frames)  # recordings tremble; what never moves is no recording
    leap = Clip(REFERENCE, 30.0, roots.astype(np.float32), np.repeat(held.rotations, 90, axis=0))
    moved = levelled(leap).root_positions[:, 1] - leap.root_positions[:, 1]
    assert np.ptp(moved) < 0.02 and len(moved) == 90


def test_without_a_standing_foot_nothing_changes() -> None:
    for clip in (WALK.slice(0, 1), lifted(WALK, 1.0)):
        np.testing.assert_array_equal(off_level(clip), np.zeros(len(clip)))
