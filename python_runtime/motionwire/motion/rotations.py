"""Rotations as arrays: quaternions (xyzw), matrices, 6D, log map. Vectorised over any leading axes.

Quaternions are Hamilton, scalar last, active (they rotate vectors). 6D is the first two ROWS of the matrix, as the
272-dimensional MotionMillion features store it (Zhou et al. 2019 use the columns; the Gram-Schmidt step is the same).
Every function computes in the precision of its input and returns it; pass float64 where drift matters.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating]

IDENTITY = np.array([0.0, 0.0, 0.0, 1.0], dtype=np.float32)


def normalize(vectors: Array) -> Array:
    """Unit vectors or quaternions [..., n]; a zero vector stays zero."""
    norm = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(norm > 0, norm, 1).astype(vectors.dtype)


_PRODUCT = np.zeros((4, 4, 4))  # Hamilton product as a bilinear form: (a b)_k = sum_ij a_i b_j _PRODUCT[i, j, k]
for _i, _j, _k, _sign in (
    (3, 0, 0, 1), (0, 3, 0, 1), (1, 2, 0, 1), (2, 1, 0, -1), (3, 1, 1, 1), (0, 2, 1, -1), (1, 3, 1, 1), (2, 0, 1, 1),
    (3, 2, 2, 1), (0, 1, 2, 1), (1, 0, 2, -1), (2, 3, 2, 1), (3, 3, 3, 1), (0, 0, 3, -1), (1, 1, 3, -1), (2, 2, 3, -1),
):  # fmt: skip
    _PRODUCT[_i, _j, _k] = _sign
_FEW = 256  # numbers: below, the call overhead of 28 small operations counts more than 64 multiplications per product


def multiply(a: Array, b: Array) -> Array:
    """Hamilton product [..., 4]: apply `b`, then `a`."""
    if a.size + b.size <= _FEW:
        products = a[..., :, None] * b[..., None, :]
        return products.reshape(*products.shape[:-2], 16) @ _PRODUCT.reshape(16, 4).astype(products.dtype)
    ax, ay, az, aw = a[..., 0], a[..., 1], a[..., 2], a[..., 3]
    bx, by, bz, bw = b[..., 0], b[..., 1], b[..., 2], b[..., 3]
    return np.stack(
        (
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
            aw * bw - ax * bx - ay * by - az * bz,
        ),
        axis=-1,
    )


def inverse(q: Array) -> Array:
    """Inverse of unit quaternions [..., 4]."""
    return q * np.array([-1, -1, -1, 1], dtype=q.dtype)


def rotate(q: Array, v: Array) -> Array:
    """Rotate vectors [..., 3] by unit quaternions [..., 4]."""
    t = 2 * cross(q[..., :3], v)
    return v + q[..., 3:] * t + cross(q[..., :3], t)


def cross(a: Array, b: Array) -> Array:
    """Cross product [..., 3]; numpy's own takes several times longer on small arrays."""
    return a[..., [1, 2, 0]] * b[..., [2, 0, 1]] - a[..., [2, 0, 1]] * b[..., [1, 2, 0]]


def continuous(q: Array) -> Array:
    """Flip signs along axis 0 so that neighbouring quaternions [T, ..., 4] lie in one hemisphere."""
    if len(q) < 2:
        return q.copy()
    dots = np.sum(q[1:] * q[:-1], axis=-1)
    signs = np.cumprod(np.where(dots < 0, -1.0, 1.0), axis=0)
    out = q.copy()
    out[1:] *= signs[..., None].astype(q.dtype)
    return out


def to_matrix(q: Array) -> Array:
    """Unit quaternions [..., 4] to matrices [..., 3, 3]."""
    x, y, z, w = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    m = np.empty((*q.shape[:-1], 3, 3), dtype=q.dtype)
    m[..., 0, 0] = 1 - 2 * (y * y + z * z)
    m[..., 0, 1] = 2 * (x * y - z * w)
    m[..., 0, 2] = 2 * (x * z + y * w)
    m[..., 1, 0] = 2 * (x * y + z * w)
    m[..., 1, 1] = 1 - 2 * (x * x + z * z)
    m[..., 1, 2] = 2 * (y * z - x * w)
    m[..., 2, 0] = 2 * (x * z - y * w)
    m[..., 2, 1] = 2 * (y * z + x * w)
    m[..., 2, 2] = 1 - 2 * (x * x + y * y)
    return m


def from_matrix(m: Array) -> Array:
    """Rotation matrices [..., 3, 3] to unit quaternions [..., 4], w >= 0 (Shepperd's method: the largest component first)."""
    m00, m11, m22 = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    four_squares = np.stack((1 + m00 - m11 - m22, 1 - m00 + m11 - m22, 1 - m00 - m11 + m22, 1 + m00 + m11 + m22), axis=-1)
    largest = np.argmax(four_squares, axis=-1)
    s01, s02, s12 = m[..., 0, 1] + m[..., 1, 0], m[..., 0, 2] + m[..., 2, 0], m[..., 1, 2] + m[..., 2, 1]
    d21, d02, d10 = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    rows = np.stack(
        (
            np.stack((four_squares[..., 0], s01, s02, d21), axis=-1),
            np.stack((s01, four_squares[..., 1], s12, d02), axis=-1),
            np.stack((s02, s12, four_squares[..., 2], d10), axis=-1),
            np.stack((d21, d02, d10, four_squares[..., 3]), axis=-1),
        ),
        axis=-2,
    )
    q = normalize(np.take_along_axis(rows, largest[..., None, None], axis=-2)[..., 0, :])
    return np.where(q[..., 3:] < 0, -q, q)


