"""Contacts over a floor that is not quite level, at any pace.

Captures drift: over a few metres the feet of some CMU walks rise by two or three centimetres, as much as tells a planted foot from
a lifted one. Here each foot joint's height is taken over the lowest it reaches within a second, which in any gait is a stance.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, minimum_filter1d

from motionwire.motion.clip import Clip
from motionwire.motion.contacts import CONTACT_JOINTS, contacts_of
from motionwire.motion.pace import rolling

WINDOW = 1.0  # s to each side
SMOOTHING = 0.3  # s


def level_contacts(clip: Clip) -> NDArray[np.float32]:
    """Contact probabilities [T, 4] of a canonical clip in which every foot touches the ground at least once in two seconds."""
    feet = clip.world()[0][:, CONTACT_JOINTS].astype(np.float64)
    lowest = minimum_filter1d(feet[..., 1], 2 * round(WINDOW * clip.fps) + 1, axis=0, mode="nearest")
    feet[..., 1] -= gaussian_filter1d(lowest, SMOOTHING * clip.fps, axis=0, mode="nearest")
    return contacts_of(feet, clip.fps, rolling(clip))
