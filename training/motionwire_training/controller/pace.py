"""How fast a clip travels."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from motionwire.motion.clip import Clip

STRIDE = 0.75  # s


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
