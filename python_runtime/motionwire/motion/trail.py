"""What S characters showed in their last ticks: a ring of poses per slot, each in a row as it travels (`poses.ROW`)."""

import numpy as np
from numpy.typing import NDArray

from motionwire.kernels import kernel, part
from motionwire.motion.moved import Move
from motionwire.motion.poses import ROW, of_rows

Array = NDArray[np.float32]
Slots = NDArray[np.intp]


class Trail:
    """The last `length` poses of each slot, in ring [length, S, ROW]; that of the last tick is in row `newest` [S]."""

    def __init__(self, length: int) -> None:
        self._length = length
        self.ring = np.zeros((length, 0, ROW), np.float32)  # tick before slot: those who go in step lie side by side in memory
        self.newest = np.zeros(0, np.intp)

    def grow(self, slots: int) -> None:
        """Room for more slots."""
        more = slots - len(self.newest)
        self.ring = np.pad(self.ring, ((0, 0), (0, more), (0, 0)))
        self.newest = np.pad(self.newest, (0, more))

    def reset(self, slot: int, root: Array, rotations: Array) -> None:
        """As if this pose (root [3], rotations [22, 4]) had always been shown."""
        self.ring[:, slot] = np.concatenate((root, rotations.reshape(-1)))

    def relocate(self, slot: int, move: Move, down: float) -> None:
        """Move the poses of one slot over the ground, and down by so much (m)."""
        roots, rotations = of_rows(self.ring[:, slot])
        roots[:] = move.points(roots)
        roots[:, 1] -= down
        rotations[:, 0] = move.rotations(rotations[:, 0])

    def rows(self, slots: Slots, ago: int = 0) -> Array:
        """Poses [n, ROW] some ticks ago, copies."""
        rows = np.empty((len(slots), ROW), np.float32)
        read(slots, ago, self.newest, self.ring, rows)
        return rows

    def at(self, slots: Slots, ago: int = 0) -> tuple[Array, Array]:
        """Roots [n, 3] and rotations [n, 22, 4] some ticks ago, copies."""
        return of_rows(self.rows(slots, ago))

    def past(self, slot: int, every: int = 1) -> tuple[Array, Array]:
        """One slot's whole trail, oldest first, every so many ticks: roots [n, 3], rotations [n, 22, 4]."""
        ticks = (self.newest[slot] + 1 + np.arange(0, self._length, every)) % self._length
        return of_rows(self.ring[ticks, slot])


@part
def step_on(slot: int, root: Array, rotations: Array, newest: Slots, rows: Array) -> None:
    """Put a pose, root [3] and rotations [22, 4], into a slot's next place in rows [length, S, ROW]."""
    newest[slot] = (newest[slot] + 1) % len(rows)
    row = rows[newest[slot], slot]
    for axis in range(3):
        row[axis] = root[axis]
    for joint in range(len(rotations)):
        for k in range(4):
            row[3 + 4 * joint + k] = rotations[joint, k]


@kernel
def read(slots: Slots, ago: int, newest: Slots, rows: Array, out: Array) -> None:
    """Fill out [n, ROW] with the slots' poses of some ticks ago."""
    for n in range(len(slots)):
        row = rows[(newest[slots[n]] - ago) % len(rows), slots[n]]
        for k in range(out.shape[1]):
            out[n, k] = row[k]
