"""One leg of one character in kernels: where it is and how it bends to put its ankle elsewhere.

Two-bone inverse kinematics as `motion.legs` has it for arrays; see there.
"""

from math import acos, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.quaternions import (
    Quaternion,
    Vector,
    about,
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
    unit,
)  # fmt: skip
from motionwire.kernels import part
from motionwire.motion.legs import ANKLES, HIPS, KNEES, REACH, STRAIGHT, SURE, TOES
from motionwire.motion.skeleton import REFERENCE

Array = NDArray[np.floating]
Leg = tuple[Vector, Vector, Vector, Vector, Quaternion, Quaternion, Quaternion, Quaternion]


def _bones(chain: list[int]) -> tuple[Vector, Vector]:
    left, right = (tuple(float(v) for v in REFERENCE.offsets[joint]) for joint in chain)
    return left, right  # type: ignore[return-value]


_HIPS, _KNEES, _ANKLES, _TOES = tuple(HIPS), tuple(KNEES), tuple(ANKLES), tuple(TOES)
_TO_HIP, _THIGH, _SHIN, _FOOT = _bones(HIPS), _bones(KNEES), _bones(ANKLES), _bones(TOES)


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
def reach(rotations: Array, side: int, leg: Leg, target: Vector) -> None:
    """Turn hip, knee and ankle in rotations [22, 4] so that the ankle is at `target`, the foot as it stood in the world."""
    hip, knee, ankle, _, pelvis, thigh_world, shin_world, foot_world = leg
    thigh, shin = minus(knee, hip), minus(ankle, knee)
    upper, lower = length(thigh), length(shin)
    now, wanted = minus(ankle, hip), minus(target, hip)
    distance = min(max(length(wanted), abs(upper - lower) + 1e-3), REACH * (upper + lower))
    axis, forward = knee_axis(now, thigh, thigh_world)
    inside = angle_between((-thigh[0], -thigh[1], -thigh[2]), shin)
    at_hip = corner(upper, distance, lower) - (angle_between(now, thigh) if forward else -angle_between(now, thigh))
    at_knee = corner(upper, lower, distance) - (inside if forward else 2 * pi - inside)
    upper_turn = multiply(between(unit(now), unit(wanted)), about(axis, at_hip))
    hip_world = multiply(upper_turn, thigh_world)
    knee_world = multiply(multiply(upper_turn, about(axis, at_knee)), shin_world)
    store(rotations[_HIPS[side]], multiply(inverse(pelvis), hip_world))
    store(rotations[_KNEES[side]], multiply(inverse(hip_world), knee_world))
    store(rotations[_ANKLES[side]], multiply(inverse(knee_world), foot_world))


@part
def knee_axis(now: Vector, thigh: Vector, thigh_world: Quaternion) -> tuple[Vector, bool]:
    """The unit axis about which a leg bends, and whether it is bent that way and not, a little, backward. A leg bends in the plane it is
    bent in; the straighter it is, the less that says, and the more the knee's own left-right axis counts."""
    way = unit(now)
    bent = cross(way, unit(thigh))
    own = rotate(thigh_world, (-1.0, 0.0, 0.0))
    forward = dot(bent, own) >= 0
    sign = 1.0 if forward else -1.0
    along = dot(own, way)
    weight = max(STRAIGHT, SURE - length(bent))
    axis = (
        sign * bent[0] + weight * (own[0] - along * way[0]),
        sign * bent[1] + weight * (own[1] - along * way[1]),
        sign * bent[2] + weight * (own[2] - along * way[2]),
    )
    return unit(axis), forward


@part
def corner(a: float, b: float, opposite: float) -> float:
    """Angle of a triangle between sides a and b (law of cosines)."""
    return acos(min(max((a * a + b * b - opposite * opposite) / (2 * a * b), -1.0), 1.0))


@part
def angle_between(a: Vector, b: Vector) -> float:
    """Angle of two vectors in rad."""
    return acos(min(max(dot(a, b) / sqrt(dot(a, a) * dot(b, b)), -1.0), 1.0))
