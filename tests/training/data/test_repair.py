"""Flips are bridged where they are and nowhere else; a jumping root ends a clip."""

from dataclasses import replace

import numpy as np
import pytest

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINT_NAMES
from motionwire_training.data.repair import TELEPORT, bridge_flips, longest_piece
from synthetic import walking_clip

HIP, KNEE, WRIST = (JOINT_NAMES.index(name) for name in ("right_hip", "right_knee", "left_wrist"))


def twisted(clip: Clip, joint: int, frames: slice, degrees: float) -> Clip:
    """The clip with a joint turned about its own bone (the y axis of a leg) in these frames."""
    rotations = clip.rotations.copy()
    bone = clip.skeleton.offsets[KNEE] / np.linalg.norm(clip.skeleton.offsets[KNEE])
    rotations[frames, joint] = rot.multiply(rotations[frames, joint], rot.from_axis_angle(bone, np.radians(degrees)).astype(np.float32))
    return replace(clip, rotations=rotations)


def steps(clip: Clip) -> np.ndarray:
    return np.degrees(rot.angle_between(clip.rotations[1:], clip.rotations[:-1]))


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0])
def test_a_flip_there_and_back_is_undone_and_the_knee_stays(fps: float) -> None:
    walk = walking_clip(3.0, fps)
    start = round(1.0 * fps)
    spoiled = twisted(walk, HIP, slice(start, start + round(0.1 * fps)), 170.0)
    mended, touched = bridge_flips(spoiled)
    assert touched == round(0.1 * fps)
    knees = [clip.world()[0][:, KNEE] for clip in (walk, mended)]
    np.testing.assert_allclose(knees[0], knees[1], atol=1e-4)
    assert np.degrees(rot.angle_between(mended.rotations[:, HIP], walk.rotations[:, HIP])).max() < 2.0


def test_a_flip_without_return_is_spread() -> None:
    walk = walking_clip(3.0, 60.0)
    spoiled = twisted(walk, WRIST, slice(90, None), 170.0)
    mended, touched = bridge_flips(spoiled)
    assert steps(spoiled).max() > 160 and steps(mended).max() < 45
    assert 0 < touched <= 8
    untouched = np.r_[0:80, 100:180]
    np.testing.assert_array_equal(mended.rotations[untouched], spoiled.rotations[untouched])


def test_a_clip_without_flips_is_left_alone() -> None:
    walk = walking_clip(3.0, speed=1.5)
    assert bridge_flips(walk) == (walk, 0)


def test_the_longest_piece_between_jumps_is_kept() -> None:
    walk = walking_clip(3.0)
    assert longest_piece(walk) == (0, 90)
    assert longest_piece(walk.slice(0, 1)) == (0, 1)
    roots = walk.root_positions.copy()
    roots[:2] += 1.0
    roots[70:] += 2 * TELEPORT / walk.fps
    assert longest_piece(replace(walk, root_positions=roots)) == (2, 70)


@pytest.mark.parametrize("fps", [60.0, 120.0])
def test_a_reference_pose_at_the_start_is_cut(fps: float) -> None:
    walk = walking_clip(3.0, fps)
    rotations = walk.rotations.copy()
    turned = rot.exp(np.random.default_rng(0).normal(0, 0.3, (rotations.shape[1], 3)))
    rotations[1:] = rot.multiply(rotations[1:], turned.astype(np.float32))
    rotations[0] = rot.IDENTITY
    assert longest_piece(replace(walk, rotations=rotations)) == (1, len(walk))
