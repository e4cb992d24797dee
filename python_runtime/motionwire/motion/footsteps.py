"""Footsteps: the moments at which a foot's contact rises, with hysteresis, for S slots."""

import numpy as np
from numpy.typing import NDArray

from motionwire.kernels import kernel, part

DOWN = 0.6  # contact from which a lifted foot has landed
UP = 0.4  # contact below which it is lifted


class Footsteps:
    """Which feet are down [S, 2]."""

    def __init__(self, slots: int) -> None:
        self.down = np.zeros((slots, 2), dtype=bool)

    def grow(self, slots: int) -> None:
        """Room for more slots."""
        self.down = np.pad(self.down, ((0, slots - len(self.down)), (0, 0)))

    def reset(self, slots: NDArray[np.intp], contacts: NDArray[np.float32]) -> None:
        """Take the feet [n, 4] as they are, without a step."""
        self.down[slots] = np.maximum(contacts[:, ::2], contacts[:, 1::2]) > (DOWN + UP) / 2

    def update(self, slots: NDArray[np.intp], contacts: NDArray[np.float32]) -> list[tuple[int, int]]:
        """The (slot, foot) that landed, foot 0 left, 1 right; contacts [n, 4]: left heel, left toe, right heel, right toe."""
        landed = np.empty((2 * len(slots), 2), np.intp)
        count = land(slots, contacts, self.down, landed)
        return [(slot, foot) for slot, foot in landed[:count].tolist()]


@kernel
def land(slots: NDArray[np.intp], contacts: NDArray[np.float32], down: NDArray[np.bool_], landed: NDArray[np.intp]) -> int:
    """Bring down [S, 2] up to date with contacts [n, 4]; how many feet landed, their slots and numbers in the first rows of landed."""
    count = 0
    for row in range(len(slots)):
        for foot in range(2):
            if lands(foot, contacts[row], down[slots[row]]):
                landed[count, 0], landed[count, 1] = slots[row], foot
                count += 1
    return count


@part
def lands(foot: int, contacts: NDArray[np.float32], down: NDArray[np.bool_]) -> bool:
    """Whether a foot of contacts [4] landed; brings down [2] up to date."""
    contact = max(contacts[2 * foot], contacts[2 * foot + 1])
    before = down[foot]
    down[foot] = contact > (UP if before else DOWN)
    return down[foot] and not before
