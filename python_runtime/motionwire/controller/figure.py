"""The figure in the world: pelvis position and local rotations from the network's pose vector and the root."""

from math import cos, sin

import numpy as np
from numpy.typing import NDArray

from motionwire.controller import layout
from motionwire.controller.quaternions import from_6d, multiply, store
from motionwire.kernels import kernel
from motionwire.motion.skeleton import JOINTS

Array = NDArray[np.floating]

_ROTATIONS = layout.ROTATIONS.start


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
            local = from_6d(pose[i, first : first + 6])
            if joint == 0:
                local = multiply((0.0, sin(headings[i] / 2), 0.0, cos(headings[i] / 2)), local)
            store(rotations[i, joint], local)
