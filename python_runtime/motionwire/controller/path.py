"""The path ahead that the stick asks for, and the network's trajectory input made of it and of the second behind.

Critically damped springs draw the present velocity and heading toward the wish.
"""

from math import atan2, cos, isfinite, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from motionwire.controller import layout
from motionwire.controller.springs import damping, spring, spring_travel
from motionwire.controller.strafing import body_facing
from motionwire.kernels import kernel, part

Array = NDArray[np.floating]

TICK = 1.0 / layout.FPS
HISTORY = layout.PAST_FRAMES + 1
MOVING = 0.1  # m/s of the stick from which a character faces where it moves

_STEP = layout.SAMPLE_STEP
_PRESENT, _SAMPLES, _FUTURE, _PAST = layout.PRESENT, layout.SAMPLES, layout.FUTURE, layout.PAST_FRAMES
_STAND_BELOW, _RUN_ABOVE = layout.STAND_BELOW, layout.RUN_ABOVE
_DIRECTIONS, _SPEEDS = 2 * _SAMPLES, 4 * _SAMPLES  # where they begin in a trajectory vector
_FUTURE_DIRECTIONS, _FUTURE_SPEEDS = 2 * _FUTURE, 4 * _FUTURE


@part
def wrap(angle: float) -> float:
    """The angle in -pi..pi."""
    return (angle + pi) % (2 * pi) - pi


@part
def sample(trajectory: Array, index: int, sine: float, cosine: float, x: float, z: float, away: float, speed: float) -> None:
    """Write one sample, x and z from the root in the world, for a root whose heading has this sine and cosine; away: from it, rad."""
    trajectory[2 * index] = cosine * x - sine * z
    trajectory[2 * index + 1] = sine * x + cosine * z
    trajectory[_DIRECTIONS + 2 * index] = sin(away)
    trajectory[_DIRECTIONS + 2 * index + 1] = cos(away)
    trajectory[_SPEEDS + index] = speed


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
    near. clipped: Intent.path; the rest is as in State, Intent and Settings."""
    swing = damping(facing_halflife)
    for i in range(len(headings)):
        x, z, heading = positions[i, 0], positions[i, 1], headings[i]
        sine, cosine = sin(heading), cos(heading)
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

        for k in range(_PRESENT + 1):
            row = history[i, (newest[i] + 1 + k * _STEP) % HISTORY]
            desired[i, k, 0], desired[i, k, 1], desired[i, k, 2], desired[i, k, 3] = row[0], row[1], row[2], row[3]
            sample(trajectory[i], k, sine, cosine, row[0] - x, row[1] - z, row[2] - heading, row[3])
        speeds = trajectory[i, _SPEEDS + _PRESENT]
        for k in range(_FUTURE):
            t = (k + 1) * _STEP * TICK
            ahead_x = move[i, 0] * t + spring_travel(away_x, accelerations[i, 0], pace, t)
            ahead_z = move[i, 1] * t + spring_travel(away_z, accelerations[i, 1], pace, t)
            speed_x = move[i, 0] + spring(away_x, accelerations[i, 0], pace, t)[0]
            speed_z = move[i, 1] + spring(away_z, accelerations[i, 1], pace, t)[0]
            speed = sqrt(speed_x**2 + speed_z**2)
            turned = spring(left, turning[i], swing, t)[0] - left
            index = _PRESENT + 1 + k
            if isfinite(clipped[i, k, 0] + clipped[i, k, 1]):
                ahead_x, ahead_z = clipped[i, k, 0] - x, clipped[i, k, 1] - z
                last_x, last_z = desired[i, index - 1, 0] - x, desired[i, index - 1, 1] - z
                speed = sqrt((ahead_x - last_x) ** 2 + (ahead_z - last_z) ** 2) / (_STEP * TICK)
            desired[i, index, 0], desired[i, index, 1] = x + ahead_x, z + ahead_z
            desired[i, index, 2], desired[i, index, 3] = heading + turned, speed
            sample(trajectory[i], index, sine, cosine, ahead_x, ahead_z, turned, speed)
            if prediction > 0:
                mix(trajectory[i], index, future[i], k, prediction * (1 - (k + 1) / _FUTURE))
            speeds += trajectory[i, _SPEEDS + index]

        mean = speeds / (_FUTURE + 1)
        gait[i, 0] = 1 - ramp(mean, _STAND_BELOW[0], _STAND_BELOW[1])
        gait[i, 2] = ramp(mean, _RUN_ABOVE[0], _RUN_ABOVE[1])
        gait[i, 1] = 1 - gait[i, 0] - gait[i, 2]

        travel[i, 0] = move[i, 0] * TICK + spring_travel(away_x, accelerations[i, 0], pace, TICK)
        travel[i, 1] = move[i, 1] * TICK + spring_travel(away_z, accelerations[i, 1], pace, TICK)
        turn[i] = spring(left, turning[i], swing, TICK)[0] - left
        accelerations[i, 0] = spring(away_x, accelerations[i, 0], pace, TICK)[1]
        accelerations[i, 1] = spring(away_z, accelerations[i, 1], pace, TICK)[1]


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
