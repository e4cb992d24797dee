"""Root motion for games: how far each character went and turned since it was last told, in its own frame of that time."""

from math import atan2, cos, sin

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.path import wrap
from motionwire.kernels import kernel, part

Array = NDArray[np.float32]
Slots = NDArray[np.intp]


class Travel:
    """The places and headings last told (x, z, heading), of S slots."""

    def __init__(self) -> None:
        self.told = np.zeros((0, 3), np.float32)

    def grow(self, slots: int) -> None:
        """Room for more slots."""
        self.told = np.pad(self.told, ((0, slots - len(self.told)), (0, 0)))

    def tell(self, slots: Slots, rows: Array) -> tuple[Array, Array]:
        """Of n slots whose poses are rows [n, ROW] now: travel [n, 3] (x and z in m in the heading frame of last time, turn in rad), and
        where they are [n, 3] (x and z in m, heading in rad)."""
        delta, root = np.empty((len(slots), 3), np.float32), np.empty((len(slots), 3), np.float32)
        since_told(slots, rows, self.told, delta, root)
        return delta, root


@kernel
def since_told(slots: Slots, rows: Array, told: Array, delta: Array, root: Array) -> None:
    """Fill delta [n, 3] and root [n, 3], and take the present places and headings for the ones told [S, 3]."""
    for n in range(len(slots)):
        tell_one(rows[n], told[slots[n]], delta[n], root[n])


@part
def tell_one(row: Array, before: Array, delta: Array, root: Array) -> None:
    """The same of one: row [ROW], before [3], delta [3], root [3]."""
    x, y, z, w = row[3], row[4], row[5], row[6]
    yaw = atan2(2 * (x * z + y * w), 1 - 2 * (x * x + y * y))
    sine, cosine = sin(before[2]), cos(before[2])
    away_x, away_z = row[0] - before[0], row[2] - before[1]
    delta[0] = cosine * away_x - sine * away_z
    delta[1] = sine * away_x + cosine * away_z
    delta[2] = wrap(yaw - before[2])
    root[0], root[1], root[2] = row[0], row[2], yaw
    before[0], before[1], before[2] = row[0], row[2], yaw
