"""Feet that dip into the ground, as a dancer's stamp that a network overdoes: the knee bends, so that the foot comes down on it."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.ground import toe_height
from motionwire.motion.legs import TOES, legs_of, reach
from motionwire.motion.planting import EASE
from motionwire.motion.runs import runs_of

DEEP = 0.025  # m under where it rests that a recorded foot joint goes
LOWER = 0.16  # m further down: a stair below, no dip


def out_of_the_ground(clip: Clip) -> Clip:
    """The canonical clip with no foot joint DEEP under its height in the rest pose over y = 0. A foot that goes
    deeper than LOWER stands on something lower and stays."""
    root, rotations = clip.root_positions.astype(np.float64), clip.rotations.astype(np.float64)
    joints, worlds = legs_of(root, rotations, clip.skeleton.offsets.astype(np.float64))
    toe = toe_height(clip.skeleton) - DEEP
    heel = toe - float(clip.skeleton.offsets[TOES, 1].mean())
    under = np.maximum(np.maximum(heel - joints[:, :, 2, 1], toe - joints[:, :, 3, 1]), 0.0)
    up = np.stack([_dips(under[:, foot], clip.fps) for foot in range(under.shape[1])], axis=1)
    if not up.any():
        return clip
    bent = reach(joints, worlds, rotations, up[..., None] * [0.0, 1.0, 0.0])
    return replace(clip, rotations=rot.normalize(bent).astype(np.float32))


def _dips(under: NDArray[np.float64], fps: float) -> NDArray[np.float64]:
    """How far to raise a foot that is so far under the ground [T], m, the dips of less than LOWER only."""
    kept = under.copy()
    for first, last in runs_of(under > 0):
        if under[first:last].max() > LOWER:
            kept[first:last] = 0
    return np.maximum(kept, gaussian_filter1d(kept, EASE * fps, mode="nearest"))
