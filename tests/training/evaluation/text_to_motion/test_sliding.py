"""Feet of a standing pose that glides are seen at any speed; those in the air are told, not taken for good ones."""

import numpy as np
import pytest

from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import REFERENCE
from motionwire_training.evaluation.controller.joint_ranges import joint_ranges
from motionwire_training.evaluation.text_to_motion.physics import physics
from motionwire_training.evaluation.text_to_motion.sliding import skating, slides
from synthetic import walking_clip

WALK = walking_clip(4.0)
RANGES = joint_ranges([WALK.rotations])


def gliding(speed: float, raised: float = 0.0, frames: int = 60) -> Clip:
    """The standing pose, carried along +Z at `speed` m/s, `raised` m over the ground."""
    roots = REFERENCE.offsets[0] + np.arange(frames)[:, None] / 30 * np.array([0, 0, speed]) + np.array([0, raised, 0])
    return Clip(REFERENCE, 30.0, roots, np.tile([0, 0, 0, 1.0], (frames, 22, 1)))


@pytest.mark.parametrize("speed", [0.2, 1.0, 3.0])
def test_a_standing_pose_that_glides_skates_at_its_speed(speed: float) -> None:
    found = physics([gliding(speed)], RANGES)
    assert found["foot_skate_cm_s"] == pytest.approx(100 * speed, rel=1e-3)
    assert found["feet_down_percent"] == 100 and found["never_down_clips"] == 0


def test_clips_whose_feet_never_come_down_are_counted() -> None:
    found = physics([gliding(1.0, raised=0.3), gliding(0.0)], RANGES)
    assert (found["never_down_clips"], found["feet_down_percent"], found["foot_skate_cm_s"]) == (1, 50, 0)
    assert np.isnan(physics([gliding(1.0, raised=0.3)], RANGES)["foot_skate_cm_s"])


def test_feet_that_land_or_lift_off_are_not_down() -> None:
    landing = gliding(1.0)
    landing.root_positions[:30, 1] += 0.1
    landing.root_positions[30:, 2] = landing.root_positions[30, 2]
    assert not slides(landing).any() and len(slides(landing)) == 2 * 29
    assert slides(WALK).mean() < 0.07


def test_a_toe_skates_that_is_low_and_fast_in_two_frames() -> None:
    assert skating(gliding(0.6)).all() and not skating(gliding(0.4)).any() and not skating(gliding(0.6, raised=0.05)).any()
    once = gliding(0.0, raised=0.1)
    once.root_positions[30, 1] -= 0.1
    once.root_positions[30:, 2] += 1.0
    assert not skating(once).any()
