"""Foot locking: a held foot stays, the correction comes and goes without a jump, bone lengths and knees stay as they are."""

import numpy as np

from motionwire.controller.foot_lock import lift_above_ground, lock_feet
from motionwire.motion.legs import legs_of
from synthetic import walking_clip


def feet(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.zeros((count, 2), bool), np.zeros((count, 2, 2)), np.zeros((count, 2, 2))


def frame(index: int = 10) -> tuple[np.ndarray, np.ndarray]:
    clip = walking_clip(1.0, fps=60.0)
    return clip.root_positions[index : index + 1], clip.rotations[index : index + 1]


def contact(value: float) -> np.ndarray:
    return np.full((1, 4), value, np.float32)


def test_a_planted_foot_stays_while_the_body_slides_and_is_let_go_softly() -> None:
    root, rotations = frame()
    state = feet(1)
    shown = []
    for step in range(60):
        slid = root + np.array([0.0, 0.0, 0.002 * min(step, 30)], np.float32)
        out = rotations.copy()
        lock_feet(*state, slid, out, contact(1.0 if step < 30 else 0.0), 1 / 60)
        shown.append(legs_of(slid, out)[0][0, :, 3, ::2])
    places = np.array(shown)
    assert np.abs(places[29] - places[0]).max() < 2e-3
    assert np.linalg.norm(np.diff(places, axis=0), axis=-1).max() < 0.015  # m a frame: fades, does not jump
    network = legs_of(root + np.array([0.0, 0.0, 0.06], np.float32), rotations)[0][0, :, 3, ::2]
    np.testing.assert_allclose(places[-1], network, atol=4e-3)


def test_a_foot_that_would_be_stretched_is_let_go() -> None:
    root, rotations = frame()
    state = feet(1)
    for step in range(30):
        lock_feet(*state, root + np.array([0.05 * step, 0.0, 0.0], np.float32), rotations.copy(), contact(1.0), 1 / 60)
    assert np.linalg.norm(state[2], axis=-1).max() <= 0.12 + 1e-9


def test_a_figure_under_the_ground_is_lifted() -> None:
    root, rotations = frame()
    sunk, fine = root - np.array([0.0, 0.2, 0.0], np.float32), root.copy()
    lift_above_ground(sunk, rotations)
    assert legs_of(sunk, rotations)[0][0, :, 3, 1].min() > -0.02
    lift_above_ground(fine, rotations)
    np.testing.assert_allclose(fine, root, atol=1e-6)
