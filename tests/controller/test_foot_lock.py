"""Foot locking: held feet stay, corrections come and go without a jump, strayed feet step, uneven ground is followed."""

import numpy as np

from motionwire.controller.foot_lock import (
    AFLOAT,
    BODY,
    BRAKE,
    FLOOR,
    MOST,
    MOST_ANKLE,
    STEP_SECONDS,
    SUNKEN_HEEL,
    fresh_feet,
    limit_ankle,
    lock_feet,
    plant,
    sunk,
)
from motionwire.controller.leg import leg_of
from motionwire.motion import rotations as rot
from motionwire.motion.legs import legs_of
from synthetic import walking_clip

FLAT = np.zeros((1, 0, 3))


class Figure:
    """One figure in one pose whose root is put anywhere; `show` gives hips, knees, ankles and toes [2, 4, 3] with planted feet."""

    def __init__(self, index: int = 3) -> None:
        clip = walking_clip(1.0, fps=60.0)
        self.root, self.rotations = clip.root_positions[index : index + 1], clip.rotations[index : index + 1]
        self.feet, self.bodies = fresh_feet(1), np.zeros(1, BODY)
        self.contacts = np.zeros((1, 4), np.float32)

    def show(self, shift: tuple[float, float, float], contacts: list[float], ground: np.ndarray = FLAT) -> np.ndarray:
        root, rotations = self.root + np.array(shift, np.float32), self.rotations.copy()
        self.contacts = np.array([contacts], np.float32)
        lock_feet(self.feet, self.bodies, ground, root, rotations, self.contacts)
        return legs_of(root.astype(float), rotations.astype(float))[0][0]


def test_without_contact_nothing_changes() -> None:
    figure = Figure()
    np.testing.assert_allclose(figure.show((0, 0, 0), [0] * 4), legs_of(figure.root, figure.rotations)[0][0], atol=1e-6)


def test_a_planted_foot_stays_while_the_body_slides_and_is_let_go_softly() -> None:
    figure = Figure()
    shown = np.array([figure.show((0, 0, 0.002 * min(step, 30)), [float(step < 30)] * 4) for step in range(120)])
    np.testing.assert_allclose(shown[:30, :, 3], np.broadcast_to(shown[0, :, 3], shown[:30, :, 3].shape), atol=2e-3)
    speed = np.linalg.norm(np.diff(shown[:, :, 2:], axis=0), axis=-1) * 60
    assert np.abs(np.diff(speed, axis=0)).max() < 0.3  # m/s from one frame to the next: it sets off gently
    network = legs_of(figure.root + np.array([0, 0, 0.06], np.float32), figure.rotations)[0][0]
    np.testing.assert_allclose(shown[-1], network, atol=2e-3)


def test_a_toe_alone_is_held_and_the_heel_goes_on() -> None:
    figure = Figure()
    shown = np.array([figure.show((0, 0, 0.002 * step), [0, 1, 0, 1]) for step in range(30)])
    np.testing.assert_allclose(shown[:, :, 3, ::2], np.broadcast_to(shown[0, :, 3, ::2], (30, 2, 2)), atol=1e-4)


def test_bones_keep_their_lengths_and_knees_bend_forward() -> None:
    figure = Figure()
    for step in range(40):
        shown = figure.show((0.003 * step, 0, 0.004 * step), [1, 1, 1, 1])
        bones = np.linalg.norm(np.diff(shown, axis=1), axis=-1)
        np.testing.assert_allclose(bones, np.linalg.norm(np.diff(legs_of(figure.root, figure.rotations)[0][0], axis=1), axis=-1), atol=1e-5)
        hip, knee, ankle = shown[:, 0], shown[:, 1], shown[:, 2]
        assert (knee[:, 2] > (hip + ankle)[:, 2] / 2 - 0.02).all()


def test_a_fast_foot_is_braked_not_stopped_dead() -> None:
    figure = Figure()
    places = [figure.show((0, 0, 0.05 * step), [float(step > 0)] * 4)[0, 3, 2] for step in range(6)]  # it comes at 3 m/s
    np.testing.assert_allclose(np.diff(places) * 60, np.maximum(3 - BRAKE * np.arange(1, 6), 0), atol=0.02)
    assert 0 < BRAKE < 3


