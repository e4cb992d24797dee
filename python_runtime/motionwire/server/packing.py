"""The rows of `step` and `input`, checked in one pass over the characters."""

from math import isfinite, isinf

import numpy as np
from numpy.typing import NDArray

from motionwire.kernels import kernel

Array = NDArray[np.float32]

GOOD, NOT_FINITE, NO_STYLE = 0, 1, 2


@kernel
def fault_of(rows: Array, styles: int) -> int:
    """What is wrong with input rows [N, 4] (character.INPUT): GOOD, NOT_FINITE, or NO_STYLE below `styles`."""
    for row in rows:
        if not (isfinite(row[0]) and isfinite(row[1]) and isfinite(row[3])) or isinf(row[2]):
            return NOT_FINITE
        if not 0 <= row[3] < styles or row[3] != int(row[3]):
            return NO_STYLE
    return GOOD
