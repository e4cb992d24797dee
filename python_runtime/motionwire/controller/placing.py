"""Teleport: a character put elsewhere as it is, gait, past and held feet with it."""

import numpy as np

from motionwire.controller.foot_lock import Record
from motionwire.controller.state import State
from motionwire.motion.moved import Move


def relocate(state: State, index: int, move: Move) -> None:
    """Move one character of a state over the ground, which is flat there until told."""
    for name in ("history", "desired"):
        rows = getattr(state, name)[index]
        rows[:, :2] = move.places(rows[:, :2])
        rows[:, 2] += move.turn
    state.positions[index] = move.places(state.positions[index])
    state.headings[index] += move.turn
    state.stood[index] = move.places(state.stood[index])
    state.ground[index] = 0
    state.velocities[index] = move.ways(state.velocities[index])
    state.accelerations[index] = move.ways(state.accelerations[index])
    relocate_feet(state.feet[index], move)
    state.shown_roots[index] = move.points(state.shown_roots[index])
    state.shown_rotations[index][:, 0] = move.rotations(state.shown_rotations[index][:, 0])
    body = state.bodies[index]
    state.shown_roots[index][:, 1] -= body["height"]
    body["height"] = body["height_rate"] = 0  # how far the pelvis is down, and the figure set down, is its own


def relocate_feet(feet: Record, move: Move) -> None:
    """Move one character's feet [2] of FOOT, held ones with what holds them, onto ground that is flat."""
    feet["place"] = move.places(feet["place"])
    feet["place_rate"] = move.ways(feet["place_rate"])
    shown = feet["shown"]
    seen = np.isfinite(shown[..., 0])
    shown[seen] = move.places(shown[seen])
    for name in ("offset", "offset_rate", "twist", "twist_rate"):
        feet[name] = move.vectors(feet[name])
    feet["ground"] = feet["ground_rate"] = 0
