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
    """Turn hip, knee and ankle in rotations [22, 4] so that the ankle is at `target`, the foot as it stood in the world."""
    hip, knee, ankle, _, pelvis, thigh_world, shin_world, foot_world = leg
    thigh, shin = minus(knee, hip), minus(ankle, knee)
    upper, lower = length(thigh), length(shin)
    now, wanted = minus(ankle, hip), minus(target, hip)
    far = length(now)
    distance = min(max(length(wanted), abs(upper - lower) + 1e-3), REACH * (upper + lower))
    axis, forward = knee_axis(now, thigh, thigh_world)
    way = 1.0 if forward else -1.0
    at_hip = turn_between(axis, corner(upper, distance, lower), dot(now, thigh) / (far * upper), way)
    at_knee = turn_between(axis, corner(upper, lower, distance), -dot(thigh, shin) / (upper * lower), way)
    upper_turn = multiply(between(unit(now), unit(wanted)), at_hip)
    hip_world = multiply(upper_turn, thigh_world)
    knee_world = multiply(multiply(upper_turn, at_knee), shin_world)
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
    """Cosine of the angle of a triangle between sides a and b (law of cosines)."""
    return (a * a + b * b - opposite * opposite) / (2 * a * b)


@part
def turn_between(axis: Vector, goal: float, now: float, way: float) -> Quaternion:
    """Rotation about a unit axis by the difference of two angles of 0..pi, whose cosines these are, by their sum where `way` is -1: worked
    out without the angles themselves, whose functions would take most of this file's time."""
    goal, now = limited(goal, 1.0), limited(now, 1.0)
    goal_sine, now_sine = sqrt(1 - goal * goal), way * sqrt(1 - now * now)
    cosine, sine = goal * now + goal_sine * now_sine, goal_sine * now - goal * now_sine
    half = sqrt(max((1 - cosine) / 2, 0.0))
    size = half if sine >= 0 else -half
    return axis[0] * size, axis[1] * size, axis[2] * size, sqrt(max((1 + cosine) / 2, 0.0))
