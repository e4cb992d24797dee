"""Reasons to reject a clip, each shown by a walk that was spoiled that way; and what is only flagged."""

from dataclasses import replace

import numpy as np
import pytest

from mocap_sources import bvh, lifted
from motionwire.formats.bvh_writer import to_bytes
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINT_NAMES, REFERENCE, Skeleton
from motionwire_training.data import qa
from motionwire_training.data.items import Item, Job
from motionwire_training.data.process import Outcome, process
from synthetic import walking_clip


def outcome(data: bytes, **cells: object) -> Outcome:
    return process(Job(Item(key="clip", path="clip.bvh", format="bvh", source="made", **cells), "clip.bvh", data))  # type: ignore[arg-type]


def verdict(clip: Clip) -> str:
    return qa.judge(qa.measure(clip))[0]


def test_a_walk_is_fit() -> None:
    result = outcome(bvh(2.0))
    assert (result.status, result.flags) == ("imported", [])
    assert result.measures["speed_mean_m_s"] == pytest.approx(1.0, abs=0.03)
    assert result.measures["forward"] == 1.0
    assert 0.3 < result.measures["contact_left_toe"] < 0.8
    assert 1.5 < result.measures["height_m"] < 1.9


def test_feet_must_be_near_the_ground() -> None:
    walk = walking_clip(2.0)
    assert [verdict(lifted(walk, metres)) for metres in (0.0, 0.5, -0.5)] == ["", "floating_feet", "sunken_feet"]


@pytest.mark.parametrize("factor", [0.1, 0.5, 2.0, 100.0])
def test_a_body_of_impossible_size_is_rejected(factor: float) -> None:
    walk = walking_clip(2.0)
    skeleton = Skeleton(walk.skeleton.names, walk.skeleton.parents, REFERENCE.offsets * factor)
    assert outcome(to_bytes(replace(walk, skeleton=skeleton, root_positions=walk.root_positions * factor))).reason == "wrong_scale"


def test_a_child_is_no_wrong_scale() -> None:
    assert qa.wrong_scale(Skeleton(REFERENCE.names, REFERENCE.parents, REFERENCE.offsets * 0.75)) == ""


def test_shaking_joints_are_flips() -> None:
    walk = walking_clip(2.0)
    rotations = walk.rotations.copy()
    rotations[::2, JOINT_NAMES.index("spine2")] = rot.from_axis_angle((0, 0, 1), 2.5)
    assert verdict(replace(walk, rotations=rotations)) == "joint_flips"


def test_reasons_of_files_that_hold_no_clip() -> None:
    assert outcome(b"").reason == "unreadable"
    assert outcome(b"\xff\xfe\x00HIERARCHY").reason == "unreadable"
    assert outcome(bvh(0.4)).reason == "too_short"
    assert outcome(bvh(2.0), fps=240.0).reason == "too_short"
    assert outcome(bvh(1.0), first_frame=30).reason == "unreadable"
    assert outcome(bvh().replace(b"left_knee", b"some_bone")).reason == "unknown_rig"


def test_climbing_is_flagged_not_rejected() -> None:
    walk = walking_clip(4.0)
    roots = walk.root_positions.copy()
    roots[:, 1] += 0.8 * np.sin(np.linspace(0, np.pi, len(roots))).clip(min=0) ** 4
    result = outcome(to_bytes(replace(walk, root_positions=roots)))
    assert (result.status, result.flags) == ("imported", ["airborne"])


def test_measures_of_a_single_frame_are_finite() -> None:
    assert np.isfinite(list(qa.measure(walking_clip(2.0).slice(0, 1)).values())).all()
