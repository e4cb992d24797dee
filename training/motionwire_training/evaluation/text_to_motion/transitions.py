"""The nearest recorded transition: the stretch of a training clip that leads most nearly from one motion to the other, bent to fit.

A baseline for in-betweening: what a library of motion can do without a model.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from motionwire.motion import features
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINTS
from motionwire_training.evaluation.text_to_motion.library import Library
from motionwire_training.torch_motion import root_path

SOON = 5.0  # frames: a velocity counts as much as what it leads to in this time

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Found:
    """Stretch of a clip: it begins after frame `start`."""

    clip: int
    start: int


def nearest_transitions(asked: Array, frames: int, clips: Library) -> list[Found]:
    """For each vector [Q, D] of `ends_of` the stretch of the library with `frames` frames between the most similar ends."""
    best, found = np.full(len(asked), np.inf), [Found(0, 0)] * len(asked)
    squares = (asked**2).sum(axis=1)
    for clip in range(len(clips)):
        values = clips.features(clip)
        if len(values) < frames + 3:
            continue
        there = ends_of(values, frames)
        apart = squares[:, None] + (there**2).sum(axis=1) - 2 * asked @ there.T
        nearest = apart.argmin(axis=1)
        for query in np.flatnonzero(apart.min(axis=1) < best):
            best[query], found[query] = apart[query, nearest[query]], Found(clip, int(nearest[query]) + 1)
    return found


def ends_of(values: NDArray[np.float32], frames: int) -> Array:
    """Vectors [T - frames - 2, D] of features [T, 276], one for each frame from the second on: pose and speed there and frames + 1
    later, the way and the turn between, in metres."""
    path, heading = (part.numpy() for part in root_path(torch.from_numpy(values.astype(np.float64))))
    first, last = slice(1, len(values) - frames - 1), slice(frames + 2, len(values))
    way, turn = path[last] - path[first], heading[last] - heading[first]
    cosine, sine = np.cos(heading[first]), np.sin(heading[first])
    away = np.stack((cosine * way[:, 0] - sine * way[:, 1], sine * way[:, 0] + cosine * way[:, 1]), axis=1)
    turned = np.stack((np.cos(turn), np.sin(turn)), axis=1)
    poses = [values[part, features.POSITIONS] for part in (first, last)]
    speeds = [SOON * values[part, features.VELOCITIES] for part in (first, last)]
    return np.concatenate((*poses, *speeds, JOINTS**0.5 * away, JOINTS**0.5 * turned), axis=1).astype(np.float64)


def bent(values: NDArray[np.float32], start: int, frames: int, before: Clip, after: Clip) -> Clip:
    """The stretch of features [T, 276] behind frame `start` as the transition between two canonical clips: what is off at its ends is
    taken away linearly."""
    yaw = float(rot.yaw_of(before.rotations[-1, 0]))
    origin = (float(before.root_positions[-1, 0]), float(before.root_positions[-1, 2]))
    stretch = features.decode(values[start : start + frames + 2], before.skeleton, features.FPS, yaw, origin)
    # The decoder takes the first frame's step; begin where `before` ends instead.
    roots = stretch.root_positions.astype(np.float64)
    turns: Array = stretch.rotations.astype(np.float64)
    share = np.linspace(0, 1, frames + 2)
    off = [before.root_positions[-1] - roots[0], after.root_positions[0] - roots[-1]]
    roots += (1 - share)[:, None] * off[0] + share[:, None] * off[1]
    lead, lag = (
        rot.log(_short(rot.multiply(rot.inverse(turns[index]), clip.rotations[place].astype(np.float64))))
        for index, clip, place in ((0, before, -1), (-1, after, 0))
    )
    turns = rot.multiply(turns, rot.exp((1 - share)[:, None, None] * lead))
    turns = rot.multiply(turns, rot.exp(share[:, None, None] * lag))
    return Clip(before.skeleton, before.fps, roots[1:-1].astype(np.float32), rot.normalize(turns[1:-1]))


def _short(q: Array) -> Array:
    return np.where(q[..., 3:] < 0, -q, q)
