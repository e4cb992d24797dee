"""The path ahead that the stick asks for, and the network's trajectory input made of it and of the second behind.

Critically damped springs draw the present velocity and heading toward the wish.
"""

from math import atan2, cos, exp, floor, isfinite, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from motionwire.controller import layout
from motionwire.controller.layout import TICK
from motionwire.controller.springs import damping, decayed, travelled
from motionwire.controller.strafing import body_facing
from motionwire.controller.turns import sine_cosine
from motionwire.kernels import kernel, part

Array = NDArray[np.floating]

HISTORY = layout.PAST_FRAMES + 1
MOVING = 0.1  # m/s of the stick from which a character faces where it moves
SLOWEST, FASTEST = 0.35, 6.0  # m/s: slower nobody walks but glides, faster no legs follow, and those of many a network not so far

_STEP = layout.SAMPLE_STEP
_PRESENT, _SAMPLES, _FUTURE = layout.PRESENT, layout.SAMPLES, layout.FUTURE
_STAND_BELOW, _RUN_ABOVE = layout.STAND_BELOW, layout.RUN_ABOVE
_DIRECTIONS, _SPEEDS = 2 * _SAMPLES, 4 * _SAMPLES  # where they begin in a trajectory vector
_FUTURE_DIRECTIONS, _FUTURE_SPEEDS = 2 * _FUTURE, 4 * _FUTURE


@part
def wrap(angle: float) -> float:
    """The angle in -pi..pi."""
    return angle - 2 * pi * floor((angle + pi) / (2 * pi))


@part
def fill(trajectory: Array, desired: Array, x: float, z: float, heading: float) -> None:
    """The samples of a trajectory vector [60] from the path in the world [12, 4], as a root at x, z with this heading sees it."""
    sine, cosine = sin(heading), cos(heading)
    for k in range(_SAMPLES):
        away_x, away_z = desired[k, 0] - x, desired[k, 1] - z
        trajectory[2 * k] = cosine * away_x - sine * away_z
        trajectory[2 * k + 1] = sine * away_x + cosine * away_z
        trajectory[_DIRECTIONS + 2 * k], trajectory[_DIRECTIONS + 2 * k + 1] = sine_cosine(desired[k, 2] - heading)
        trajectory[_SPEEDS + k] = desired[k, 3]


@part
def ramp(x: float, low: float, high: float) -> float:
    """0 below `low`, 1 above `high`, smooth between."""
    t = min(max((x - low) / (high - low), 0.0), 1.0)
    return t * t * (3 - 2 * t)


