"""The figure in the world: pelvis position and local rotations from the network's pose vector and the root."""

from math import cos, sin, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motionwire.controller import layout
from motionwire.controller.quaternions import from_6d, multiply, store
from motionwire.kernels import kernel, part
from motionwire.motion.skeleton import JOINTS

Array = NDArray[np.floating]

_ROTATIONS = layout.ROTATIONS.start
_LEAST, _QUARTER, _HALF, _ONE = (np.float32(value) for value in (1e-12, 0.25, 0.5, 1.0))


@kernel
def place_figure(pose: Array, positions: Array, headings: Array, roots: Array, rotations: Array) -> None:
    """Fill roots [B, 3] (the pelvis, m) and rotations [B, 22, 4] from pose [B, 264] on ground roots [B, 2] with headings [B]."""
    for i in range(len(headings)):
        sine, cosine = sin(headings[i]), cos(headings[i])
        roots[i, 0] = positions[i, 0] + cosine * pose[i, 0] + sine * pose[i, 2]
        roots[i, 1] = pose[i, 1]
        roots[i, 2] = positions[i, 1] + cosine * pose[i, 2] - sine * pose[i, 0]
        for joint in range(JOINTS):
            first = _ROTATIONS + 6 * joint
            local = small_rotation(pose[i, first : first + 6])
            if local[3] < _HALF:
                local = from_6d(pose[i, first : first + 6])
            if joint == 0:
                local = multiply((0.0, sin(headings[i] / 2), 0.0, cos(headings[i] / 2)), local)
            store(rotations[i, joint], local)


@part
def small_rotation(six: Array) -> tuple[Any, Any, Any, Any]:
    """As `from_6d`, in float32 throughout, which takes half as long: right for rotations of less than 120 degrees, those with w >= 0.5."""
    x1, y1, z1, x2, y2, z2 = six[0], six[1], six[2], six[3], six[4], six[5]
    size = _ONE / sqrt(x1 * x1 + y1 * y1 + z1 * z1 + _LEAST)
    x1, y1, z1 = x1 * size, y1 * size, z1 * size
    along = x1 * x2 + y1 * y2 + z1 * z2
    x2, y2, z2 = x2 - along * x1, y2 - along * y1, z2 - along * z1
    size = _ONE / sqrt(x2 * x2 + y2 * y2 + z2 * z2 + _LEAST)
    x2, y2, z2 = x2 * size, y2 * size, z2 * size
    x3, y3, z3 = y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2
    w = _HALF * sqrt(max(_ONE + x1 + y2 + z3, _LEAST))
    share = _QUARTER / w
    return (y3 - z2) * share, (z1 - x3) * share, (x2 - y1) * share, w
