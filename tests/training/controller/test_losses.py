"""The terms of the losses against rotations, steps and bends whose size is known."""

import math

import numpy as np
import torch

from motionwire.controller.encoding import encode
from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import JOINT_NAMES, JOINTS
from motionwire_training.controller.frames import root_deltas
from motionwire_training.controller.losses import Bodies, angle_between, carried, flexion, orthogonality, so3_log
from synthetic import walking_clip


def matrices_about(axis: list[float], angle: float) -> torch.Tensor:
    """A rotation matrix [3, 3]."""
    half = angle / 2
    quaternion = np.array([*(np.sin(half) * np.array(axis)), np.cos(half)])
    return torch.from_numpy(rot.to_matrix(quaternion)).float()


def test_angles_and_logarithms_of_known_rotations() -> None:
    for angle in (0.0, 0.01, 1.0, 3.0):
        turned = matrices_about([0.0, 0.6, 0.8], angle)
        assert abs(float(angle_between(turned, torch.eye(3))) - angle) < 2e-3
        np.testing.assert_allclose(so3_log(turned), angle * np.array([0.0, 0.6, 0.8]), atol=2e-3)


def test_flexion_is_the_bend_of_the_hinges() -> None:
    local = torch.eye(3).repeat(JOINTS, 1, 1)
    local[JOINT_NAMES.index("left_knee")] = matrices_about([1.0, 0.0, 0.0], 0.7)
    local[JOINT_NAMES.index("right_elbow")] = matrices_about([0.0, 1.0, 0.0], 0.4)
    np.testing.assert_allclose(flexion(local), [0.7, 0, 0, 0.4], atol=1e-6)


def test_orthogonality_is_zero_for_rotations_and_grows_with_scale() -> None:
    poses = torch.from_numpy(encode(walking_clip(0.5, fps=60.0))[0])
    assert float(orthogonality(poses)) < 1e-6
    scaled = poses.clone()
    scaled[:, 132:] *= 1.1
    assert abs(float(orthogonality(scaled)) - 2 * 0.1**2) < 1e-3


def test_a_walk_moves_its_joints_as_its_world_positions_do() -> None:
    clip = walking_clip(1.0, fps=60.0, turn=0.5)
    poses, track = encode(clip)
    joints = Bodies.of(torch.from_numpy(poses)).joints
    roots = np.concatenate((track.positions, track.headings[:, None]), axis=1)
    step = torch.from_numpy(root_deltas(roots[None])[0]).float()
    moved = carried(joints[1:], step) - joints[:-1]
    world = clip.world()[0]
    np.testing.assert_allclose(moved.norm(dim=-1), np.linalg.norm(np.diff(world, axis=0), axis=-1), atol=1e-5)
    still = carried(joints[1:], torch.zeros_like(step)) - joints[:-1]
    assert math.isfinite(float(still.norm())) and float((still.norm(dim=-1) - moved.norm(dim=-1)).abs().max()) > 1e-3
