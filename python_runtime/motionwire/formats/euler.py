"""Euler angles, which only files speak: to quaternions and back, any order, vectorised.

Intrinsic order as BVH channels list it: axes "zxy" means rotate = Rz * Rx * Ry.
"""

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot

Float64 = NDArray[np.float64]

LOCKED = 1e-6  # cosine of the middle angle below which first and last turn about the same line


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
    parity = _parity(axes)
    m = rot.to_matrix(q)
    cosine = np.hypot(m[..., i, i], m[..., i, j])
    locked = cosine < LOCKED
    first = np.where(locked, np.arctan2(parity * m[..., k, j], m[..., j, j]), np.arctan2(-parity * m[..., j, k], m[..., k, k]))
    middle = np.arctan2(parity * m[..., i, k], cosine)
    last = np.where(locked, 0.0, np.arctan2(-parity * m[..., i, j], m[..., i, i]))
    return np.stack((first, middle, last), axis=-1)


def continuous(angles: NDArray[np.floating], axes: str) -> NDArray[np.floating]:
    """The same rotations as angles [T, ..., 3] in radians that change as little as they can from frame to frame.

    angles, axes: as from_quaternion gives and takes them. Each rotation has two triples, (a, b, c) and (a + pi, pi - b, c + pi), and full
    turns of all three. In gimbal lock, where it has infinitely many, the last angle stays what it was.
    """
    angles = _kept_in_lock(angles, axes)
    other = np.stack((angles[..., 0] + np.pi, np.pi - angles[..., 1], angles[..., 2] + np.pi), axis=-1)
    stay, change = (np.abs(rot.half_a_turn_at_most(to[1:] - angles[:-1])).sum(axis=-1) for to in (angles, other))
    # Two other triples are as far from each other as the first ones, so each frame changes sides by itself.
    changed = np.cumsum(change < stay - 1e-9, axis=0) % 2 == 1
    chosen = angles.copy()
    chosen[1:] = np.where(changed[..., None], other[1:], angles[1:])
    return np.unwrap(chosen, axis=0)


def _kept_in_lock(angles: NDArray[np.floating], axes: str) -> NDArray[np.floating]:
    """Angles [T, ..., 3] with the last one of locked frames as it was in the last free one before, the first one making up for it."""
    locked = np.abs(np.cos(angles[..., 1])) < LOCKED
    frames = np.arange(len(angles)).reshape(-1, *[1] * (locked.ndim - 1))
    free = np.maximum.accumulate(np.where(locked, 0, frames), axis=0)
    last = np.take_along_axis(angles[..., 2], free, axis=0)
    first = angles[..., 0] + _parity(axes) * np.sign(angles[..., 1]) * (angles[..., 2] - last)
    return np.where(locked[..., None], np.stack((first, angles[..., 1], last), axis=-1), angles)


def _parity(axes: str) -> float:
    """1 where the three axes follow each other as x, y, z do, else -1."""
    return 1.0 if ("xyz".index(axes[1]) - "xyz".index(axes[0])) % 3 == 1 else -1.0
