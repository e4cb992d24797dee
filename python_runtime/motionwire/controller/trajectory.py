"""The path ahead that the stick asks for: critically damped springs from the present motion toward the desired one.

Closed form of the spring-damper and its integral as in Daniel Holden's "Spring-It-On" (https://theorangeduck.com/page/spring-roll-call).
All functions are vectorised; the last axis of `times` is the samples'.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

LN2 = float(np.log(2))


def spring_velocity(
    velocity: Array, acceleration: Array, goal: Array, halflife: float, times: Array | Sequence[float]
) -> tuple[Array, Array, Array]:
    """A velocity [B, 2] with acceleration [B, 2] drawn toward `goal` [B, 2]: travel, velocity, acceleration after `times` [N].

    Results are [B, N, 2]; travel is in m from the present place. halflife in s: the time in which half of the difference is gone.
    """
    rate = 2 * LN2 / halflife
    t = np.asarray(times, dtype=float)[:, None]
    j0 = (velocity - goal)[:, None]
    j1 = acceleration[:, None] + j0 * rate
    decay = np.exp(-rate * t)
    travel = decay * (-j1 / rate**2 + (-j0 - j1 * t) / rate) + j1 / rate**2 + j0 / rate + goal[:, None] * t
    return travel, decay * (j0 + j1 * t) + goal[:, None], decay * (acceleration[:, None] - j1 * rate * t)


def spring_angle(difference: Array, turning: Array, halflife: float, times: Array | Sequence[float]) -> tuple[Array, Array]:
    """An angle that has `difference` [B] (rad) left to its goal and turns at `turning` [B] (rad/s): turn made so far and rate [B, N]."""
    rate = 2 * LN2 / halflife
    t = np.asarray(times, dtype=float)
    j0 = -difference[:, None]
    j1 = turning[:, None] + j0 * rate
    decay = np.exp(-rate * t)
    return decay * (j0 + j1 * t) - j0, decay * (turning[:, None] - j1 * rate * t)


def wrap(angle: Array) -> Array:
    """The angle in -pi..pi."""
    return np.mod(angle + np.pi, 2 * np.pi) - np.pi
