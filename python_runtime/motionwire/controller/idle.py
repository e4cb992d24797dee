"""Idle motion: breath, shifts of weight, looks around. Who stands gets it on top of the network's pose, which is nearly still there.

Breath is a sine; every other movement is two sines, 1.618 times as fast the one as the other, so that it does not repeat within minutes.
Frequencies and sizes are our own choice. The planted feet stay: this comes before the foot lock.
"""

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.quaternions import about, load, multiply, store
from motionwire.kernels import kernel, part
from motionwire.motion.skeleton import JOINT_NAMES

Array = NDArray[np.floating]

BREATH, SWAY, TWIST, LOOK, NOD, ARMS = 0.25, 0.13, 0.09, 0.085, 0.11, 0.15  # Hz
SWAY_SIDE, SWAY_AHEAD = 0.018, 0.008  # m
DEGREE = pi / 180

_SPINE1, _SPINE2, _SPINE3, _NECK, _HEAD = (JOINT_NAMES.index(name) for name in ("spine1", "spine2", "spine3", "neck", "head"))
_COLLARS = (JOINT_NAMES.index("left_collar"), JOINT_NAMES.index("right_collar"))
_SHOULDERS = (JOINT_NAMES.index("left_shoulder"), JOINT_NAMES.index("right_shoulder"))
_ELBOWS = (JOINT_NAMES.index("left_elbow"), JOINT_NAMES.index("right_elbow"))
_WRISTS = (JOINT_NAMES.index("left_wrist"), JOINT_NAMES.index("right_wrist"))
_X, _Y, _Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


@part
def wander(time: float, frequency: float) -> float:
    """A slow movement in -1..1 about 0."""
    return 0.6 * sin(2 * pi * frequency * time) + 0.4 * sin(2 * pi * 1.618 * frequency * time + 1.3)


@part
def turn(rotations: Array, joint: int, axis: tuple[float, float, float], angle: float) -> None:
    """Turn a joint of rotations [22, 4] further about an axis of its own frame."""
    store(rotations[joint], multiply(load(rotations[joint]), about(axis, angle)))


@kernel
def stand_alive(clock: Array, gait: Array, headings: Array, roots: Array, rotations: Array, size: float, dt: float) -> None:
    """Add idle motion to roots [B, 3] and rotations [B, 22, 4] by each character's share of standing, and advance clock [B] (s)."""
    for i in range(len(clock)):
        clock[i] += dt
        share, time = size * gait[i, 0] * gait[i, 0], clock[i]
        if share < 1e-3:
            continue
        breath, sway = sin(2 * pi * BREATH * time) * share * DEGREE, wander(time, SWAY) * share
        side, ahead = SWAY_SIDE * sway, SWAY_AHEAD * wander(time + 40, SWAY) * share
        roots[i, 0] += cos(headings[i]) * side + sin(headings[i]) * ahead
        roots[i, 2] += cos(headings[i]) * ahead - sin(headings[i]) * side
        body = rotations[i]
        turn(body, _SPINE1, _Z, 1.8 * DEGREE * sway)  # the chest stays over the feet
        turn(body, _SPINE2, _Y, 2.5 * DEGREE * share * wander(time, TWIST))
        turn(body, _SPINE2, _X, -0.7 * breath)
        turn(body, _SPINE3, _X, -0.7 * breath)
        turn(body, _NECK, _X, 1.2 * breath + 0.8 * DEGREE * share * wander(time, NOD))
        turn(body, _HEAD, _Y, 8 * DEGREE * share * wander(time, LOOK))
        turn(body, _HEAD, _X, 2.5 * DEGREE * share * wander(time + 20, NOD))
        for k in range(2):
            sign = 1.0 - 2.0 * k
            turn(body, _COLLARS[k], _Z, sign * 0.8 * breath)
            turn(body, _SHOULDERS[k], _X, 2.5 * DEGREE * share * wander(time + 30 * k, ARMS))
            turn(body, _ELBOWS[k], _Y, -sign * 3.5 * DEGREE * share * wander(time + 50 + 30 * k, ARMS))
            turn(body, _WRISTS[k], _Z, 3.5 * DEGREE * share * wander(time + 70 + 30 * k, ARMS))
