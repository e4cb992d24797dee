"""The root gives way to standing feet: how far, for whom, and that others are left alone."""

import numpy as np
import pytest

from motionwire.controller.path import HISTORY
from motionwire.controller.planted import KEPT, MOST, SLOWED, follow_feet, stances
from motionwire.motion.skeleton import JOINTS

SLID = np.array([0.004, 0.006])  # m that the figure was carried over the ground in the last frame
HEADING = 0.7  # rad


def follow(stood, lead, positions, velocity, history, newest, roots, rotations, contacts, move, share=1.0, heading=HEADING) -> None:
    """`follow_feet` of one figure."""
    follow_feet(
        stood, lead, positions, np.array([heading]), velocity, history, np.array([newest]), roots, rotations, contacts, move, share
    )  # fmt: skip


def in_world(lead: np.ndarray, heading: float = HEADING) -> np.ndarray:
    sine, cosine = np.sin(heading), np.cos(heading)
    return np.array([cosine * lead[0] + sine * lead[1], cosine * lead[1] - sine * lead[0]])


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
    asked = np.array([[0.0, move]])
    follow(stood, lead, positions, asked, history, 3, roots, rotations, held, asked, share)
    np.testing.assert_allclose(positions[0], slid + in_world(lead[0]), atol=1e-12)
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
        follow(stood, lead, positions, np.zeros((1, 2)), history, 0, roots, rotations, nothing, np.zeros((1, 2)))
    np.testing.assert_allclose(lead[0], np.array([0.03, 0.04]) * KEPT**60)
    np.testing.assert_allclose(positions[0], in_world(lead[0] - np.array([0.03, 0.04])))
    assert np.linalg.norm(slide([1, 1, 1, 1], 4.0, 1.0, np.array([0.5, 0.0]))) == pytest.approx(MOST)


def test_who_is_led_back_goes_round_a_curve_where_the_root_goes() -> None:
    """Feet that slide forward all the time hold the figure back, to where it points; they do not carry it out of the curve."""
    lead, positions, history = np.zeros((1, 2)), np.array([[0.0, 0.0]]), np.zeros((1, HISTORY, 4))
    rotations, held = np.tile(np.array([0, 0, 0, 1], np.float32), (1, JOINTS, 1)), np.ones((1, 4), np.float32)
    speed, rate, heading, crossed = 1.2, 0.8, 0.0, []  # m/s, rad/s
    for frame in range(300):
        heading += rate / 60
        ahead = np.array([np.sin(heading), np.cos(heading)])
        step, before = speed / 60 * ahead, positions[0].copy()
        roots = np.zeros((1, 3), np.float32)
        stood = stances(roots, rotations) - 0.15 / 60 * ahead  # m/s that the feet slide forward
        positions[0] += step
        follow(stood, lead, positions, speed * ahead[None], history, 0, roots, rotations, held, speed * ahead[None], heading=heading)
        if frame > 120:
            moved = positions[0] - before
            crossed.append(moved[0] * ahead[1] - moved[1] * ahead[0])
    np.testing.assert_allclose(lead[0], [0, -MOST], atol=1e-6)
    np.testing.assert_allclose(crossed, 0, atol=1e-6)
