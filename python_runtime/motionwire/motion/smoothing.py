"""Filters against jitter in clips: they take away trembling from frame to frame and delay nothing.

- one_euro: Casiez, Roussel, Vogel 2012, "1 Euro Filter". The cutoff rises with speed, so slow poses are steadied and quick
  moves keep their edge. It looks back only and would lag; run from both ends and averaged, it does not.
- savitzky_golay: Savitzky, Golay 1964: a cubic through each frame's neighbourhood.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip

Array = NDArray[np.floating]

CUTOFF = 4.0  # Hz, of what does not move
CUTOFF_PER_SPEED = 2.0  # Hz for each rad/s, or each 0.5 m/s
SPEED_CUTOFF = 2.0  # Hz, of the speed itself
METRES_PER_RADIAN = 0.5  # how the root's speed compares with a joint's
WINDOW = 0.3  # s around a frame that the cubic is fitted to
ORDER = 3


def one_euro(clip: Clip) -> Clip:
    """The clip in metres, steadied by the one-euro filter."""
    if len(clip) < 2:
        return clip
    rotations, roots = rot.continuous(clip.rotations.astype(np.float64)), clip.root_positions.astype(np.float64)
    turned = [_one_euro(values, clip.fps) for values in (rotations, rotations[::-1])]
    moved = [_one_euro(values, clip.fps) for values in (roots[:, None] / METRES_PER_RADIAN, roots[::-1, None] / METRES_PER_RADIAN)]
    return replace(
        clip,
        rotations=rot.slerp(turned[0], turned[1][::-1], np.full(turned[0].shape[:-1], 0.5)).astype(np.float32),
        root_positions=((moved[0] + moved[1][::-1])[:, 0] * METRES_PER_RADIAN / 2).astype(np.float32),
    )


def savitzky_golay(clip: Clip) -> Clip:
    """The clip smoothed by cubics over WINDOW seconds; clips shorter than that come back as they are."""
    from scipy.signal import savgol_filter  # noqa: PLC0415 - 60 MB, which a server that smooths nothing does without

    window = max(ORDER + 2, 2 * round(WINDOW * clip.fps / 2) + 1)
    if len(clip) < window:
        return clip
    rotations = rot.continuous(clip.rotations.astype(np.float64))
    return replace(
        clip,
        rotations=rot.normalize(savgol_filter(rotations, window, ORDER, axis=0)).astype(np.float32),
        root_positions=savgol_filter(clip.root_positions.astype(np.float64), window, ORDER, axis=0).astype(np.float32),
    )


def _one_euro(values: Array, fps: float) -> Array:
    """Rotations [T, J, 4], or points [T, J, 3] in units of METRES_PER_RADIAN, filtered forward in time."""
    turning = values.shape[-1] == 4
    out, speed = values.copy(), np.zeros(values.shape[1])
    for t in range(1, len(values)):
        last, now = out[t - 1], values[t]
        step = rot.angle_between(values[t - 1], now) if turning else np.linalg.norm(now - values[t - 1], axis=-1)
        speed += _share(SPEED_CUTOFF, fps) * (step * fps - speed)
        share = _share(CUTOFF + CUTOFF_PER_SPEED * speed, fps)
        out[t] = rot.slerp(last, now, share) if turning else last + share[:, None] * (now - last)
    return out


def _share(cutoff: Array | float, fps: float) -> Array:
    """How much of a new value a low pass of this cutoff (Hz) takes."""
    return np.asarray(1 / (1 + fps / (2 * np.pi * np.asarray(cutoff))))
