"""A long take as pieces that begin in a calm moment, and end in one where there is one.

A take of several kicks says "kick" as a whole; who asks for a kick wants one that begins and ends as a movement does, not any stretch of
the take, which would often begin in mid-air or stand about for seconds.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import find_peaks

from motionwire.motion import features

BEGINS, RESTS = 0.4, 0.2  # m/s, mean speed of the joints below which a piece may begin, and end
APART = 0.8  # s between two calm moments, of which the calmer one is kept
SMOOTHED = 7  # frames
SHORTEST = 3.0  # s
FIRST = 2.0  # s, in which a piece is LIVELY times as fast as its take, or more: no standing about before a dance; idlers idle throughout
LIVELY = 0.5


def pieces(values: NDArray[np.float32], frames: int, more: int) -> list[NDArray[np.float32]]:
    """Parts [<= frames + more, 276] of a take's features [T, 276] at 30 fps; none of one that is no longer than `frames`.

    From every calm moment on the ground up to the first and up to the last moment of rest within `frames`; where there is none, `more` than
    that many, so that they do not count as ended.
    """
    if len(values) <= frames:
        return []
    speed = joint_speed(values)
    # Framed, as the first and the last frame may be the calmest around.
    calm = find_peaks(-np.pad(speed, 1, constant_values=np.inf), height=-BEGINS, distance=round(APART * features.FPS))[0] - 1
    calm = calm[values[calm, features.CONTACTS].max(axis=1) > 0.5]
    rests = calm[speed[calm] < RESTS]
    first, least, lively = round(FIRST * features.FPS), round(SHORTEST * features.FPS), LIVELY * speed.mean()
    found = []
    for begin in calm[calm <= len(values) - least]:
        if speed[begin : begin + first].mean() >= lively:
            ends = 1 + rests[(rests >= begin + least - 1) & (rests < begin + frames)]
            found += [values[begin:end] for end in (sorted({ends[0], ends[-1]}) if len(ends) else [begin + frames + more])]
    return found


def joint_speed(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean speed of the joints [T] in m/s over some frames of features [T, 276]."""
    speed = np.linalg.norm(features.joint_steps(values), axis=-1).mean(axis=1) * features.FPS
    return uniform_filter1d(speed, SMOOTHED, mode="nearest")
