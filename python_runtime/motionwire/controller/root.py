"""The root's step and the phase's: what the network says, mixed with what the path asks for, and held to what a body can do."""

from math import cos, floor, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from motionwire.controller import layout
from motionwire.controller.layout import TICK
from motionwire.controller.path import HISTORY, MOVING
from motionwire.kernels import kernel, part

Array = NDArray[np.floating]

STILL, SLOW = 0.1, 0.35  # m/s: a root that is let go comes to rest by itself below the second, wholly below the first
LEAST_STRIDE = (0.0, 0.45, 1.15)  # Hz of stand, walk, run: the phase may not stall
MOST_STRIDE = 3.0  # Hz
MOST_TRAVEL = 12.0 * TICK  # m a frame
MOST_TURN = 8.0 * TICK  # rad a frame

_FPS = layout.FPS
_SIZE, _INFINITE = np.int32(0x7FFFFFFF), np.int32(0x7F800000)  # bits of a float32: all but its sign; infinity


@kernel
def take_outputs(
    next_pose: Array, root_delta: Array, next_future: Array, next_contacts: Array, phase_delta: Array, next_gait: Array,
    pose: Array, future: Array, contacts: Array, gait: Array, phase: Array, broken: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Take the network's outputs over into the state and step the phase. Characters of whom any output is not a number are `broken`:
    they hold what they had, rather than show or feed back what is not a number."""
    for i in range(len(broken)):
        moves = finite(next_pose[i]) and finite(root_delta[i])
        broken[i] = not (moves and finite(next_future[i]) and finite(next_contacts[i]) and finite(phase_delta[i]))
        copy_row(next_gait[i], gait[i])
        if broken[i]:
            continue
        copy_row(next_pose[i], pose[i])
        copy_row(next_future[i], future[i])
        copy_row(next_contacts[i], contacts[i])
        least = gait[i, 0] * LEAST_STRIDE[0] + gait[i, 1] * LEAST_STRIDE[1] + gait[i, 2] * LEAST_STRIDE[2]
        step = min(max(phase_delta[i, 0], 2 * pi * TICK * least), 2 * pi * TICK * MOST_STRIDE)
        phase[i] += step
        phase[i] -= 2 * pi * floor(phase[i] / (2 * pi))


@part
def copy_row(source: Array, target: Array) -> None:
    """Element by element, which compiles to vector moves; an assignment of slices does not."""
    for k in range(len(source)):
        target[k] = source[k]


@part
def finite(values: Array) -> bool:
    """Whether a float32 row holds numbers only: the bits of anything else, as whole numbers, are the largest."""
    bits, most = values.view(np.int32), np.int32(0)
    for k in range(len(bits)):
        most = max(most, np.int32(bits[k] & _SIZE))
    return bool(most < _INFINITE)


@kernel
def move_root(
    positions: Array, headings: Array, velocities: Array, turning: Array, history: Array, newest: Array,
    root_delta: Array, travel: Array, turn: Array, move: Array, broken: NDArray[np.bool_], pull: float,
) -> None:  # fmt: skip
    """Add the step root_delta [B, 3] (in the root's frame), drawn by `pull` toward the path's travel [B, 2] and turn [B], and remember
    where the root was. Who is let go and slow takes all of it from the path, so that who stands does not drift."""
    for i in range(len(headings)):
        step_x, step_z, turned = 0.0, 0.0, 0.0
        if not broken[i]:
            share = pull
            if move[i, 0] ** 2 + move[i, 1] ** 2 <= MOVING**2:
                speed = sqrt(velocities[i, 0] ** 2 + velocities[i, 1] ** 2)
                share += (1 - pull) * min(max((SLOW - speed) / (SLOW - STILL), 0.0), 1.0)
            sine, cosine = sin(headings[i]), cos(headings[i])
            x, z = cosine * root_delta[i, 0] + sine * root_delta[i, 1], cosine * root_delta[i, 1] - sine * root_delta[i, 0]
            step_x = limited(x + share * (travel[i, 0] - x), MOST_TRAVEL)
            step_z = limited(z + share * (travel[i, 1] - z), MOST_TRAVEL)
            turned = limited(root_delta[i, 2] + share * (turn[i] - root_delta[i, 2]), MOST_TURN)
        positions[i, 0] += step_x
        positions[i, 1] += step_z
        headings[i] += turned
        velocities[i, 0], velocities[i, 1], turning[i] = step_x * _FPS, step_z * _FPS, turned * _FPS
        newest[i] = (newest[i] + 1) % HISTORY
        row = history[i, newest[i]]
        row[0], row[1], row[2] = positions[i, 0], positions[i, 1], headings[i]
        row[3] = sqrt(velocities[i, 0] ** 2 + velocities[i, 1] ** 2)


@part
def limited(x: float, most: float) -> float:
    """The value in -most..most."""
    return min(max(x, -most), most)