def to_6d(q: Array) -> Array:
    """Unit quaternions [..., 4] to 6D [..., 6]: the first two rows of the matrix, row after row."""
    return to_matrix(q)[..., :2, :].reshape(*q.shape[:-1], 6)


def matrix_from_6d(six: Array) -> Array:
    """6D [..., 6] (two rows, not necessarily orthonormal) to matrices [..., 3, 3] by Gram-Schmidt (Zhou et al. 2019, eq. 15)."""
    first = normalize(six[..., :3])
    second = six[..., 3:]
    second = normalize(second - np.sum(first * second, axis=-1, keepdims=True) * first)
    return np.stack((first, second, np.cross(first, second)), axis=-2)


def from_6d(six: Array) -> Array:
    """6D [..., 6] to unit quaternions [..., 4]."""
    return from_matrix(matrix_from_6d(six))


def log(q: Array) -> Array:
    """Log map: unit quaternions [..., 4] to rotation vectors [..., 3] in radians, length at most pi."""
    q = np.where(q[..., 3:] < 0, -q, q)
    sine = np.linalg.norm(q[..., :3], axis=-1, keepdims=True)
    angle = 2 * np.arctan2(sine, q[..., 3:])
    small = sine < 1e-7
    return q[..., :3] * np.where(small, 2.0, angle / np.where(small, 1, sine)).astype(q.dtype)


def exp(v: Array) -> Array:
    """Exponential map: rotation vectors [..., 3] in radians to unit quaternions [..., 4]."""
    half = np.linalg.norm(v, axis=-1, keepdims=True) / 2
    scale = np.where(half < 1e-7, 0.5, np.sin(half) / np.where(half < 1e-7, 1, 2 * half))
    return np.concatenate((v * scale, np.cos(half)), axis=-1).astype(v.dtype)


def angle_between(a: Array, b: Array) -> Array:
    """Geodesic distance of unit quaternions [..., 4], radians [...]; accurate near zero."""
    relative = multiply(inverse(a), b)
    return 2 * np.arctan2(np.linalg.norm(relative[..., :3], axis=-1), np.abs(relative[..., 3]))


def slerp(a: Array, b: Array, t: ArrayLike) -> Array:
    """Spherical interpolation, shorter way; a, b [..., 4], t [...] in 0..1 (Shoemake 1985)."""
    t = np.asarray(t, dtype=a.dtype)[..., None]
    dot = np.sum(a * b, axis=-1, keepdims=True)
    b = np.where(dot < 0, -b, b)
    angle = np.arccos(np.clip(np.abs(dot), 0, 1))
    near = angle < 1e-4
    sine = np.where(near, 1, np.sin(angle))
    wa = np.where(near, 1 - t, np.sin((1 - t) * angle) / sine)
    wb = np.where(near, t, np.sin(t * angle) / sine)
    return normalize(wa * a + wb * b)


def from_axis_angle(axis: ArrayLike, angle: ArrayLike) -> Array:
    """Rotation about one unit axis [3] by angles [...] in radians."""
    half = np.asarray(angle)[..., None] / 2
    return np.concatenate((np.sin(half) * np.asarray(axis), np.cos(half)), axis=-1)


def from_yaw(yaw: ArrayLike) -> Array:
    """Rotation about +Y by yaw [...] in radians; yaw 0 faces +Z, positive yaw turns towards +X (the character's left)."""
    return from_axis_angle((0.0, 1.0, 0.0), yaw)


def yaw_of(q: Array) -> Array:
    """Heading [...] in radians: where the rotated +Z points on the ground, atan2(R02, R22)."""
    x, y, z, w = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    return np.arctan2(2 * (x * z + y * w), 1 - 2 * (x * x + y * y))


def half_a_turn_at_most(angle: Array) -> Array:
    """The same angles [...] in radians within -pi..pi."""
    return (angle + np.pi) % (2 * np.pi) - np.pi


def between(a: Array, b: Array) -> Array:
    """Shortest rotation that turns unit vectors `a` [..., 3] onto `b` [..., 3]; opposite vectors turn about any normal."""
    a, b = np.broadcast_arrays(a, b)
    w = 1 + np.sum(a * b, axis=-1, keepdims=True)
    axis = np.cross(a, b)
    helper = np.where(np.abs(a[..., :1]) < 0.9, np.array([1.0, 0, 0]), np.array([0, 1.0, 0])).astype(a.dtype)
    opposite = w < 1e-6
    q = np.concatenate((np.where(opposite, np.cross(a, helper), axis), np.where(opposite, 0, w)), axis=-1)
    return normalize(q)


def angular_velocity(q: Array, fps: float) -> Array:
    """Angular velocity [T, ..., 3] in rad/s, parent frame, from local rotations [T, ..., 4]; the last frame repeats."""
    if len(q) < 2:
        return np.zeros((*q.shape[:-1], 3), dtype=q.dtype)
    v = log(multiply(q[1:], inverse(q[:-1]))) * fps
    return np.concatenate((v, v[-1:]), axis=0).astype(q.dtype)
