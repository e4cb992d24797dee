"""The level ground under a clip: which feet stand, the clip put on it as a whole, and kept on it frame by frame.

Captures have floors that tilt by some centimetres, and what a network makes drifts off the ground likewise: figures float or sink.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, minimum_filter1d

from motionwire.motion.clip import Clip
from motionwire.motion.legs import ANKLES, HIPS, KNEES, TOES, legs_of
from motionwire.motion.skeleton import Skeleton

Array = NDArray[np.float64]

STILL = 0.4  # m/s, a foot slower than this may be standing
FLAT = 0.03  # m by which heel and toe may differ from their heights on a flat sole
ENOUGH = 0.15  # standing feet for each frame below which the lower foot is taken instead
LOWEST = 10.0  # percentile of the heights of still feet that counts as the floor
STEP = 0.12  # m: feet that stand higher or lower than this stand on something else
LOOK = 0.4  # s without a standing foot, before and after, for which the lowest toe is taken for one that touches the ground
EASE = 0.3  # s, Gaussian sigma of a clip's correction, and how quickly a stream's follows the standing feet


def toe_height(skeleton: Skeleton) -> float:
    """How high the canonical skeleton's foot joints are while it stands in its rest pose, m."""
    offsets = skeleton.offsets
    return float(offsets[0, 1] + offsets[[HIPS, KNEES, ANKLES, TOES], 1].sum(axis=0).min())


def on_the_ground(clip: Clip, height: float) -> Clip:
    """The clip lowered or raised so that the feet's lowest stance has the foot joints `height` above y = 0.

    A foot stands while it is slow and flat; where hardly one does (a run), the lower foot of each frame counts. Frames without
    any movement at all are a repeated reference pose, not a recording.
    """
    heights, stands = _stances(clip)
    stances = heights[stands]
    lowest = np.percentile(stances if stances.size > ENOUGH * len(clip) else heights.min(axis=1), LOWEST)
    shift = np.array([0, height - lowest, 0], dtype=np.float32)
    return replace(clip, root_positions=clip.root_positions + shift)


def levelled(clip: Clip) -> Clip:
    """The canonical clip raised and lowered, gradually, so that standing feet have their joints at the height of the rest pose over
    y = 0 all along, and so the lowest toes where nobody stands on a level sole for long (runs, dances on the balls of the feet). Feet
    further than STEP from the ground stand on something and stay."""
    return replace(clip, root_positions=(clip.root_positions - off_level(clip)[:, None] * [0, 1, 0]).astype(np.float32))


def off_level(clip: Clip) -> Array:
    """By how much `levelled` lowers each frame [T], m."""
    heights, stands = _stances(clip)
    rest = toe_height(clip.skeleton)
    over = _touching_over(heights, standing_over(heights, stands, rest), rest, round(LOOK * clip.fps))
    known = np.flatnonzero(np.isfinite(over))
    if not len(known):
        return np.zeros(len(clip))
    return gaussian_filter1d(np.interp(np.arange(len(clip)), known, over[known]), EASE * clip.fps, mode="nearest")


def standing_over(heights: NDArray[np.floating], stands: NDArray[np.bool_], rest: float) -> Array:
    """How far over the ground the standing feet are on the mean [T], m; NaN where none stands on it. heights, stands [T, 2]."""
    over = heights - rest
    stands = stands & (np.abs(over) < STEP)
    count = stands.sum(axis=1)
    return np.where(count, np.where(stands, over, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)


def _touching_over(heights: NDArray[np.floating], over: Array, rest: float, reach: int) -> Array:
    """`standing_over`, and how far over the ground the lowest toe of `reach` frames before and after is where nobody stands in them."""
    if len(over) <= 2 * reach:  # too short to have come down
        return over
    lower = heights.min(axis=1) - rest
    touches = lower == minimum_filter1d(lower, 2 * reach + 1, mode="nearest")
    alone = ~maximum_filter1d(np.isfinite(over), 2 * reach + 1, mode="nearest")
    return np.where(touches & alone & (np.abs(lower) < STEP), lower, over)


def feet_of(
    root_positions: NDArray[np.floating], rotations: NDArray[np.floating], skeleton: Skeleton
) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
    """Places [T, 2, 3] of the foot joints, and whether each sole is level [T, 2]."""
    joints, _ = legs_of(root_positions.astype(np.float64), rotations.astype(np.float64), skeleton.offsets.astype(np.float64))
    ankle, toe = joints[:, :, 2], joints[:, :, 3]
    return toe, np.abs(ankle[..., 1] - toe[..., 1] + skeleton.offsets[TOES, 1]) < FLAT


def standing(flat: NDArray[np.bool_], speed: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which feet stand, by their soles being level and their speeds, m/s; what does not move at all is no recording."""
    return flat & (speed > 0) & (speed < STILL)


def _stances(clip: Clip) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
    """Heights [T, 2] of the foot joints, m, and whether each foot stands [T, 2]."""
    toe, flat = feet_of(clip.root_positions, clip.rotations, clip.skeleton)
    speed = np.linalg.norm(np.gradient(toe, axis=0), axis=-1) * clip.fps if len(clip) > 1 else np.zeros(flat.shape)
    return toe[..., 1], standing(flat, speed)
