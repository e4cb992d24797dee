"""Teleport: a character put elsewhere as it is, gait, past and held feet with it."""

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.state import State
from motionwire.motion import rotations as rot

Array = NDArray[np.floating]


def place(state: State, index: int, x: float, z: float, heading: float) -> None:
    """Move one character of a state to x, z (m) with a heading (rad); the ground there is flat until told."""
    turn = heading - state.headings[index]
    old, new = state.positions[index].copy(), np.array([x, z])

    def moved(places: Array) -> Array:
        return _turned(places - old, turn) + new

    for name in ("history", "desired"):
        rows = getattr(state, name)[index]
        rows[:, :2] = moved(rows[:, :2])
        rows[:, 2] += turn
    state.stood[index] = moved(state.stood[index])
    state.ground[index] = 0
    state.velocities[index] = _turned(state.velocities[index], turn)
    state.accelerations[index] = _turned(state.accelerations[index], turn)
    feet = state.feet[index]
    for name in ("place", "shown"):
        feet[name] = moved(feet[name])
    feet["place_rate"] = _turned(feet["place_rate"], turn)
    for name in ("offset", "offset_rate", "twist", "twist_rate"):
        feet[name][:, ::2] = _turned(feet[name][:, ::2], turn)
    feet["ground"] = feet["ground_rate"] = 0
    body = state.bodies[index]
    height = body["height"]
    for name in ("height", "height_rate", "drop", "drop_rate"):  # how far it is set down is the figure's own
        body[name] = 0
    quarter = rot.from_yaw(turn)
    state.shown_roots[index][:, ::2] = moved(state.shown_roots[index][:, ::2])
    state.shown_rotations[index][:, 0] = rot.multiply(quarter, state.shown_rotations[index][:, 0].astype(np.float64))
    state.shown_roots[index][:, 1] -= height
    state.positions[index], state.headings[index] = new, heading


def _turned(places: Array, turn: float) -> Array:
    """Ground vectors [..., 2] (x, z) turned by an angle."""
    sine, cosine = np.sin(turn), np.cos(turn)
    x, z = places[..., 0], places[..., 1]
    return np.stack((cosine * x + sine * z, cosine * z - sine * x), axis=-1)
