"""How low feet of acted motion and of hand-overs may be: generators bend knees too little, toes come some centimetres under the ground."""

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.foot_lock import FLOOR, HEEL_OVER_TOE
from motionwire.controller.layout import TICK
from motionwire.motion.legs import legs_of

Array = NDArray[np.floating]

FOUND = -np.inf  # a floor that is wherever the feet are found
KEPT = 0.5 ** (TICK / 0.08)  # of what a foot is too low at first, from frame to frame: it must not jump out of the ground


def lows(root: Array, rotations: Array) -> Array:
    """How low the feet [n, 2] of poses, root [n, 3] and rotations [n, 22, 4], are (m): their toes, or heels that are lower for a heel."""
    joints, _ = legs_of(root, rotations)
    return np.asarray(np.minimum(joints[:, :, 3, 1], joints[:, :, 2, 1] - HEEL_OVER_TOE), np.float64)


def risen(floors: Array, goals: Array, found: Array) -> Array:
    """The floors [n, 2] a frame later, on their way to goals [n, 2] from where the feet were found; found [n, 2]: how low they are (m)."""
    return np.asarray(np.minimum(goals, np.maximum(goals - KEPT * (goals - floors), found)))


def goals(target: Array, acted: NDArray[np.bool_]) -> Array:
    """The floors [n, 2] in the end: the ground where a motion is acted [n], else as low as its target's feet [n, 2] are (m over the level),
    since locomotion has feet on lower ground where the game tells of some."""
    return np.where(acted[:, None], FLOOR, np.minimum(target, FLOOR))
