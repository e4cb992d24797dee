"""The trail: last poses per slot, each slot with its own time."""

import numpy as np

from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import JOINTS
from motionwire.motion.trail import Trail


def pose(value: float, count: int = 1) -> tuple[np.ndarray, np.ndarray]:
    return np.full((count, 3), value, np.float32), np.tile(rot.IDENTITY, (count, JOINTS, 1))


def test_each_slot_has_its_own_time() -> None:
    trail = Trail(5)
    trail.grow(3)
    trail.reset(0, *(part[0] for part in pose(-1.0)))
    trail.reset(2, *(part[0] for part in pose(-2.0)))
    for value in range(3):
        trail.push(np.array([0]), *pose(value))
    trail.push(np.array([2, 0]), *pose(7.0, 2))
    roots, rotations = trail.at(np.array([0, 2]), ago=1)
    np.testing.assert_array_equal(roots[:, 0], (2, -2))
    assert rotations.shape == (2, JOINTS, 4)
    trail.grow(10)
    np.testing.assert_array_equal(trail.past(0)[0][:, 0], (-1, 0, 1, 2, 7))
    np.testing.assert_array_equal(trail.past(0, every=2)[0][:, 0], (-1, 1, 7))
    for value in range(11):
        trail.push(np.array([0]), *pose(value))
    np.testing.assert_array_equal(trail.past(0)[0][:, 0], (6, 7, 8, 9, 10))
