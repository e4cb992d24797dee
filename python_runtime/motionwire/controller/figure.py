"""The figure in the world: pelvis position and local rotations from the network's pose vector and the root."""

from math import cos, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from motionwire.controller import layout
from motionwire.controller.quaternions import from_6d, load, multiply, store
from motionwire.kernels import kernel
from motionwire.motion.skeleton import JOINTS

Array = NDArray[np.floating]

_ROTATIONS = layout.ROTATIONS.start
_LEAST, _QUARTER, _HALF, _ONE = (np.float32(value) for value in (1e-12, 0.25, 0.5, 1.0))
_LANES = -(-JOINTS // 8) * 8  # joints are worked out eight at a time; those beyond the last count for nothing


@kernel
def place_figure(pose: Array, positions: Array, headings: Array, roots: Array, rotations: Array) -> None:
    """Fill roots [B, 3] (the pelvis, m) and rotations [B, 22, 4] from pose [B, 264] on ground roots [B, 2] with headings [B].

    The rotations are those of `from_6d`. Below 120 degrees, where w >= 0.5, one formula without a branch does, for all joints at once
    in float32, which takes a quarter of the time.
    """
    six, made = np.ones((6, _LANES), np.float32), np.empty((4, _LANES), np.float32)
    for i in range(len(headings)):
        sine, cosine = sin(headings[i]), cos(headings[i])
        roots[i, 0] = positions[i, 0] + cosine * pose[i, 0] + sine * pose[i, 2]
        roots[i, 1] = pose[i, 1]
        roots[i, 2] = positions[i, 1] + cosine * pose[i, 2] - sine * pose[i, 0]
        given, out = pose[i, _ROTATIONS:], rotations[i]
        for joint in range(JOINTS):
            for k in range(6):
                six[k, joint] = given[6 * joint + k]
        for lane in range(_LANES):
            x1, y1, z1, x2, y2, z2 = six[0, lane], six[1, lane], six[2, lane], six[3, lane], six[4, lane], six[5, lane]
            size = _ONE / sqrt(x1 * x1 + y1 * y1 + z1 * z1 + _LEAST)
            x1, y1, z1 = x1 * size, y1 * size, z1 * size
            along = x1 * x2 + y1 * y2 + z1 * z2
            x2, y2, z2 = x2 - along * x1, y2 - along * y1, z2 - along * z1
            size = _ONE / sqrt(x2 * x2 + y2 * y2 + z2 * z2 + _LEAST)
            x2, y2, z2 = x2 * size, y2 * size, z2 * size
            x3, y3, z3 = y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2
            w = _HALF * sqrt(max(_ONE + x1 + y2 + z3, _LEAST))
            share = _QUARTER / w
            made[0, lane], made[1, lane], made[2, lane], made[3, lane] = (y3 - z2) * share, (z1 - x3) * share, (x2 - y1) * share, w
        for joint in range(JOINTS):
            for k in range(4):
                out[joint, k] = made[k, joint]
            if out[joint, 3] < _HALF:
                store(out[joint], from_6d(given[6 * joint : 6 * joint + 6]))
        store(out[0], multiply((0.0, sin(headings[i] / 2), 0.0, cos(headings[i] / 2)), load(out[0])))
