"""Foot locking: a held foot stays, the correction comes and goes without a jump, bone lengths and knees stay as they are."""

from types import SimpleNamespace

import numpy as np

from motionwire.controller.foot_lock import above_ground, lock_feet
from motionwire.motion import rotations as rot
from motionwire.motion.legs import legs_of, reach
from synthetic import walking_clip


def feet(count: int) -> SimpleNamespace:
    return SimpleNamespace(foot_held=np.zeros((count, 2), bool), foot_place=np.zeros((count, 2, 2)), foot_offset=np.zeros((count, 2, 2)))


def frame(index: int = 10) -> tuple[np.ndarray, np.ndarray]:
    clip = walking_clip(1.0, fps=60.0)
    return clip.root_positions[index : index + 1].astype(float), clip.rotations[index : index + 1].astype(float)


def test_reach_puts_the_ankles_where_they_are_wanted() -> None:
    root, rotations = frame()
    joints, worlds = legs_of(root, rotations)
    offset = np.array([[[0.05, -0.03], [-0.04, 0.02]]])
    moved, turned = legs_of(root, reach(joints, worlds, rotations, offset))
    wanted = joints[:, :, 2].copy()
    wanted[..., ::2] += offset
    np.testing.assert_allclose(moved[:, :, 2], wanted, atol=2e-3)
    assert np.degrees(rot.angle_between(turned[:, :, 3], worlds[:, :, 3])).max() < 1e-3


def test_knees_bend_forward() -> None:
    root, rotations = frame()
    joints, worlds = legs_of(root, rotations)
    moved, _ = legs_of(root, reach(joints, worlds, rotations, np.full((1, 2, 2), 0.04)))
    hip, knee, ankle = moved[0, :, 0], moved[0, :, 1], moved[0, :, 2]
    between = hip + (ankle - hip) * 0.5
    assert (knee[:, 2] > between[:, 2] - 0.02).all()


def test_a_planted_foot_stays_while_the_body_slides_and_is_let_go_softly() -> None:
    root, rotations = frame()
    state = feet(1)
    shown = []
    for step in range(60):
        slid = root + np.array([0.0, 0.0, 0.002 * min(step, 30)])
        contacts = np.full((1, 4), 1.0 if step < 30 else 0.0)
        out = lock_feet(state, slid, rotations, contacts, 1 / 60)
        shown.append(legs_of(slid, out)[0][0, :, 3, ::2])
    places = np.array(shown)
    assert np.abs(places[29] - places[0]).max() < 2e-3
    assert np.linalg.norm(np.diff(places, axis=0), axis=-1).max() < 0.015  # m a frame: fades, does not jump
    network = legs_of(root + np.array([0.0, 0.0, 0.06]), rotations)[0][0, :, 3, ::2]
    np.testing.assert_allclose(places[-1], network, atol=4e-3)


def test_a_foot_that_would_be_stretched_is_let_go() -> None:
    root, rotations = frame()
    state = feet(1)
    for step in range(30):
        lock_feet(state, root + np.array([0.05 * step, 0.0, 0.0]), rotations, np.ones((1, 4)), 1 / 60)
    assert np.linalg.norm(state.foot_offset, axis=-1).max() <= 0.12 + 1e-9


def test_a_figure_under_the_ground_is_lifted() -> None:
    root, rotations = frame()
    sunk = root - np.array([0.0, 0.2, 0.0])
    lifted = above_ground(sunk, rotations)
    assert legs_of(lifted, rotations)[0][0, :, 3, 1].min() > -0.02
    np.testing.assert_allclose(above_ground(root, rotations), root, atol=1e-6)
