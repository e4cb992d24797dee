"""Planted feet of acts: what holds them is compiled before the first act, which would otherwise hold the server up."""

import numpy as np

from motionwire.controller.foot_lock import lock_feet
from motionwire.feet import Feet


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
    )
    assert lock_feet.signatures == before
