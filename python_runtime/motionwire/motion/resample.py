"""Resample a clip to another frame rate by its true rate: slerp for rotations, linear for positions.

Frame k of the result is the motion at k / fps seconds, so 100 fps becomes a true 30 fps rather than every third frame.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip

FRAME_EPSILON = 1e-4  # of a source frame: header rates such as 0.0333333 s must not lose the last frame to rounding


def sample_times(frames: int, source_fps: float, fps: float) -> NDArray[np.float64]:
    """Source frame positions [T'] (fractional) of the result's frames; never beyond the last source frame."""
    step = source_fps / fps
    count = math.floor((frames - 1 + FRAME_EPSILON) / step) + 1
    return np.minimum(np.arange(count) * step, frames - 1)


def resample(clip: Clip, fps: float, keep_last: bool = False) -> Clip:
    """The same motion at `fps` frames a second; raises InputError unless 0 < fps <= 1000. keep_last: its last frame is the clip's last,
    and the first one may be lost between two, instead of the other way round."""
    if _same_rate(clip, fps):
        return clip if fps == clip.fps else replace(clip, fps=fps)
    times = sample_times(len(clip), clip.fps, fps)
    return _at(clip, times + (len(clip) - 1 - times[-1]) if keep_last else times, fps)


def resample_whole(clip: Clip, fps: float) -> Clip:
    """The same at `fps` frames a second from the clip's first frame to its last, both kept: up to half a frame longer or shorter."""
    if _same_rate(clip, fps):
        return clip if fps == clip.fps else replace(clip, fps=fps)
    steps = max(1, round((len(clip) - 1) * fps / clip.fps))
    return _at(clip, np.linspace(0, len(clip) - 1, steps + 1), fps)


def _same_rate(clip: Clip, fps: float) -> bool:
    if not 0 < fps <= 1000:
        raise InputError(f"cannot resample to {fps} frames a second", clip.name or None)
    return math.isclose(fps, clip.fps, rel_tol=1e-4)


def _at(clip: Clip, times: NDArray[np.float64], fps: float) -> Clip:
    """The clip at these frame positions [T'] (fractional)."""
    before = np.floor(times).astype(int)
    after = np.minimum(before + 1, len(clip) - 1)
    weight = times - before

    def linear(values: NDArray[np.float32]) -> NDArray[np.float32]:
        w = weight.reshape(-1, *([1] * (values.ndim - 1)))
        return (values[before] * (1 - w) + values[after] * w).astype(np.float32)

    rotations = clip.rotations.astype(np.float64)
    turned = rot.slerp(rotations[before], rotations[after], np.broadcast_to(weight[:, None], (len(times), len(clip.skeleton))))
    return replace(
        clip,
        fps=float(fps),
        root_positions=linear(clip.root_positions),
        rotations=turned.astype(np.float32),
        translations=None if clip.translations is None else linear(clip.translations),
    )
