"""What a player wants of each of B characters, independent of any input device."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Intent:
    """move: float32 [B, 2], desired velocity over the ground, world x and z, m/s; facing: float32 [B], rad, NaN: where it moves;
    style: int [B], index into the model's styles."""

    move: NDArray[np.float32]
    facing: NDArray[np.float32]
    style: NDArray[np.integer]
