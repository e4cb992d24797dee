"""Ranges hold what made them and their mirror image, and see a joint bent beyond."""

import numpy as np

from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import JOINT_NAMES
from motionwire_training.evaluation.controller.joint_ranges import joint_ranges
from synthetic import walking_clip

KNEE = JOINT_NAMES.index("left_knee")


def test_a_walk_and_its_mirror_stay_inside() -> None:
    ranges = joint_ranges([walking_clip(6.0, turn=0.5).rotations])
    assert not ranges.outside(walking_clip(4.0, turn=-0.5).rotations).any()


def test_a_joint_beyond_its_range_is_named() -> None:
    walk = walking_clip(6.0).rotations
    ranges = joint_ranges([walk])
    backward = walk[50:51].copy()
    backward[:, KNEE] = rot.from_axis_angle((1.0, 0, 0), np.array([-0.3]))  # bent forward
    outside = ranges.outside(backward)
    assert outside[0, KNEE] and outside.sum() == 1
    assert ranges.outside_percent(np.concatenate((backward, walk[:3]))) == {"left_knee": 25.0}


def test_heading_has_no_range_and_signs_of_quaternions_do_not_matter() -> None:
    walk = walking_clip(6.0).rotations
    turned = -walk
    turned[:, 0] = rot.multiply(rot.from_yaw(np.full(len(walk), 2.0)), walk[:, 0])
    assert not joint_ranges([walk]).outside(turned).any()


def test_five_degrees_are_allowed_beyond() -> None:
    walk = walking_clip(6.0).rotations
    ranges, bent = joint_ranges([walk]), walk[:1].copy()
    deepest = float(np.degrees(rot.angle_between(walk[:, KNEE], np.broadcast_to(rot.IDENTITY, walk[:, KNEE].shape)).max()))
    for degrees, expected in ((deepest + 4, False), (deepest + 7, True)):
        bent[:, KNEE] = rot.from_axis_angle((1.0, 0, 0), np.radians([degrees]))
        assert ranges.outside(bent)[0, KNEE] == expected


def test_what_a_single_short_clip_does_is_in_range_and_a_single_bad_frame_is_not() -> None:
    walk, short = walking_clip(60.0).rotations, walking_clip(1.0).rotations[:12].copy()
    short[:, KNEE] = rot.from_axis_angle((1.0, 0, 0), np.full(len(short), 2.0))
    assert not joint_ranges([walk, short]).outside(short).any()
    walk = walk.copy()
    walk[100] = short[0]
    assert joint_ranges([walk]).outside(short)[:, KNEE].all()
