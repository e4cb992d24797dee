"""Ranges hold what made them and their mirror image, and see a joint bent beyond."""

import numpy as np

from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import JOINT_NAMES
from motionwire_training.evaluation.controller.joint_ranges import joint_ranges
from synthetic import walking_clip

KNEE, HEAD = (JOINT_NAMES.index(name) for name in ("left_knee", "head"))


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


def test_of_many_clips_single_ones_that_are_turned_around_open_no_range() -> None:
    walks = [walking_clip(1.0, turn=turn).rotations for turn in np.linspace(-0.5, 0.5, 60)]
    glitch = walks[0].copy()
    glitch[:, HEAD] = rot.from_axis_angle((0, 0, 1.0), np.full(len(glitch), 2.8))
    rolled = walks[1].copy()
    rolled[:, HEAD] = rot.from_axis_angle((0, 0, 1.0), np.full(len(rolled), np.pi / 2))
    assert not joint_ranges([*walks, glitch]).outside(rolled).any()
    ranges = joint_ranges([*walks, glitch], strays=1.0)
    assert ranges.outside(rolled)[:, HEAD].all() and not ranges.outside(walks[30]).any()
    assert not joint_ranges([*walks[:20], glitch], strays=1.0).outside(glitch).any()  # one of 42 is more than one percent
