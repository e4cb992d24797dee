"""The blobs of `step`, `input` and `pose`, in and out of arrays, in one pass over the characters."""

from math import atan2, isfinite, isinf

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


@kernel
def fill(root_positions: Array, rotations: Array, data: Array, root: Array) -> None:
    """Poses (root positions [N, 3], rotations [N, J, 4]) into `pose.data` [N, 3 + 4 J] and `pose.root` [N, 3]."""
    for n in range(len(rotations)):
        for axis in range(3):
            data[n, axis] = root_positions[n, axis]
        for joint in range(rotations.shape[1]):
            for part in range(4):
                data[n, 3 + 4 * joint + part] = rotations[n, joint, part]
        x, y, z, w = rotations[n, 0]
        root[n, 0], root[n, 1] = root_positions[n, 0], root_positions[n, 2]
        root[n, 2] = atan2(2 * (x * z + y * w), 1 - 2 * (x * x + y * y))


def pack(root_positions: Array, rotations: Array) -> tuple[Array, Array]:
    """`pose.data` and `pose.root` of poses."""
    count, joints = rotations.shape[:2]
    data, root = np.empty((count, 3 + 4 * joints), "<f4"), np.empty((count, 3), "<f4")
    fill(root_positions, rotations, data, root)
    return data, root
