"""Clip checks, resampling, mirroring and contacts on a walk whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import soft_contacts
from motionwire.motion.mirror import MIRROR_JOINTS, mirror
from motionwire.motion.resample import resample, resample_whole
from motionwire.motion.skeleton import JOINT_NAMES, JOINTS, REFERENCE, Skeleton
from synthetic import walking_clip


def swaying_clip(fps: float) -> Clip:
    """Four smooth seconds: every joint swings at 0.9 Hz while the root turns and circles."""
    time = np.arange(round(4 * fps)) / fps
    swing = 0.4 * np.sin(2 * np.pi * 0.9 * time[:, None] + np.arange(JOINTS))
    rotations = rot.from_axis_angle((1.0, 0.0, 0.0), swing)
    rotations[:, 0] = rot.from_yaw(1.5 * time)
    return Clip(REFERENCE, fps, np.stack((np.sin(time), 0.9 + 0 * time, np.cos(time)), axis=-1), rotations)


@pytest.mark.parametrize(("source", "target"), [(100, 30), (120, 60), (24, 30), (60, 30), (30, 60), (119.88, 30)])
def test_resampling_keeps_real_time(source: float, target: float) -> None:
    clip = resample(swaying_clip(source), target)
    truth = swaying_clip(target)
    frames = min(len(clip), len(truth))
    assert abs(clip.seconds - 4) <= 1 / target + 1 / source
    error = np.degrees(rot.angle_between(clip.rotations[:frames].astype(float), truth.rotations[:frames].astype(float)))
    assert error.max() < 0.5  # what linear interpolation between 24 fps samples of this sway loses
    assert np.abs(clip.root_positions[:frames] - truth.root_positions[:frames]).max() < 0.001


@pytest.mark.parametrize("fps", [24.0, 30.0, 50.0, 119.0])
def test_the_last_frame_can_be_kept_instead_of_the_first(fps: float) -> None:
    clip = swaying_clip(120).slice(0, 343)
    found = resample(clip, fps, keep_last=True)
    assert len(found) == len(resample(clip, fps))
    np.testing.assert_array_equal(found.root_positions[-1], clip.root_positions[-1])
    truth = swaying_clip(1200)  # its frame 3420 is the clip's last
    first = 3420 - round((len(found) - 1) * 1200 / fps)
    np.testing.assert_allclose(found.root_positions[0], truth.root_positions[first], atol=2e-3)


def test_resampled_from_end_to_end() -> None:
    clip = swaying_clip(30).slice(0, 41)
    for fps, frames in ((60.0, 81), (24.0, 33), (25.0, 34), (30.0, 41)):
        found = resample_whole(clip, fps)
        assert len(found) == frames and found.fps == fps
        np.testing.assert_array_equal(found.root_positions[[0, -1]], clip.root_positions[[0, -1]])


def test_resampling_to_the_same_rate_by_another_spelling_changes_nothing() -> None:
    clip = replace(walking_clip(), fps=1 / 0.0333333)
    same = resample(clip, 30)
    assert same.fps == 30
    np.testing.assert_array_equal(same.rotations, clip.rotations)


def test_resampling_keeps_the_last_frame_of_whole_multiples() -> None:
    assert len(resample(replace(walking_clip(fps=120, seconds=1), fps=1 / 0.0083333), 30)) == 30
    assert len(resample(walking_clip(fps=30, seconds=1), 60)) == 59


def test_mirroring_swaps_the_sides_and_is_its_own_inverse() -> None:
    clip = walking_clip(turn=0.6)
    other = mirror(clip)
    positions, _ = clip.world()
    mirrored, _ = other.world()
    np.testing.assert_allclose(mirrored, positions[:, MIRROR_JOINTS] * [-1, 1, 1], atol=1e-5)
    np.testing.assert_allclose(mirror(other).rotations, clip.rotations, atol=1e-7)
    assert JOINT_NAMES[MIRROR_JOINTS[JOINT_NAMES.index("left_wrist")]] == "right_wrist"


def test_contacts_alternate_while_walking_and_hold_while_standing() -> None:
    contacts = soft_contacts(walking_clip(seconds=6))
    left, right = contacts[:, :2].max(axis=1), contacts[:, 2:].max(axis=1)
    assert contacts.min() >= 0
    assert contacts.max() <= 1
    assert np.corrcoef(left, right)[0, 1] < -0.3
    walk = walking_clip()
    still = replace(
        walk, rotations=np.repeat(walk.rotations[:1], 60, axis=0), root_positions=np.repeat(walk.root_positions[:1], 60, axis=0)
    )
    assert soft_contacts(still).max(axis=1).min() > 0.9


def test_bad_clips_are_refused_with_name_and_frame() -> None:
    clip = walking_clip(name="bad one")
    broken = clip.rotations.copy()
    broken[5, 3] = np.nan
    with pytest.raises(InputError, match=r"bad one: .*frame 5"):
        replace(clip, rotations=broken)
    with pytest.raises(InputError, match="frame rate"):
        replace(clip, fps=0)
    with pytest.raises(InputError, match="at least one frame"):
        replace(clip, rotations=clip.rotations[:0], root_positions=clip.root_positions[:0])
    with pytest.raises(InputError, match="unit quaternions in frame 0"):
        replace(clip, rotations=clip.rotations * 2)


def test_bad_skeletons_are_refused() -> None:
    with pytest.raises(InputError, match="'a' occurs twice"):
        Skeleton(("a", "a"), (-1, 0), np.zeros((2, 3)))
    with pytest.raises(InputError, match="parents"):
        Skeleton(("a", "b"), (-1, 1), np.zeros((2, 3)))
