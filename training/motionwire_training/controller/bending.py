"""Curves made from recordings: a clip's path is bent by a turning rate, its planted feet are put back on the ground they stood on.

Recordings hold few turns, and no running ones. Bending turns the whole figure along the new path; a foot that is planted would
slide by that, so within each contact it keeps the place and direction it has in the contact's middle (`planting`).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motionwire.controller.layout import FPS
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.pace import pace
from motionwire.motion.planting import keep_planted
from motionwire_training.controller.ground import level_contacts

LEAST_RATE = 0.3  # rad/s
MOST_SIDEWAYS = 4.5  # m/s2, of speed times turning rate: what a runner's feet hold
KNOT_SECONDS = 1.5  # between independent turning rates along a clip


def bend(clip: Clip, most: float, rng: np.random.Generator) -> Clip:
    """The 60 fps canonical clip, with planted feet, along a path that turns at up to `most` rad/s."""
    steps = np.diff(clip.root_positions[:, [0, 2]].astype(np.float64), axis=0, prepend=clip.root_positions[:1, [0, 2]])
    return along(clip, steps, _rates(len(clip), min(most, MOST_SIDEWAYS / max(pace(clip), 0.1)), rng))


def along(clip: Clip, steps: NDArray[np.float64], rates: NDArray[np.float64]) -> Clip:
    """The clip with its root's steps [T, 2] (x, z, m) replaced and the whole figure turned at rates [T] rad/s; planted feet stay."""
    turn = np.cumsum(rates) / FPS
    middle = np.concatenate((turn[:1], (turn[1:] + turn[:-1]) / 2))
    root = clip.root_positions.astype(np.float64)
    root[:, [0, 2]] = root[0, [0, 2]] + np.cumsum(turned(steps, middle), axis=0)
    rotations = clip.rotations.astype(np.float64)
    rotations[:, 0] = rot.multiply(rot.from_yaw(turn), rotations[:, 0])
    led = replace(
        clip, root_positions=root.astype(np.float32), rotations=rot.normalize(rotations).astype(np.float32), name=f"{clip.name} bent"
    )
    return keep_planted(led, level_contacts(clip), turn)


def _rates(frames: int, most: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """A turning rate [T] in rad/s that changes slowly between random values of one sign or the other."""
    knots = int(frames / (KNOT_SECONDS * FPS)) + 2
    values = rng.uniform(min(LEAST_RATE, most), most, knots) * np.where(rng.random(knots) < 0.8, 1, -1) * rng.choice([-1, 1])
    rate = np.interp(np.arange(frames), np.arange(knots) * KNOT_SECONDS * FPS, values)
    return gaussian_filter1d(rate, 0.15 * FPS, mode="nearest")


def turned(vectors: NDArray[np.float64], angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ground vectors [T, 2] (x, z) turned by yaw angles [T]."""
    sine, cosine = np.sin(angle), np.cos(angle)
    return np.stack((cosine * vectors[:, 0] + sine * vectors[:, 1], cosine * vectors[:, 1] - sine * vectors[:, 0]), axis=-1)
