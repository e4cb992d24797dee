"""Curves made from recordings: a clip's path is bent by a turning rate, its planted feet are put back on the ground they stood on.

Recordings hold few turns, and no running ones. Bending turns the whole figure along the new path; a foot that is planted would
slide by that, so within each contact it keeps the place and direction it has in the contact's middle, by inverse kinematics,
and between contacts the correction passes smoothly from one to the next.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.legs import ANKLES, legs_of, reach
from motionwire_training.controller.clips import runs_of
from motionwire_training.controller.ground import level_contacts

FPS = 60
LEAST_RATE = 0.3  # rad/s
MOST_SIDEWAYS = 4.5  # m/s2, of speed times turning rate: what a runner's feet hold
KNOT_SECONDS = 1.5  # between independent turning rates along a clip
PLANTED = 0.5  # contact probability
SHORTEST_CONTACT = 4  # frames


def bend(clip: Clip, most: float, rng: np.random.Generator) -> Clip:
    """The 60 fps canonical clip along a path that turns at up to `most` rad/s."""
    steps = np.diff(clip.root_positions[:, [0, 2]].astype(np.float64), axis=0, prepend=clip.root_positions[:1, [0, 2]])
    speed = float(np.median(np.linalg.norm(steps, axis=1)) * FPS)
    turn = np.cumsum(_rates(len(clip), min(most, MOST_SIDEWAYS / max(speed, 0.1)), rng)) / FPS
    middle = np.concatenate((turn[:1], (turn[1:] + turn[:-1]) / 2))
    root = clip.root_positions.astype(np.float64)
    root[:, [0, 2]] = root[0, [0, 2]] + np.cumsum(_turned(steps, middle), axis=0)
    rotations = clip.rotations.astype(np.float64)
    rotations[:, 0] = rot.multiply(rot.from_yaw(turn), rotations[:, 0])
    joints, worlds = legs_of(root, rotations)
    before, _ = legs_of(clip.root_positions.astype(np.float64), clip.rotations.astype(np.float64))
    offset, yaw = _corrections(before[:, :, 2, ::2], joints[:, :, 2, ::2], turn, level_contacts(clip))
    rotations = reach(joints, worlds, rotations, offset, yaw)
    return replace(
        clip, root_positions=root.astype(np.float32), rotations=rot.normalize(rotations).astype(np.float32), name=f"{clip.name} bent"
    )


def _rates(frames: int, most: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """A turning rate [T] in rad/s that changes slowly between random values of one sign or the other."""
    knots = int(frames / (KNOT_SECONDS * FPS)) + 2
    values = rng.uniform(min(LEAST_RATE, most), most, knots) * np.where(rng.random(knots) < 0.8, 1, -1) * rng.choice([-1, 1])
    rate = np.interp(np.arange(frames), np.arange(knots) * KNOT_SECONDS * FPS, values)
    return gaussian_filter1d(rate, 0.15 * FPS, mode="nearest")


def _corrections(
    before: NDArray[np.float64], after: NDArray[np.float64], turn: NDArray[np.float64], contacts: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Offset [T, 2, 2] (x, z) of each ankle [T, 2, 2] and yaw [T, 2] of each foot that keep planted feet planted."""
    offset, yaw = np.zeros(after.shape), np.zeros(after.shape[:2])
    time = np.arange(len(after))
    planted = contacts.reshape(-1, 2, 2).max(axis=-1) > PLANTED
    for foot in range(len(ANKLES)):
        known = np.zeros(len(after), bool)
        for first, last in runs_of(planted[:, foot]):
            if last - first < SHORTEST_CONTACT:
                continue
            middle = (first + last) // 2
            own = _turned(before[first:last, foot] - before[middle, foot], np.full(last - first, turn[middle]))
            offset[first:last, foot] = after[middle, foot] + own - after[first:last, foot]
            yaw[first:last, foot] = turn[middle] - turn[first:last]
            known[first:last] = True
        if known.any():
            for values in (offset[:, foot, 0], offset[:, foot, 1], yaw[:, foot]):
                values[:] = np.interp(time, time[known], values[known])
    return offset, yaw


def _turned(vectors: NDArray[np.float64], angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ground vectors [T, 2] (x, z) turned by yaw angles [T]."""
    sine, cosine = np.sin(angle), np.cos(angle)
    return np.stack((cosine * vectors[:, 0] + sine * vectors[:, 1], cosine * vectors[:, 1] - sine * vectors[:, 0]), axis=-1)
