"""The root gives way to standing feet: how far, for whom, and that others are left alone."""

import numpy as np
import pytest

from motionwire.controller.path import HISTORY
from motionwire.controller.planted import KEPT, MOST, SLOWED, follow_feet, stances
from motionwire.motion.skeleton import JOINTS

SLID = np.array([0.004, 0.006])  # m that the figure was carried over the ground in the last frame


def slide(contacts: list[float], move: float, share: float, slid: np.ndarray = SLID) -> np.ndarray:
    """How far one standing figure is taken back after it was carried by `slid` with these contacts."""
    roots = np.array([[0.0, 0.9, 0.0]], np.float32)
    rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (1, JOINTS, 1))
    stood = stances(roots, rotations)
    roots[0, ::2] += slid
    positions, history = slid[None].copy(), np.zeros((1, HISTORY, 4))
    history[0, 3, :2] = slid
    held = np.array([contacts], np.float32)
    lead = np.zeros((1, 2))
    follow_feet(
        stood, lead, positions, np.array([[0.0, move]]), history, np.array([3]), roots, rotations, held, np.array([[0.0, move]]), share
    )
    np.testing.assert_allclose(positions[0], slid + lead[0])
    np.testing.assert_allclose(positions[0], history[0, 3, :2])
    np.testing.assert_allclose(positions[0], roots[0, ::2], atol=1e-6)
    np.testing.assert_allclose(stood, stances(roots, rotations), atol=1e-6)
    return slid - positions[0]


@pytest.mark.parametrize("contacts", [[0.9, 0.2, 0, 0], [0, 0, 0.6, 0.9], [1, 1, 1, 1]])
def test_a_standing_foot_takes_the_root_back(contacts: list[float]) -> None:
    np.testing.assert_allclose(slide(contacts, 4.0, 1.0), SLID, atol=1e-6)
    np.testing.assert_allclose(slide(contacts, 4.0, 0.5), SLID / 2, atol=1e-6)


def test_feet_in_the_air_and_who_is_let_go_are_left_alone() -> None:
    assert not slide([0.4, 0.3, 0.1, 0.0], 1.0, 1.0).any()
    assert not slide([1, 1, 1, 1], 0.0, 1.0).any()
    assert not slide([1, 1, 1, 1], 1.0, 0.0).any()


def test_no_more_than_a_part_of_the_own_step_is_taken_back() -> None:
    back = slide([1, 1, 1, 1], 1.0, 1.0, np.array([0.0, 0.5]))
    np.testing.assert_allclose(back, [0.0, SLOWED / 60])


def test_a_lead_is_bounded_and_dies_away() -> None:
    stood, lead, positions, history = np.zeros((1, 4, 2)), np.array([[0.03, 0.04]]), np.zeros((1, 2)), np.zeros((1, HISTORY, 4))
    roots, rotations = np.array([[0.0, 0.9, 0.0]], np.float32), np.tile(np.array([0, 0, 0, 1], np.float32), (1, JOINTS, 1))
    nothing = np.zeros((1, 4), np.float32)
    for _ in range(60):
        follow_feet(stood, lead, positions, np.zeros((1, 2)), history, np.array([0]), roots, rotations, nothing, np.zeros((1, 2)), 1.0)
    np.testing.assert_allclose(lead[0], np.array([0.03, 0.04]) * KEPT**60)
    np.testing.assert_allclose(positions[0], lead[0] - np.array([0.03, 0.04]))
    assert np.linalg.norm(slide([1, 1, 1, 1], 4.0, 1.0, np.array([0.5, 0.0]))) == pytest.approx(MOST)