def test_a_strayed_foot_steps_while_the_other_one_stands() -> None:
    figure = Figure()
    stepped = set()
    for step in range(200):
        shown = figure.show((0.002 * step, 0, 0), [1] * 4)
        stepping = figure.feet["stepping"][0] > 0
        stepped |= set(np.flatnonzero(stepping))
        assert stepping.sum() <= 1
        assert (figure.contacts.reshape(2, 2)[stepping] == 0).all()
        if (figure.feet["stepping"][0] > STEP_SECONDS / 3).any() and (figure.feet["stepping"][0] < STEP_SECONDS * 2 / 3)[stepping].all():
            foot = int(np.flatnonzero(stepping)[0])
            assert shown[foot, 2, 1] > legs_of(figure.root, figure.rotations)[0][0, foot, 2, 1] + 0.03
        assert np.linalg.norm(figure.feet["offset"][0][:, ::2], axis=-1).max() < MOST + 0.01
    assert stepped == {0, 1}


def test_a_foot_on_its_toe_sets_off_on_a_step_of_its_own_as_it_stands() -> None:
    figure = Figure()
    network, shown, stepped = figure.rotations.copy(), [], False
    for step in range(80):
        figure.rotations[:, 0] = rot.multiply(rot.from_yaw(np.array([0.04 * max(0, step - 30)])), network[:, 0])
        shown.append(figure.show((0, 0, min(0.008 * step, 0.2)), [1] * 4))
        stepped |= bool((figure.feet["stepping"] > 0).any())
    ways = np.diff(np.array(shown)[:, :, 2:], axis=2)[:, :, 0]
    assert stepped
    assert ways[..., 1].min() < -0.09  # on its toe
    ways /= np.linalg.norm(ways, axis=-1, keepdims=True)
    assert np.degrees(np.arccos(np.clip((ways[1:] * ways[:-1]).sum(-1), -1, 1))).max() < 12  # from one frame to the next


def test_a_foot_that_cannot_step_is_dragged_along() -> None:
    figure = Figure()
    for step in range(60):
        figure.show((0.03 * step, 0, 0), [1, 1, 0, 0])
    assert np.linalg.norm(figure.feet["offset"][0, 0]) < MOST + 0.01


def test_feet_and_pelvis_follow_a_slope() -> None:
    figure = Figure()
    ground = np.array([[[0.0, -2.0, -0.4], [0.0, 2.0, 0.4]]])  # one in five, rising ahead
    flat = figure.show((0, 0, 0), [0] * 4)
    for _ in range(120):
        shown = figure.show((0, 0, 0), [0] * 4, ground)
    risen = shown - flat
    for side in (0, 1):
        np.testing.assert_allclose(risen[side, 2, 1], 0.2 * shown[side, 2, 2], atol=5e-3)
        np.testing.assert_allclose(risen[side, 3, 1], 0.2 * shown[side, 3, 2], atol=5e-3)


def test_a_swinging_toe_does_not_cut_into_a_slope() -> None:
    figure = Figure()
    ground = np.array([[[0.0, 0.0, 0.0], [0.0, 10.0, 3.0]]])
    for step in range(60):
        shown = figure.show((0, 0, 0.3 + 0.06 * step), [0] * 4, ground)  # 3.6 m/s uphill
        assert step < 30 or (shown[:, 3, 1] > 0.3 * shown[:, 3, 2] + FLOOR).all()


def test_the_pelvis_drops_so_that_the_lower_foot_reaches() -> None:
    figure = Figure()
    left = legs_of(figure.root, figure.rotations)[0][0, 0, 2]
    ground = np.array([[[left[0], left[2] - 0.01, -0.05], [left[0], left[2], -0.05], [left[0] - 0.05, left[2], 0.0]]])
    for _ in range(120):
        shown = figure.show((0, 0, 0), [0] * 4, ground)
    assert figure.bodies["drop"][0] > 0.01
    assert shown[0, 2, 1] < left[1] - 0.04


