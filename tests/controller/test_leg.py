"""A leg in kernels against the same formulas on arrays (`motion.legs`)."""

import numpy as np
import pytest

from motionwire.controller.leg import leg_of, reach
from motionwire.motion import legs
from motionwire.motion import rotations as rot
from synthetic import walking_clip


def poses() -> tuple[np.ndarray, np.ndarray]:
    clip = walking_clip(1.0, fps=60.0, turn=0.8)
    return clip.root_positions.astype(float), clip.rotations.astype(float)


def test_legs_are_where_the_arrays_have_them() -> None:
    roots, rotations = poses()
    joints, worlds = legs.legs_of(roots, rotations)
    for i in range(0, len(roots), 7):
        for side in (0, 1):
            leg = leg_of(roots[i], rotations[i], side)
            np.testing.assert_allclose(leg[:4], joints[i, side], atol=1e-6)
            np.testing.assert_allclose(leg[4:], worlds[i, side], atol=1e-6)


def test_reaching_bends_the_leg_as_the_arrays_do() -> None:
    roots, rotations = poses()
    offset = np.random.default_rng(3).normal(0, 0.05, (len(roots), 2, 3))
    joints, worlds = legs.legs_of(roots, rotations)
    wanted = legs.reach(joints, worlds, rotations, offset)
    for i in range(0, len(roots), 7):
        for side in (0, 1):
            leg = leg_of(roots[i], rotations[i], side)
            reach(rotations[i], side, leg, tuple(leg[2] + offset[i, side]))
        assert np.degrees(rot.angle_between(rotations[i], wanted[i])).max() < 1e-3


@pytest.mark.parametrize("bend", [-6.0, -1.0, 0.0, 3.0, 12.0, 25.0])
def test_a_leg_nearly_straight_or_bent_backward_bends_at_the_knee_forward_and_gets_there(bend: float) -> None:
    rotations = np.tile([0.0, 0, 0, 1], (22, 1))
    rotations[4] = rot.from_axis_angle([1.0, 0, 0], np.radians(bend))  # left knee
    rotations[1] = rot.from_axis_angle([0, 0, 1.0], 0.1)
    root = np.array([0.0, 1.0, 0.0])
    leg = leg_of(root, rotations, 0)
    offset = np.array([0.03, 0.04, 0.05])
    target = tuple(np.array(leg[2]) + offset)
    by_arrays = legs.reach(*legs.legs_of(root[None], rotations[None]), rotations[None], np.stack((offset, np.zeros(3)))[None])[0]
    reach(rotations, 0, leg, target)
    assert np.degrees(rot.angle_between(rotations[[1, 4, 7]], by_arrays[[1, 4, 7]])).max() < 1e-3
    np.testing.assert_allclose(leg_of(root, rotations, 0)[2], target, atol=2e-3)
    x, y, z = np.degrees(rot.log(rotations[4]))
    assert x > 10
    assert np.hypot(y, z) < 3
