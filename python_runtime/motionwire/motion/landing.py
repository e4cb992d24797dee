"""Contacts of feet that have come down, though they still move.

A foot that lands stops within a thirtieth of a second, and one that leaves rolls off its toe. What a network makes, and a filter
leaves of it, is rounder: its feet slide for a few frames before and after they stand, low over the ground, where contacts by speed
see none.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from motionwire.motion.clip import Clip
from motionwire.motion.contacts import CONTACT_JOINTS, contacts_of, logistic, rest_of
from motionwire.motion.pace import rolling

NEAR = 0.1  # s before and after a stance
LOW, LOW_WIDTH = 0.015, 0.003  # m above rest at which a joint is as likely on the ground as not, logistic width
UNDER_WAY, UNDER_WAY_WIDTH = 2.0, 0.1  # m/s at which a foot is as likely under way as landing, logistic width


def landing_contacts(clip: Clip) -> NDArray[np.float32]:
    """Contact probabilities [T, 4] of a canonical clip on level ground: of feet that stand, at any pace, and that land or leave."""
    feet = clip.world()[0][:, CONTACT_JOINTS].astype(np.float64)
    standing = contacts_of(feet, clip.fps, rolling(clip))
    if len(clip) < 2:
        return standing
    stands = standing.reshape(-1, 2, 2).max(axis=-1)  # [T, foot]
    near = maximum_filter1d(stands, 2 * round(NEAR * clip.fps) + 1, axis=0, mode="nearest").repeat(2, axis=1)
    speed = np.linalg.norm(np.gradient(feet, 1.0 / clip.fps, axis=0), axis=-1)
    low = logistic((rest_of(feet) + LOW - feet[..., 1]) / LOW_WIDTH)
    landing = near * low * logistic((UNDER_WAY - speed) / UNDER_WAY_WIDTH)
    return np.maximum(standing, landing).astype(np.float32)
