"""One leg of one character in kernels: where it is and how it bends to put its ankle elsewhere.

Two-bone inverse kinematics as `motion.legs` has it for arrays; see there.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.quaternions import (
    Quaternion,
    Vector,
    between,
    cross,
    dot,
    inverse,
    length,
    load,
    minus,
    multiply,
    plus,
    rotate,
    store,
    times,
    unit,
)  # fmt: skip
from motionwire.controller.root import limited
from motionwire.kernels import part
from motionwire.motion.legs import ANKLES, HIPS, KNEES, REACH, STRAIGHT, SURE, TOES
from motionwire.motion.skeleton import REFERENCE

Array = NDArray[np.floating]
Leg = tuple[Vector, Vector, Vector, Vector, Quaternion, Quaternion, Quaternion, Quaternion]


def _bones(chain: list[int]) -> tuple[Vector, Vector]:
    left, right = (tuple(float(v) for v in REFERENCE.offsets[joint]) for joint in chain)
    return left, right  # type: ignore[return-value]


_HIPS, _KNEES, _ANKLES = tuple(HIPS), tuple(KNEES), tuple(ANKLES)
_TO_HIP, _THIGH, _SHIN, _FOOT = _bones(HIPS), _bones(KNEES), _bones(ANKLES), _bones(TOES)
_UPPER, _LOWER = (tuple(float(np.linalg.norm(bone)) for bone in bones) for bones in (_THIGH, _SHIN))  # m


@part
def leg_of(root: Array, rotations: Array, side: int) -> Leg:
    """World places of hip, knee, ankle and toe, and world rotations of pelvis, hip, knee and ankle; side 0 left, 1 right.

    root [3]; rotations [22, 4], local, the pelvis's in the world.
    """
    pelvis = load(rotations[0])
    hip = plus((float(root[0]), float(root[1]), float(root[2])), rotate(pelvis, _TO_HIP[side]))
    thigh = multiply(pelvis, load(rotations[_HIPS[side]]))
    knee = plus(hip, rotate(thigh, _THIGH[side]))
    shin = multiply(thigh, load(rotations[_KNEES[side]]))
    ankle = plus(knee, rotate(shin, _SHIN[side]))
    foot = multiply(shin, load(rotations[_ANKLES[side]]))
    return hip, knee, ankle, plus(ankle, rotate(foot, _FOOT[side])), pelvis, thigh, shin, foot


@part
def raised(leg: Leg, height: float) -> Leg:
    """The leg so much (m) higher."""
    hip, knee, ankle, toe, pelvis, thigh, shin, foot = leg
    return (
        (hip[0], hip[1] + height, hip[2]),
        (knee[0], knee[1] + height, knee[2]),
        (ankle[0], ankle[1] + height, ankle[2]),
        (toe[0], toe[1] + height, toe[2]),
        pelvis,
        thigh,
        shin,
        foot,
    )


@part
def reach(rotations: Array, side: int, leg: Leg, target: Vector) -> None:
    """Turn hip, knee and ankle in rotations [22, 4] so that the ankle is at `target`, the foot as it stood in the world: thigh and shin are
    laid onto the line from hip to ankle, bent out of it about the knee's axis, and turned with the line."""
    hip, knee, ankle, _, pelvis, thigh_world, shin_world, foot_world = leg
    upper, lower = _UPPER[side], _LOWER[side]
    thigh, shin = times(1 / upper, minus(knee, hip)), times(1 / lower, minus(ankle, knee))
    way, wanted = unit(minus(ankle, hip)), minus(target, hip)
    far = length(wanted)
    distance = min(max(far, abs(upper - lower) + 1e-3), REACH * (upper + lower))
    axis = knee_axis(way, thigh, thigh_world)
    swing = between(way, times(1 / max(far, 1e-9), wanted))
    at_hip = multiply(turn(axis, corner(upper, distance, lower), 1.0), between(thigh, way))
    at_knee = multiply(turn(axis, corner(lower, distance, upper), -1.0), between(shin, way))
    hip_world = multiply(multiply(swing, at_hip), thigh_world)
    knee_world = multiply(multiply(swing, at_knee), shin_world)
    store(rotations[_HIPS[side]], multiply(inverse(pelvis), hip_world))
    store(rotations[_KNEES[side]], multiply(inverse(hip_world), knee_world))
    store(rotations[_ANKLES[side]], multiply(inverse(knee_world), foot_world))


@part
def knee_axis(way: Vector, thigh: Vector, thigh_world: Quaternion) -> Vector:
    """The unit axis about which a leg bends forward, by its unit vectors from hip to ankle and to knee: that about which it is bent, the
    knee's own left-right axis the more the straighter it is or the more sideways it is bent, so that a network's leg that bends backward
    by a degree for a moment turns over nowhere."""
    bent = cross(way, thigh)
    own = rotate(thigh_world, (-1.0, 0.0, 0.0))
    size, along = length(bent), dot(own, way)
    forward = dot(bent, own) / max(size, 1e-9)
    weight = max(STRAIGHT, SURE - size)
    axis = (
        forward * bent[0] + weight * (own[0] - along * way[0]),
        forward * bent[1] + weight * (own[1] - along * way[1]),
        forward * bent[2] + weight * (own[2] - along * way[2]),
    )
    return unit(axis)


@part
def nearly_straight(leg: Leg) -> bool:
    """Whether a leg is so straight that it does not say by itself which way it bends."""
    way, thigh = minus(leg[2], leg[0]), minus(leg[1], leg[0])
    bent = cross(way, thigh)
    return dot(bent, bent) < SURE * SURE * dot(way, way) * dot(thigh, thigh)


@part
def corner(a: float, b: float, opposite: float) -> float:
    """Cosine of the angle of a triangle between sides a and b (law of cosines)."""
    return (a * a + b * b - opposite * opposite) / (2 * a * b)


@part
def turn(axis: Vector, cosine: float, way: float) -> Quaternion:
    """Rotation about a unit axis by the angle of 0..pi with this cosine, the other way round where `way` is -1: worked out without the
    angle itself, whose functions would take most of this file's time."""
    cosine = limited(cosine, 1.0)
    half = way * sqrt((1 - cosine) / 2)
    return axis[0] * half, axis[1] * half, axis[2] * half, sqrt((1 + cosine) / 2)
