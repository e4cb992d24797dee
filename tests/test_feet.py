"""Planted feet of acts: what holds them is compiled before the first act, which would otherwise hold the server up, and none stays under
the ground."""

import numpy as np

from motionwire.controller.foot_lock import FLOOR, lock_feet
from motionwire.feet import Feet
from motionwire.motion.legs import legs_of
from synthetic import walking_clip


def test_the_first_act_compiles_nothing() -> None:
    feet = Feet()
    feet.grow(4)
    before = list(lock_feet.signatures)
    rotations = np.zeros((2, 22, 4), np.float32)
    rotations[..., 3] = 1
    feet.plant(
        np.array([0, 2]),
        np.ones((2, 3), np.float32),
        rotations,
        np.ones((2, 4), np.float32),
        np.array([True, False]),
        np.zeros(2, np.float32),
        np.array([True, False]),
        (np.ones((2, 3), np.float32), rotations),
    )
    assert lock_feet.signatures == before


def lowered(acted: bool) -> np.ndarray:
    """Heights (m) of the toes [60, 2] of a figure that stands 8 cm too low, from a hand-over on."""
    clip, at = walking_clip(1.0, fps=60.0), np.array([0])
    root, rotations = clip.root_positions[3:4] - np.array([0, 0.08, 0], np.float32), clip.rotations[3:4]
    feet, toes = Feet(), []
    feet.grow(1)
    feet.hand_over(at)
    for _ in range(60):
        on = np.array([acted])
        shown = feet.plant(
            at, root, rotations, np.zeros((1, 4), np.float32), np.array([True]), np.zeros(1, np.float32), on, (root, rotations)
        )
        toes.append(legs_of(*shown[:2])[0][0, :, 3, 1])
    return np.array(toes)


def test_acted_feet_come_out_of_the_ground_softly() -> None:
    toes = lowered(acted=True)
    assert toes[0].min() < FLOOR - 0.04  # as it was found
    assert np.abs(np.diff(toes, axis=0)).max() < 0.01
    assert toes[-1].min() > FLOOR - 1e-3


def test_feet_stay_where_locomotion_has_them_on_lower_ground() -> None:
    toes = lowered(acted=False)
    np.testing.assert_allclose(toes, np.broadcast_to(toes[0], toes.shape), atol=1e-4)
