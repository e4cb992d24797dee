"""Rotations one at a time, as kernels use them: quaternions (x, y, z, w) and vectors (x, y, z) are tuples of floats.

The same formulas as `motion.rotations` has for arrays; see there for conventions.
"""

from math import cos, sin, sqrt

from numpy.typing import NDArray

from motionwire.kernels import part

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]
Row = NDArray  # one row of an array


@part
def multiply(a: Quaternion, b: Quaternion) -> Quaternion:
    """Hamilton product: apply `b`, then `a`."""
    return (
        a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
        a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
        a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
        a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
    )


@part
def inverse(q: Quaternion) -> Quaternion:
    """Inverse of a unit quaternion."""
    return -q[0], -q[1], -q[2], q[3]


@part
def rotate(q: Quaternion, v: Vector) -> Vector:
    """A vector turned by a unit quaternion."""
    t = cross(q, v)
    s = cross(q, t)
    return v[0] + 2 * (q[3] * t[0] + s[0]), v[1] + 2 * (q[3] * t[1] + s[1]), v[2] + 2 * (q[3] * t[2] + s[2])


@part
def cross(a: Vector | Quaternion, b: Vector | Quaternion) -> Vector:
    """Cross product of the first three components."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@part
def across(x: float, z: float) -> float:
    """The length of a vector over the ground. (`hypot` also looks after squares that are too large for a float.)"""
    return sqrt(x * x + z * z)


@part
def dot(a: Vector, b: Vector) -> float:
    """Scalar product of vectors."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@part
def times(factor: float, v: Vector) -> Vector:
    """A vector so much longer."""
    return factor * v[0], factor * v[1], factor * v[2]


@part
def plus(a: Vector, b: Vector) -> Vector:
    """Sum of vectors."""
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


@part
def minus(a: Vector, b: Vector) -> Vector:
    """Difference of vectors."""
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


@part
def length(v: Vector) -> float:
    """Length of a vector."""
    return sqrt(dot(v, v))


@part
def unit(v: Vector) -> Vector:
    """A vector of length 1; a zero vector stays."""
    size = length(v)
    scale = 1.0 / size if size > 0 else 1.0
    return v[0] * scale, v[1] * scale, v[2] * scale


@part
def about(axis: Vector, angle: float) -> Quaternion:
    """Rotation about a unit axis by an angle in rad."""
    s = sin(angle / 2)
    return axis[0] * s, axis[1] * s, axis[2] * s, cos(angle / 2)


@part
def between(a: Vector, b: Vector) -> Quaternion:
    """Shortest rotation from unit vector `a` to `b`; opposite ones: none (a leg never turns right round in a frame)."""
    axis = cross(a, b)
    w = 1.0 + dot(a, b)
    size = sqrt(dot(axis, axis) + w * w)
    if size < 1e-6:
        return 0.0, 0.0, 0.0, 1.0
    return axis[0] / size, axis[1] / size, axis[2] / size, w / size


@part
def from_6d(six: Row) -> Quaternion:
    """The first two rows [6] of a matrix, not necessarily orthonormal, to a quaternion with w >= 0 (Gram-Schmidt, Shepperd)."""
    first = unit((float(six[0]), float(six[1]), float(six[2])))
    second = (float(six[3]), float(six[4]), float(six[5]))
    along = dot(first, second)
    second = unit((second[0] - along * first[0], second[1] - along * first[1], second[2] - along * first[2]))
    third = cross(first, second)
    trace = first[0] + second[1] + third[2]
    if trace > 0:  # w is largest, or close to it
        s = 2.0 * sqrt(1.0 + trace)
        return (third[1] - second[2]) / s, (first[2] - third[0]) / s, (second[0] - first[1]) / s, s / 4
    if first[0] >= second[1] and first[0] >= third[2]:
        s = 2.0 * sqrt(1.0 + first[0] - second[1] - third[2])
        q = (s / 4, (first[1] + second[0]) / s, (first[2] + third[0]) / s, (third[1] - second[2]) / s)
    elif second[1] >= third[2]:
        s = 2.0 * sqrt(1.0 - first[0] + second[1] - third[2])
        q = ((first[1] + second[0]) / s, s / 4, (second[2] + third[1]) / s, (first[2] - third[0]) / s)
    else:
        s = 2.0 * sqrt(1.0 - first[0] - second[1] + third[2])
        q = ((first[2] + third[0]) / s, (second[2] + third[1]) / s, s / 4, (second[0] - first[1]) / s)
    if q[3] < 0:
        return -q[0], -q[1], -q[2], -q[3]
    return q


@part
def load(row: Row) -> Quaternion:
    """A quaternion from a row [4] of an array."""
    return float(row[0]), float(row[1]), float(row[2]), float(row[3])


@part
def store(row: Row, q: Quaternion) -> None:
    """Write a quaternion into a row [4]."""
    row[0], row[1], row[2], row[3] = q
