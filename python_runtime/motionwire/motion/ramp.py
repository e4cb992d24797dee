"""A smooth passage from 0 to 1."""

import numpy as np
from numpy.typing import NDArray


def ramp(x: NDArray[np.floating], ends: tuple[float, float]) -> NDArray[np.floating]:
    """0 below the first end, 1 above the second, smooth between."""
    t = np.clip((x - ends[0]) / (ends[1] - ends[0]), 0, 1)
    return t * t * (3 - 2 * t)
