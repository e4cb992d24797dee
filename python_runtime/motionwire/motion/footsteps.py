"""Footsteps: the moments at which a foot's contact rises, with hysteresis, for S slots."""

import numpy as np
from numpy.typing import NDArray

from motionwire.kernels import kernel

DOWN = 0.6  # contact from which a lifted foot has landed
UP = 0.4  # contact below which it is lifted


class Footsteps:
    """Which feet are down."""

    def __init__(self, slots: int) -> None:
        self._down = np.zeros((slots, 2), dtype=bool)

    def grow(self, slots: int) -> None:
        """Room for more slots."""
        self._down = np.pad(self._down, ((0, slots - len(self._down)), (0, 0)))

    def reset(self, slots: NDArray[np.intp], contacts: NDArray[np.float32]) -> None:
        """Take the feet [n, 4] as they are, without a step."""
        self._down[slots] = np.maximum(contacts[:, ::2], contacts[:, 1::2]) > (DOWN + UP) / 2

    def update(self, slots: NDArray[np.intp], contacts: NDArray[np.float32]) -> list[tuple[int, int]]:
        """The (slot, foot) that landed, foot 0 left, 1 right; contacts [n, 4]: left heel, left toe, right heel, right toe."""
        landed = np.empty((2 * len(slots), 2), np.intp)
        count = land(slots, contacts, self._down, landed)
        return [(slot, foot) for slot, foot in landed[:count].tolist()]


@kernel
def land(slots: NDArray[np.intp], contacts: NDArray[np.float32], down: NDArray[np.bool_], landed: NDArray[np.intp]) -> int:
    """Bring down [S, 2] up to date with contacts [n, 4]; how many feet landed, their slots and numbers in the first rows of landed."""
    count = 0
    for row in range(len(slots)):
        for foot in range(2):
            contact = max(contacts[row, 2 * foot], contacts[row, 2 * foot + 1])
            before = down[slots[row], foot]
            now = contact > (UP if before else DOWN)
            down[slots[row], foot] = now
            if now and not before:
                landed[count, 0], landed[count, 1] = slots[row], foot
                count += 1
    return count
