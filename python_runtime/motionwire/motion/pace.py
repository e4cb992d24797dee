"""How fast a clip travels, and how slow a foot that stands in it is."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from motionwire.motion.clip import Clip
from motionwire.motion.contacts import SPEED

STRIDE = 0.75  # s
ROLLING = 0.15  # of the pace, at which a foot's joint may be standing as well as not


def pace(clip: Clip) -> float:
    """Median speed over the ground, m/s."""
    steps = np.diff(clip.root_positions[:, [0, 2]], axis=0)
    return float(np.median(np.linalg.norm(steps, axis=1)) * clip.fps) if len(steps) else 0.0


def paces(clip: Clip) -> NDArray[np.float64]:
    """Speed [T] over the ground at each frame, m/s, the mean of a stride."""
    if len(clip) < 2:
        return np.zeros(len(clip))
    speeds = np.linalg.norm(np.gradient(clip.root_positions[:, [0, 2]].astype(np.float64), axis=0), axis=1) * clip.fps
    return uniform_filter1d(speeds, max(round(STRIDE * clip.fps), 1), mode="nearest")


def rolling(clip: Clip) -> NDArray[np.float64]:
    """Speed [T, 1], m/s, at which a foot's joint may be standing as well as not.

    A foot that stands in a run rolls over its ball: in captured runs of 3 m/s half of the joints within 2 cm of the ground are slower
    than 0.3 m/s, three quarters than 0.5.
    """
    return np.maximum(SPEED, ROLLING * paces(clip))[:, None]
