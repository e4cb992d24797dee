"""Characters that something else moves for a while: the path along which they ask for the ground, and the level that they are on."""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from motionwire.controller import layout
from motionwire.controller.foot_lock import BODY_HALFLIFE, Record
from motionwire.controller.ground import height_at
from motionwire.controller.layout import TICK
from motionwire.controller.springs import damping, spring
from motionwire.kernels import kernel

Array = NDArray[np.floating]

_PRESENT, _SAMPLES, _APART = layout.PRESENT, layout.SAMPLES, layout.SAMPLE_STEP * TICK


@kernel
def carry(slots: NDArray[np.intp], places: Array, velocities: Array, desired: Array, ground: Array, bodies: Record) -> None:
    """A frame of n characters at places [n, 2] (x, z, m) with velocities [n, 2] (m/s): their path, desired [S, 12, 4], becomes a straight
    one, and their level in bodies [S] goes the body's way to that of the ground [S, 12, 3]; the rest is as in State."""
    for n in range(len(slots)):
        i = slots[n]
        for k in range(_SAMPLES):
            t = (k - _PRESENT) * _APART
            desired[i, k, 0], desired[i, k, 1] = places[n, 0] + t * velocities[n, 0], places[n, 1] + t * velocities[n, 1]
            desired[i, k, 3] = sqrt(velocities[n, 0] ** 2 + velocities[n, 1] ** 2)
        level, body = height_at(ground[i], places[n, 0], places[n, 1]), bodies[i]
        left, body.height_rate = spring(body.height - level, body.height_rate, damping(BODY_HALFLIFE), TICK)
        body.height = level + left
