"""Root motion for games: how far each character went and turned since it was last told, in its own frame of that time."""

from math import atan2, cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from motionwire.kernels import kernel

Array = NDArray[np.float32]
Slots = NDArray[np.intp]


class Travel:
    """The pelvis positions and headings last told, of S slots."""

    def __init__(self) -> None:
        self._root = np.zeros((0, 3), np.float32)
        self._yaw = np.zeros(0, np.float32)

    def grow(self, slots: int) -> None:
        """Room for more slots."""
        more = slots - len(self._yaw)
        self._root = np.pad(self._root, ((0, more), (0, 0)))
        self._yaw = np.pad(self._yaw, (0, more))

    def tell(self, slots: Slots, root: Array, rotations: Array) -> Array:
        """Travel [n, 3] (x and z in m in the heading frame of last time, turn in rad) of n slots that are now at root [n, 3]
        with rotations [n, 22, 4]."""
        out = np.empty((len(slots), 3), np.float32)
        since_told(slots, root, rotations, self._root, self._yaw, out)
        return out


@kernel
def since_told(slots: Slots, root: Array, rotations: Array, told_root: Array, told_yaw: Array, out: Array) -> None:
    """Fill out [n, 3] and take the present roots and headings for the ones told."""
    for row in range(len(slots)):
        slot = slots[row]
        x, y, z, w = rotations[row, 0]
        yaw = atan2(2 * (x * z + y * w), 1 - 2 * (x * x + y * y))
        sine, cosine = sin(told_yaw[slot]), cos(told_yaw[slot])
        away_x, away_z = root[row, 0] - told_root[slot, 0], root[row, 2] - told_root[slot, 2]
        out[row, 0] = cosine * away_x - sine * away_z
        out[row, 1] = sine * away_x + cosine * away_z
        out[row, 2] = (yaw - told_yaw[slot] + pi) % (2 * pi) - pi
        told_root[slot], told_yaw[slot] = root[row], yaw
