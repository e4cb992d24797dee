"""What a player wants of each of B characters, independent of any input device."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Intent:
    """move: float32 [B, 2], desired velocity over the ground, world x and z, m/s; facing: float32 [B], rad, NaN: where it moves;
    style: int [B], index into the model's styles.

    heights: float32 [B, 12], the ground's height in m at the places of the last `paths(state).desired`, NaN: 0; None: as last said,
    flat at first. path: float32 [B, 6, 2], future places (x, z) of that path where the game has clipped it at walls, NaN: not clipped.
    """

    move: NDArray[np.float32]
    facing: NDArray[np.float32]
    style: NDArray[np.integer]
    heights: NDArray[np.float32] | None = None
    path: NDArray[np.float32] | None = None
