"""Footsteps: the moments at which a foot's contact rises, with hysteresis, for S slots."""

import numpy as np
from numpy.typing import NDArray

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
        self._down[slots] = _feet(contacts) > (DOWN + UP) / 2

    def update(self, slots: NDArray[np.intp], contacts: NDArray[np.float32]) -> list[tuple[int, int]]:
        """The (slot, foot) that landed, foot 0 left, 1 right; contacts [n, 4]: left heel, left toe, right heel, right toe."""
        feet = _feet(contacts)
        before = self._down[slots]
        now = np.where(before, feet > UP, feet > DOWN)
        self._down[slots] = now
        landed = now & ~before
        return [(int(slots[row]), int(foot)) for row, foot in np.argwhere(landed)] if landed.any() else []


def _feet(contacts: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.maximum(contacts[:, ::2], contacts[:, 1::2])
