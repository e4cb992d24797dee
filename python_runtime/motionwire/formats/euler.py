"""Euler angles, which only files speak: to quaternions and back, any order, vectorised.

Intrinsic order as BVH channels list it: axes "zxy" means rotate = Rz * Rx * Ry.
"""

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot

Float64 = NDArray[np.float64]


def to_quaternion(angles: Float64, axes: str) -> Float64:
    """Angles [..., len(axes)] in radians to unit quaternions [..., 4]; `axes` holds any of x, y, z in order, or none."""
    sines, cosines = np.sin(angles / 2), np.cos(angles / 2)
    xyz = [np.zeros(angles.shape[:-1]) for _ in range(3)]
    w = np.ones(angles.shape[:-1])
    for column, axis in enumerate(axes):
        s, c = sines[..., column], cosines[..., column]
        i = "xyz".index(axis)
        j, k = (i + 1) % 3, (i + 2) % 3
        if column == 0:
            xyz[i], w = s, c
        else:  # the Hamilton product with a quaternion that has one axis and w only
            xyz[j], xyz[k] = xyz[j] * c + xyz[k] * s, xyz[k] * c - xyz[j] * s
            xyz[i], w = xyz[i] * c + w * s, w * c - xyz[i] * s
    return np.stack((*xyz, w), axis=-1)


def from_quaternion(q: NDArray[np.floating], axes: str) -> NDArray[np.floating]:
    """Unit quaternions [..., 4] to angles [..., 3] in radians; `axes` is an order of the three different axes.

    The middle angle lies in -pi/2..pi/2; at its ends (gimbal lock) the last angle is zero.
    """
    i, j, k = ("xyz".index(axis) for axis in axes)
    parity = 1.0 if (j - i) % 3 == 1 else -1.0
    m = rot.to_matrix(q)
    cosine = np.hypot(m[..., i, i], m[..., i, j])
    locked = cosine < 1e-6
    first = np.where(locked, np.arctan2(parity * m[..., k, j], m[..., j, j]), np.arctan2(-parity * m[..., j, k], m[..., k, k]))
    middle = np.arctan2(parity * m[..., i, k], cosine)
    last = np.where(locked, 0.0, np.arctan2(-parity * m[..., i, j], m[..., i, i]))
    return np.stack((first, middle, last), axis=-1)
