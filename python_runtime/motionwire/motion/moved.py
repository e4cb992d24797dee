"""A clip somewhere else on the ground."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip

Spot = tuple[NDArray[np.floating], float]  # x and z [2] in m, heading in rad
ORIGIN: Spot = (np.zeros(2), 0.0)


def spot_of(clip: Clip, frame: int) -> Spot:
    """Where a canonical clip stands in a frame and which way it faces."""
    return clip.root_positions[frame, ::2].astype(np.float64), float(rot.yaw_of(clip.rotations[frame, 0].astype(np.float64)))


def moved(clip: Clip, here: Spot, there: Spot) -> Clip:
    """The canonical clip carried over the ground so that who stood `here` stands `there`."""
    turn = rot.from_yaw(there[1] - here[1])
    root = clip.root_positions.astype(np.float64)
    root[:, ::2] -= here[0]
    root = rot.rotate(turn, root).astype(np.float64)
    root[:, ::2] += there[0]
    rotations = clip.rotations.copy()
    rotations[:, 0] = rot.multiply(turn, clip.rotations[:, 0].astype(np.float64))
    return replace(clip, root_positions=root.astype(np.float32), rotations=rotations)
