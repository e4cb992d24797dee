"""A clip at the scene's frame rate, on whole frames."""

import numpy as np

from . import rotations as rot


def resample(roots, rotations, fps, wanted):
    """(root positions [T', 3], rotations [T', J, 4]) at `wanted` frames a second; slerp between frames, nothing beyond the last."""
    if abs(fps - wanted) < 1e-3:
        return roots, rotations
    times = np.arange(int((len(roots) - 1) * wanted / fps + 1e-4) + 1) * fps / wanted
    times = np.minimum(times, len(roots) - 1)
    before = times.astype(int)
    after = np.minimum(before + 1, len(roots) - 1)
    weight = times - before
    between = roots[before] + (roots[after] - roots[before]) * weight[:, None]
    return between, rot.slerp(rotations[before], rotations[after], np.broadcast_to(weight[:, None], (len(times), rotations.shape[1])))
