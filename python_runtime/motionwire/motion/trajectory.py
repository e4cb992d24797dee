"""A clip's way over the ground, without the sway of the hips from step to step; and clips that stay in place."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip

SWAY = 0.4  # s, Gaussian sigma: a sway of one stride a second is reduced to 4 %


def trajectory(clip: Clip) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Ground positions [T, 2] (x, z in m) and headings [T] (rad, unwrapped) of a canonical clip; raises InputError for others."""
    if not clip.skeleton.is_canonical:
        raise InputError("the way over the ground needs a canonical clip (retarget it first)", clip.name or None)
    ground = clip.root_positions[:, ::2].astype(np.float64)
    heading = np.unwrap(rot.yaw_of(clip.rotations[:, 0].astype(np.float64)))
    return _steady(ground, clip.fps), _steady(heading[:, None], clip.fps)[:, 0]


def in_place(clip: Clip) -> Clip:
    """The clip without its way over the ground; turns, heights and the sway of the hips stay."""
    ground, _ = trajectory(clip)
    root = clip.root_positions.astype(np.float64)
    root[:, ::2] -= ground - ground[0]
    return replace(clip, root_positions=root.astype(np.float32))


def _steady(values: NDArray[np.floating], fps: float) -> NDArray[np.floating]:
    """Values [T, N] without their sway; beyond its ends a path goes on as it came, so that a straight one stays as it is."""
    beyond = min(len(values) - 1, round(3 * SWAY * fps))
    if beyond < 1:
        return values
    before = 2 * values[0] - values[beyond:0:-1]
    after = 2 * values[-1] - values[-2 : -beyond - 2 : -1]
    padded = np.concatenate((before, values, after))
    return gaussian_filter1d(padded, SWAY * fps, axis=0, mode="nearest")[beyond : beyond + len(values)]
