"""How fast a clip travels."""

import numpy as np

from motionwire.motion.clip import Clip


def pace(clip: Clip) -> float:
    """Median speed over the ground, m/s."""
    steps = np.diff(clip.root_positions[:, [0, 2]], axis=0)
    return float(np.median(np.linalg.norm(steps, axis=1)) * clip.fps) if len(steps) else 0.0
