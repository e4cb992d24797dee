"""What S characters showed in their last ticks: a ring of poses per slot."""

import numpy as np
from numpy.typing import NDArray

from motionwire.motion.skeleton import JOINTS

Array = NDArray[np.float32]
Slots = NDArray[np.intp]


class Trail:
    """The last `length` poses of each slot."""

    def __init__(self, length: int) -> None:
        self._length = length
        # Tick before slot: those who go in step are written side by side in memory.
        self._roots = np.zeros((length, 0, 3), np.float32)
        self._rotations = np.zeros((length, 0, JOINTS, 4), np.float32)
        self._newest = np.zeros(0, np.intp)

    def grow(self, slots: int) -> None:
        """Room for more slots."""
        more = slots - len(self._newest)
        self._roots = np.pad(self._roots, ((0, 0), (0, more), (0, 0)))
        self._rotations = np.pad(self._rotations, ((0, 0), (0, more), (0, 0), (0, 0)))
        self._newest = np.pad(self._newest, (0, more))

    def reset(self, slot: int, root: Array, rotations: Array) -> None:
        """As if this pose (root [3], rotations [22, 4]) had always been shown."""
        self._roots[:, slot], self._rotations[:, slot] = root, rotations

    def push(self, slots: Slots, roots: Array, rotations: Array) -> None:
        """The next poses: roots [n, 3], rotations [n, 22, 4]."""
        newest = (self._newest[slots] + 1) % self._length
        self._newest[slots] = newest
        self._roots[newest, slots], self._rotations[newest, slots] = roots, rotations

    def at(self, slots: Slots, ago: int = 0) -> tuple[Array, Array]:
        """Roots [n, 3] and rotations [n, 22, 4] some ticks ago, copies."""
        row = (self._newest[slots] - ago) % self._length
        return self._roots[row, slots], self._rotations[row, slots]

    def past(self, slot: int, every: int = 1) -> tuple[Array, Array]:
        """One slot's whole trail, oldest first, every so many ticks: roots [n, 3], rotations [n, 22, 4]."""
        rows = (self._newest[slot] + 1 + np.arange(0, self._length, every)) % self._length
        return self._roots[rows, slot], self._rotations[rows, slot]
