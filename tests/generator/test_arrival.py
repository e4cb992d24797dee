"""What the network is told of where a motion is to arrive."""

import numpy as np
import pytest

from motionwire.generator.arrival import goal_of
from motionwire.motion import features
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.moved import moved, spot_of
from motionwire.motion.seams import followed
from synthetic import swaying_clip

BEFORE, GOAL = 20, 50  # frames


@pytest.fixture
def clip() -> Clip:
    """An arc that turns left, in a corner of the world where no axis of it lies along the world's."""
    made = swaying_clip(turn=0.9)
    return moved(made, spot_of(made, 0), (np.array([3.0, -5.0]), 2.2))


def goal_from(clip: Clip, target: Clip) -> np.ndarray:
    return goal_of(target, tuple(clip.root_positions[BEFORE, ::2]), float(rot.yaw_of(clip.rotations[BEFORE, 0].astype(np.float64))))


def test_the_goal_lies_where_the_motion_leads(clip: Clip) -> None:
    """Integrating the features between, as whoever generates does, from the origin, ends in the goal's place and heading."""
    goal = goal_from(clip, clip.slice(GOAL, len(clip)))
    walked = features.decode(features.encode(clip)[BEFORE + 1 : GOAL + 1], clip.skeleton)
    np.testing.assert_allclose(goal[:2], walked.root_positions[-1, ::2], atol=1e-4)
    heading = float(rot.yaw_of(walked.rotations[-1, 0].astype(np.float64)))
    np.testing.assert_allclose(goal[2:4], (np.cos(heading), np.sin(heading)), atol=1e-4)
    assert min(abs(goal[:4])) > 0.1, "a swapped or flipped number would pass"


def test_the_goal_frame_is_the_clips_own(clip: Clip) -> None:
    goal = goal_from(clip, clip.slice(GOAL, len(clip)))[4:]
    there = features.encode(clip)[GOAL : GOAL + 2]
    for part in (features.POSITIONS, features.ROTATIONS):
        np.testing.assert_allclose(goal[part], there[0, part], atol=1e-5)
    for part in (features.ROOT_VELOCITY, features.HEADING, features.VELOCITIES):  # known only from the frame after it
        np.testing.assert_allclose(goal[part], there[1, part], atol=1e-5)


def test_a_pose_of_one_frame_is_arrived_at_in_rest(clip: Clip) -> None:
    pose = clip.slice(GOAL, GOAL + 1)
    goal, held = goal_from(clip, pose), goal_from(clip, followed(pose, 1))
    np.testing.assert_array_equal(goal, held)
    np.testing.assert_allclose(goal[4:][features.VELOCITIES], 0, atol=1e-6)
