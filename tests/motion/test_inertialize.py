"""Inertialised transitions: continuous in place and speed, gone after a while, and only where they run."""

import numpy as np

from motionwire.motion import rotations as rot
from motionwire.motion.inertialize import Inertializer, decay
from motionwire.motion.skeleton import JOINTS

DT = 1 / 60


def test_decay_is_the_critically_damped_spring() -> None:
    """Many small steps of the differential equation give the closed form."""
    offset, velocity, half_life = np.float32(0.3), np.float32(-2.0), 0.1
    damping = 2 * np.log(2) / half_life
    x, v, steps = float(offset), float(velocity), 20_000
    for _ in range(steps):
        v += (-2 * damping * v - damping**2 * x) * 0.2 / steps
        x += v * 0.2 / steps
    got_x, got_v = decay(np.array([offset]), np.array([velocity]), half_life, 0.2)
    np.testing.assert_allclose((got_x[0], got_v[0]), (x, v), atol=2e-3)


def test_hand_over_is_continuous_and_ends_at_the_target() -> None:
    """A moving source and a target elsewhere, moving otherwise: no jump in place, no jump in velocity, then the target alone."""
    inertia = Inertializer(2)
    slots = np.array([1])

    def source(time: float) -> tuple[np.ndarray, np.ndarray]:
        rotations = np.tile(rot.IDENTITY, (1, JOINTS, 1))
        rotations[:, 4] = rot.from_axis_angle((1, 0, 0), np.array([0.8 * time]))
        return np.array([[1.0 * time, 0.9, 0.0]], np.float32), rotations

    def target(time: float) -> tuple[np.ndarray, np.ndarray]:
        rotations = np.tile(rot.IDENTITY, (1, JOINTS, 1))
        rotations[:, 4] = rot.from_axis_angle((0, 1, 0), np.array([1.0 - 0.5 * time]))
        return np.array([[0.0, 1.0, -0.5 * time]], np.float32), rotations

    inertia.begin(slots, source(-DT), source(0.0), target(0.0), target(DT), DT)
    shown = [source(-DT), source(0.0)]
    for tick in range(1, 90):
        shown.append(inertia.apply(slots, *target(tick * DT), DT))
    roots = np.concatenate([root for root, _ in shown])
    knees = np.stack([rotations[0, 4] for _, rotations in shown])
    velocity = np.diff(roots, axis=0) / DT
    assert np.abs(np.diff(velocity, axis=0)[:3]).max() < 0.6  # m/s in a tick, where the jump would be 60 m/s
    turning = rot.log(rot.multiply(knees[1:], rot.inverse(knees[:-1]))) / DT
    assert np.abs(np.diff(turning, axis=0)[:3]).max() < 3.0  # rad/s in a tick, where the jump would be 78 rad/s
    np.testing.assert_allclose(roots[-1], target(89 * DT)[0][0], atol=2e-3)
    assert not inertia.active.any()


def test_other_slots_pass_through() -> None:
    inertia = Inertializer(3)
    root, rotations = np.ones((2, 3), np.float32), np.tile(rot.IDENTITY, (2, JOINTS, 1))
    zero = (np.zeros((1, 3), np.float32), np.tile(rot.IDENTITY, (1, JOINTS, 1)))
    inertia.begin(np.array([2]), zero, zero, (root[:1], rotations[:1]), (root[:1], rotations[:1]), DT)
    shown, _ = inertia.apply(np.array([0, 2]), root, rotations, DT)
    np.testing.assert_array_equal(shown[0], (1, 1, 1))
    assert (shown[1] < 0.2).all()
    inertia.clear(np.array([2]))
    assert inertia.apply(np.array([0, 2]), root, rotations, DT)[0] is root
    inertia.grow(5)
    assert len(inertia.active) == 5
