"""Facing apart from moving: how much of it the legs do, and how much the spine.

Legs cross when the travel is far from where the pelvis faces, and no one walks so. Beyond a limit the body is therefore asked to
face nearer to the travel, or nearer to straight backward, and the spine turns the chest the rest of the way ("orientation warping").
"""

from math import copysign, pi

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.layout import TICK
from motionwire.controller.quaternions import about, load, multiply, store
from motionwire.controller.springs import damping, spring
from motionwire.kernels import kernel, part
from motionwire.motion.skeleton import JOINT_NAMES

Array = NDArray[np.floating]

SWITCH = 0.17  # rad beyond a right angle before forward steps become backward ones, or the other way round
TWIST_HALFLIFE = 0.15  # s
_SPINE = tuple(JOINT_NAMES.index(name) for name in ("spine1", "spine2", "spine3"))
_SHARES = (0.26, 0.34, 0.40)  # of a twist that each takes: of the range it keeps to in recorded motion, what walking leaves


@part
def body_facing(away: float, limit: float, backing: bool) -> tuple[float, bool]:
    """Where the body shall face, from the travel (rad), for a chest `away` (-pi..pi) from it; and whether it backs off now."""
    size = abs(away)
    backing = size > (pi / 2 - SWITCH if backing else pi / 2 + SWITCH)
    if backing:
        return copysign(max(size, pi - limit), away), True
    return copysign(min(size, limit), away), False


@kernel
def twist_chest(twist: Array, rotations: Array) -> None:
    """Turn the spines of rotations [B, 22, 4] by twist [B, 3] (rad now, its rate, the one asked for), which follows what is asked."""
    for i in range(len(twist)):
        left, twist[i, 1] = spring(twist[i, 0] - twist[i, 2], twist[i, 1], damping(TWIST_HALFLIFE), TICK)
        twist[i, 0] = twist[i, 2] + left
        if abs(twist[i, 0]) > 1e-4:
            for k in range(len(_SPINE)):
                row = rotations[i, _SPINE[k]]
                store(row, multiply(load(row), about((0.0, 1.0, 0.0), _SHARES[k] * twist[i, 0])))
