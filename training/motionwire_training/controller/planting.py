"""Planted feet in training clips: captures let a standing foot creep by 5 to 10 cm/s, and a network learns that faithfully.

Within each contact a foot is put where it is in the contact's middle, by inverse kinematics of the leg, and between
contacts the correction passes smoothly from one to the next (the clean-up of Kovar, Schreiner, Gleicher 2002, "Footskate cleanup
for motion capture editing", without its leg stretching). Where the figure was turned under the feet, they turn back with it.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.legs import ANKLES, legs_of, reach
from motionwire_training.controller.ground import level_contacts
from motionwire_training.controller.runs import runs_of

PLANTED = 0.5  # contact probability
SHORTEST_CONTACT = 0.06  # s
EASE = 0.02  # s, Gaussian sigma over a correction's corners
LARGEST = 0.4  # m: a larger correction is no creeping foot


def plant(clip: Clip) -> Clip:
    """The canonical clip with the feet that its contacts call planted kept in place."""
    return keep_planted(clip, level_contacts(clip), np.zeros(len(clip)))


def keep_planted(clip: Clip, contacts: NDArray[np.float32], turn: NDArray[np.float64]) -> Clip:
    """The clip with feet in contact kept in place; contacts [T, 4], turn [T] rad by which the figure was turned at each frame."""
    root, rotations = clip.root_positions.astype(np.float64), clip.rotations.astype(np.float64)
    joints, worlds = legs_of(root, rotations)
    touching = contacts.reshape(-1, 2, 2).astype(np.float64)  # [T, foot, heel or toe]
    planted = touching.max(axis=-1) > PLANTED
    stances = [[run for run in runs_of(planted[:, foot]) if run[1] - run[0] >= SHORTEST_CONTACT * clip.fps] for foot in range(len(ANKLES))]
    yaw = np.stack([_passing(_turned_back(turn, runs), runs, clip.fps) for runs in stances], axis=1)
    ankle, toe = joints[:, :, 2], joints[:, :, 3]
    toe = ankle + rot.rotate(rot.from_yaw(yaw), toe - ankle)
    share = touching / np.maximum(touching.sum(axis=-1, keepdims=True), 1e-6)  # the foot rolls: it stands on the heel, then on the toe
    steps = share[..., :1] * np.gradient(ankle[..., ::2], axis=0) + share[..., 1:] * np.gradient(toe[..., ::2], axis=0)
    places = np.cumsum(steps, axis=0)
    offset = np.stack([_passing(_held(places[:, foot], runs), runs, clip.fps) for foot, runs in enumerate(stances)], axis=1)
    size = np.linalg.norm(offset, axis=-1, keepdims=True)
    offset *= np.minimum(1, LARGEST / np.maximum(size, LARGEST))
    rotations = reach(joints, worlds, rotations, offset, yaw)
    return replace(clip, rotations=rot.normalize(rotations).astype(np.float32))


def _held(places: NDArray[np.float64], runs: list[tuple[int, int]]) -> NDArray[np.float64]:
    """Offsets [T, N] that hold places [T, N] within each run where they are in its middle."""
    out = np.zeros_like(places)
    for first, last in runs:
        out[first:last] = places[(first + last) // 2] - places[first:last]
    return out


def _turned_back(turn: NDArray[np.float64], runs: list[tuple[int, int]]) -> NDArray[np.float64]:
    """Angles [T] that keep each run at the direction it has in its middle."""
    return _held(turn[:, None], runs)[:, 0]


def _passing(values: NDArray[np.float64], runs: list[tuple[int, int]], fps: float) -> NDArray[np.float64]:
    """The values [T, ...] of the runs, and a smooth passage from each run to the next; constant before the first and after the last."""
    if not runs:
        return np.zeros_like(values)
    out = values.copy()
    out[: runs[0][0]], out[runs[-1][1] :] = values[runs[0][0]], values[runs[-1][1] - 1]
    for (_, first), (last, _) in pairwise(runs):
        share = np.arange(1, last - first + 1) / (last - first + 1)
        share = (share * share * (3 - 2 * share)).reshape(-1, *[1] * (values.ndim - 1))
        out[first:last] = values[first - 1] + share * (values[last] - values[first - 1])
    return gaussian_filter1d(out, EASE * fps, axis=0, mode="nearest")