def test_a_foot_that_was_let_go_does_not_sink_into_the_ground() -> None:
    figure = Figure()
    network = legs_of(figure.root.astype(float), figure.rotations.astype(float))[0][0]
    figure.show((0, 0, 0), [0] * 4)
    figure.feet["offset"][0, :, 1], figure.feet["offset_rate"][0, :, 1] = -0.08, -1.0
    for _ in range(20):
        toes = figure.show((0, 0, 0), [0] * 4)[:, 3, 1]
        assert (toes > np.minimum(FLOOR, network[:, 3, 1]) - 1e-4).all()
    assert (figure.feet["offset_rate"][0, :, 1] > -0.5).all()


def test_ends_held_too_far_apart_do_not_press_the_heel_down() -> None:
    figure = Figure()
    figure.show((0, 0, 0), [1] * 4)
    toes = figure.feet["place"][0, :, 1].copy()
    figure.feet["place"][0, :, 0] -= 0.6 * (toes - figure.feet["place"][0, :, 0])
    shown = figure.show((0, 0, 0), [1] * 4)
    assert (shown[:, 2, 1] - shown[:, 3, 1] > 0.99 * SUNKEN_HEEL).all()
    np.testing.assert_allclose(shown[:, 3][:, [0, 2]], toes, atol=1e-3)


def test_a_figure_under_the_ground_is_lifted() -> None:
    figure = Figure()
    low, fine = figure.root - np.array([0.0, 0.2, 0.0], np.float32), figure.root.copy()
    for root in (low, fine):
        plant(fresh_feet(1), np.zeros(1, BODY), FLAT, root, figure.rotations.copy(), np.zeros((1, 4), np.float32))
    assert legs_of(low, figure.rotations)[0][0, :, 3, 1].min() > FLOOR - 1e-5
    np.testing.assert_allclose(fine, figure.root, atol=1e-6)


def test_a_foot_turns_about_its_leg_no_farther_than_ankles_do() -> None:
    rotations = np.tile(np.array([0.0, 0, 0, 1]), (3, 1))
    for row, yaw in zip(rotations, (0.5, 1.3, -1.3), strict=True):
        row[:] = rot.multiply(rot.from_yaw(yaw), rot.from_axis_angle([1.0, 0, 0], -0.2))
        limit_ankle(row)
    wanted = np.array([0.5, MOST_ANKLE, -MOST_ANKLE])
    np.testing.assert_allclose(2 * np.arctan2(rotations[:, 1], rotations[:, 3]), wanted, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(rotations, axis=1), 1, atol=1e-9)


def test_who_floats_is_set_down_and_who_stands_is_left() -> None:
    figure = Figure()
    lowest = min(legs_of(figure.root.astype(float), figure.rotations.astype(float))[0][0][:, 3, 1])
    bodies, contacts = np.zeros(1, BODY), np.ones((1, 4), np.float32)
    heights = []
    for step in range(240):
        root = figure.root + np.array([0, 0.06 * (step < 120), 0], np.float32)
        before = root[0, 1]
        legs = (leg_of(root[0], figure.rotations[0], 0), leg_of(root[0], figure.rotations[0], 1))
        root[0, 1] -= sunk(bodies[0], legs, contacts[0])
        heights.append(lowest + root[0, 1] - figure.root[0, 1])
        assert root[0, 1] <= before
    down = np.array(heights) - heights[-1]
    assert down[0] > 0.05
    assert abs(down[119]) < 2 * AFLOAT
    assert down[-1] == 0


def test_who_runs_over_the_ground_without_touching_it_comes_down() -> None:
    """A network may report no contact at all; a leap between two contacts, shorter than a stride, is left alone."""
    figure = Figure()
    lowest = min(legs_of(figure.root.astype(float), figure.rotations.astype(float))[0][0][:, 3, 1])
    for touching, wanted in ((0.4, 0.0), (0.0, 0.1 - AFLOAT)):
        bodies, down = np.zeros(1, BODY), 0.0
        for step in range(240):
            landed = touching > 0 and step % 30 >= 30 * touching
            root = figure.root[0] + np.array([0, (0.01 if landed else 0.11) - lowest, 0])
            contacts = np.full(4, float(landed))
            down = sunk(bodies[0], (leg_of(root, figure.rotations[0], 0), leg_of(root, figure.rotations[0], 1)), contacts)
        assert abs(down - wanted) < 0.01
