"""Jerk and joint speed of motions with known derivatives."""

import numpy as np
import pytest

from motionwire.motion import rotations as rot
from motionwire_training.evaluation.controller.dynamics import distance, dynamics, jerks, joint_speeds, liveliness
from motionwire_training.evaluation.controller.recording import Motion


def turning(rate: float = 0.0, frames: int = 120) -> Motion:
    """Every joint but the pelvis turns about x at `rate` rad/s against its parent."""
    rotations = np.tile(rot.IDENTITY.astype(np.float32), (frames, 1, 22, 1))
    rotations[:, :, 1:] = rot.from_axis_angle((1.0, 0, 0), rate * np.arange(frames) / 60)[:, None, None].astype(np.float32)
    return Motion(np.zeros((frames, 1, 3), np.float32), rotations)


def test_joint_speed_is_that_of_the_joints() -> None:
    assert joint_speeds(turning(1.0)) == pytest.approx(np.degrees(1.0), rel=1e-2)
    assert liveliness(turning(2.0)) == pytest.approx(np.degrees(2.0), rel=1e-2)
    assert liveliness(turning()) == pytest.approx(0, abs=0.1)


def test_jerk_of_a_cubic() -> None:
    time = np.arange(120) / 60
    motion = turning()
    motion.roots[:, 0, 1] = 5 * time**3  # third derivative 30 m/s3
    assert jerks(motion)[49] == pytest.approx(30, rel=0.1)  # float32 positions
    assert dynamics(motion)["jerk_p50_m_s3"] == jerks(motion)[49]


def test_the_distance_of_distributions() -> None:
    values = np.linspace(1, 3, 99)
    assert distance(values, values) == 0
    assert distance(values + 1, values) == distance(values - 1, values) == pytest.approx(1)