@kernel
def look_ahead(
    positions: Array, headings: Array, velocities: Array, accelerations: Array, turning: Array, history: Array, newest: Array,
    future: Array, twist: Array, backing: Array, move: Array, facing: Array, clipped: Array,
    velocity_halflife: float, start_halflife: float, stop_halflife: float, facing_halflife: float, turn_limit: float,
    strafe_limit: float, prediction: float,
    trajectory: Array, gait: Array, desired: Array, travel: Array, turn: Array,
) -> None:  # fmt: skip
    """Fill the network's trajectory [B, 60] and gait [B, 3], the same path in the world, desired [B, 12, 4], and what it asks of this
    frame: travel [B, 2] m in the world and turn [B] rad. Changes accelerations, the twist asked for, backing, and move where a wall is
    near. clipped: Intent.path, or without rows; the rest is as in State, Intent and Settings."""
    swing, walled = damping(facing_halflife), len(clipped) > 0
    swung = exp(-swing * TICK)  # what is left of it after a tick, and of the stretch between two samples
    swung_far = swung**_STEP
    for i in range(len(headings)):  # by itself, since this waits for memory: then it waits for many rows at once
        for k in range(_PRESENT + 1):
            at = newest[i] + 1 + k * _STEP
            row = history[i, at if at < HISTORY else at - HISTORY]
            for column in range(4):
                desired[i, k, column] = row[column]
    for i in range(len(headings)):
        x, z, heading = positions[i, 0], positions[i, 1], headings[i]
        if walled:
            stop_at_wall(move[i], clipped[i, 0, 0] - x, clipped[i, 0, 1] - z)
        asked = sqrt(move[i, 0] ** 2 + move[i, 1] ** 2)
        halflife = stop_halflife
        if asked > MOVING:
            share = min(sqrt(velocities[i, 0] ** 2 + velocities[i, 1] ** 2) / asked, 1.0)
            halflife = start_halflife + share * (velocity_halflife - start_halflife)
        pace = damping(halflife)
        away_x, away_z = velocities[i, 0] - move[i, 0], velocities[i, 1] - move[i, 1]
        goal = heading  # who is let go does not turn on
        twist[i, 2] = 0
        if isfinite(facing[i]):
            goal = facing[i]
            if asked > MOVING:
                course = atan2(move[i, 0], move[i, 1])
                away = wrap(facing[i] - course)
                body, backing[i] = body_facing(away, strafe_limit, backing[i])
                goal, twist[i, 2] = course + body, away - body
        elif asked > MOVING:
            goal = atan2(move[i, 0], move[i, 1])
        left = -min(max(wrap(goal - heading), -turn_limit), turn_limit)

        begun_x, begun_z = accelerations[i, 0], accelerations[i, 1]
        slowed = exp(-pace * TICK)
        slowed_far = slowed**_STEP
        decay, swing_decay = 1.0, 1.0
        for k in range(_FUTURE):
            t = (k + 1) * _STEP * TICK
            decay, swing_decay = decay * slowed_far, swing_decay * swung_far
            next_x = x + move[i, 0] * t + travelled(away_x, begun_x, pace, t, decay)
            next_z = z + move[i, 1] * t + travelled(away_z, begun_z, pace, t, decay)
            speed_x = move[i, 0] + decayed(away_x, begun_x, pace, t, decay)[0]
            speed_z = move[i, 1] + decayed(away_z, begun_z, pace, t, decay)[0]
            speed = sqrt(speed_x**2 + speed_z**2)
            index = _PRESENT + 1 + k
            if walled and isfinite(clipped[i, k, 0] + clipped[i, k, 1]):
                next_x, next_z = clipped[i, k, 0], clipped[i, k, 1]
                speed = sqrt((next_x - desired[i, index - 1, 0]) ** 2 + (next_z - desired[i, index - 1, 1]) ** 2) / (_STEP * TICK)
            desired[i, index, 0], desired[i, index, 1], desired[i, index, 3] = next_x, next_z, speed
            desired[i, index, 2] = heading + decayed(left, turning[i], swing, t, swing_decay)[0] - left
        fill(trajectory[i], desired[i], x, z, heading)
        if prediction > 0:
            for k in range(_FUTURE):
                mix(trajectory[i], _PRESENT + 1 + k, future[i], k, prediction * (1 - (k + 1) / _FUTURE))

        speeds = 0.0
        for k in range(_PRESENT, _SAMPLES):
            speeds += trajectory[i, _SPEEDS + k]
        mean = speeds / (_FUTURE + 1)
        gait[i, 0] = 1 - ramp(mean, _STAND_BELOW[0], _STAND_BELOW[1])
        gait[i, 2] = ramp(mean, _RUN_ABOVE[0], _RUN_ABOVE[1])
        gait[i, 1] = 1 - gait[i, 0] - gait[i, 2]

        travel[i, 0] = move[i, 0] * TICK + travelled(away_x, begun_x, pace, TICK, slowed)
        travel[i, 1] = move[i, 1] * TICK + travelled(away_z, begun_z, pace, TICK, slowed)
        turn[i] = decayed(left, turning[i], swing, TICK, swung)[0] - left
        accelerations[i, 0] = decayed(away_x, begun_x, pace, TICK, slowed)[1]
        accelerations[i, 1] = decayed(away_z, begun_z, pace, TICK, slowed)[1]


@part
def mix(trajectory: Array, index: int, forecast: Array, k: int, share: float) -> None:
    """Move a sample toward the network's own forecast of it; the network knows the near future, the stick the far one."""
    for own, other in (
        (2 * index, 2 * k),
        (2 * index + 1, 2 * k + 1),
        (_DIRECTIONS + 2 * index, _FUTURE_DIRECTIONS + 2 * k),
        (_DIRECTIONS + 2 * index + 1, _FUTURE_DIRECTIONS + 2 * k + 1),
        (_SPEEDS + index, _FUTURE_SPEEDS + k),
    ):
        trajectory[own] += share * (forecast[other] - trajectory[own])


@part
def stop_at_wall(move: Array, x: float, z: float) -> None:
    """Take back a wish [2] that leads beyond the place x, z m away where the path's first sample was clipped; NaN: not clipped."""
    reachable = sqrt(x * x + z * z) / (_STEP * TICK)
    if reachable < sqrt(move[0] ** 2 + move[1] ** 2):
        move[0], move[1] = x / (_STEP * TICK), z / (_STEP * TICK)
