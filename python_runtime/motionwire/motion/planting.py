"""Planted feet: captures and networks let a standing foot creep by 5 to 10 cm/s.

Within each contact a foot is put where it is in the contact's middle, by inverse kinematics of the leg, and between
contacts the correction passes smoothly from one to the next (the clean-up of Kovar, Schreiner, Gleicher 2002, "Footskate cleanup
for motion capture editing", without its leg stretching). Where the figure was turned under the feet, they turn back with it.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.legs import ANKLES, legs_of, reach
from motionwire.motion.ramp import ramp
from motionwire.motion.runs import runs_of

Run = tuple[int, int]  # first frame, and the first after it

PLANTED = 0.5  # contact probability
SHORTEST_CONTACT = 0.06  # s
EASE = 0.02  # s, Gaussian sigma over a correction's corners
GROUND = np.array([1.0, 0.0, 1.0])  # feet are moved over the ground, not lifted
INTO = 0.2  # s in which corrections set in after frames that are known
LARGEST = 0.4  # m: a larger correction is no creeping foot
MOST_TWIST = 0.7  # rad of a planted foot against its leg; beyond it the foot turns on heel or toe


def keep_planted(
    clip: Clip, contacts: NDArray[np.float32], turn: NDArray[np.float64] | float = 0.0, confident: float = 0.0, since: int = 0
) -> Clip:
    """The canonical clip with feet in contact kept in place.

    contacts [T, 4]; turn [T] rad by which the figure was turned at each frame; confident: a stance counts only where its contact
    is once as probable as that; since: the frames before this one are known and stay, and who stands in the last of them stays there.
    """
    root, rotations = clip.root_positions.astype(np.float64), clip.rotations.astype(np.float64)
    joints, worlds = legs_of(root, rotations, clip.skeleton.offsets.astype(np.float64))
    touching = contacts.reshape(-1, 2, 2).astype(np.float64)  # [T, foot, heel or toe]
    down = touching.max(axis=-1)
    stances = [
        [
            (first, last)
            for first, last in runs_of(down[:, foot] > PLANTED)
            if last - first >= SHORTEST_CONTACT * clip.fps and down[first:last, foot].max() >= confident
        ]
        for foot in range(len(ANKLES))
    ]
    if since:
        stances = [[(max(first, since - 1), last) for first, last in runs if last > since] for runs in stances]
    turn = np.broadcast_to(turn, len(clip)).astype(np.float64)
    yaw = np.stack([_passing(_turned_back(turn, runs, since), runs, clip.fps, since) for runs in stances], axis=1)
    ankle, toe = joints[:, :, 2], joints[:, :, 3]
    toe = ankle + rot.rotate(rot.from_yaw(yaw), toe - ankle)
    share = touching / np.maximum(touching.sum(axis=-1, keepdims=True), 1e-6)  # the foot rolls: it stands on the heel, then on the toe
    steps = share[..., :1] * _steps(ankle * GROUND) + share[..., 1:] * _steps(toe * GROUND)
    places = np.cumsum(steps, axis=0)
    offset = np.stack([_passing(_held(places[:, foot], runs, since), runs, clip.fps, since) for foot, runs in enumerate(stances)], axis=1)
    size = np.linalg.norm(offset, axis=-1, keepdims=True)
    offset *= np.minimum(1, LARGEST / np.maximum(size, LARGEST))
    bent = reach(joints, worlds, rotations, offset, yaw)
    if since:  # legs that are nearly straight may be bent in another plane than theirs, by no correction at all
        into = ramp(np.arange(float(len(clip))), (since - 1, since - 1 + INTO * clip.fps))
        bent = rot.slerp(rotations, bent, np.broadcast_to(into[:, None], bent.shape[:-1]))
    return replace(clip, rotations=rot.normalize(bent).astype(np.float32))


def _steps(places: NDArray[np.floating]) -> NDArray[np.float64]:
    """How far places [T, N, 3] go in each frame."""
    return np.gradient(places.astype(np.float64), axis=0) if len(places) > 1 else np.zeros(places.shape)


def _held(places: NDArray[np.float64], runs: Sequence[Run], since: int) -> NDArray[np.float64]:
    """Offsets [T, N] that hold places [T, N] within each run where they are in its middle; after known frames, of which a run has the last
    one at most, within the first run where it begins: there is no time to get elsewhere."""
    out = np.zeros_like(places)
    for number, (first, last) in enumerate(runs):
        out[first:last] = places[first if since and number == 0 else (first + last) // 2] - places[first:last]
    return out


def _turned_back(turn: NDArray[np.float64], runs: Sequence[Run], since: int) -> NDArray[np.float64]:
    """Angles [T] that keep each run at the direction it has in its middle, as far as a leg twists."""
    return np.clip(_held(turn[:, None], runs, since)[:, 0], -MOST_TWIST, MOST_TWIST)


def _passing(values: NDArray[np.float64], runs: list[Run], fps: float, since: int) -> NDArray[np.float64]:
    """The values [T, ...] of the runs, and a smooth passage from each run to the next; nothing before `since`, constant before the first
    run and after the last."""
    if not runs:
        return np.zeros_like(values)
    if 0 < since <= runs[0][0]:
        runs = [(0, since), *runs]
    out = values.copy()
    out[: runs[0][0]], out[runs[-1][1] :] = values[runs[0][0]], values[runs[-1][1] - 1]
    for (_, first), (last, _) in pairwise(runs):
        share = ramp(np.arange(1.0, last - first + 1), (0, last - first + 1)).reshape(-1, *[1] * (values.ndim - 1))
        out[first:last] = values[first - 1] + share * (values[last] - values[first - 1])
    return gaussian_filter1d(out, EASE * fps, axis=0, mode="nearest")
