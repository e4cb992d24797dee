"""Footsteps: the moments at which a foot's contact rises, with hysteresis, for S slots."""

import numpy as np
from numpy.typing import NDArray

from motionwire.kernels import part

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


@part
def lands(foot: int, contacts: NDArray[np.float32], down: NDArray[np.bool_]) -> bool:
    """Whether a foot, 0 left, 1 right, landed; brings down [2] up to date with contacts [4]: left heel, left toe, right heel, right toe."""
    contact = max(contacts[2 * foot], contacts[2 * foot + 1])
    before = down[foot]
    down[foot] = contact > (UP if before else DOWN)
    return down[foot] and not before
