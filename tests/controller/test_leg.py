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
    np.testing.assert_allclose(leg_of(root, rotations, 0)[2], target, atol=1e-6)
    x, y, z = np.degrees(rot.log(rotations[4]))
    assert x > 10
    assert np.hypot(y, z) < 3


def test_a_knee_that_trembles_about_straight_does_not_turn_over() -> None:
    """Networks' straight legs bend backward or sideways by some degrees: what is shown must not jump with the sign of it."""
    shown = []
    for bend in np.linspace(-4, 4, 81):
        rotations = np.tile([0.0, 0, 0, 1], (22, 1))
        rotations[4] = rot.from_axis_angle(np.array([1.0, 0, 0.7]) / np.hypot(1, 0.7), np.radians(3 + bend / 4))
        rotations[4] = rot.multiply(rotations[4], rot.from_axis_angle([1.0, 0, 0], np.radians(bend)))
        leg = leg_of(np.array([0.0, 1.0, 0.0]), rotations, 0)
        reach(rotations, 0, leg, (leg[2][0] + 0.01, leg[2][1] + 0.01, leg[2][2]))
        shown.append(leg_of(np.array([0.0, 1.0, 0.0]), rotations, 0)[1])
    assert np.linalg.norm(np.diff(shown, axis=0), axis=-1).max() < 2e-3
