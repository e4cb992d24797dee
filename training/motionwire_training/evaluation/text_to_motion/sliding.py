"""Feet that slide, by their heights alone: contacts call no foot down that is faster than 0.25 m/s, so by them none that glides is."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion

from motionwire.motion.clip import Clip
from motionwire.motion.contacts import CONTACT_JOINTS
from motionwire.motion.legs import TOES
from motionwire_training.evaluation.controller.feet import rest_heights

NEAR = 0.025  # m over a joint's height in the standing pose
LOW, FAST = 0.05, 0.5  # m over the ground, m/s: 2.5 cm a frame at their 20 fps


def slides(clip: Clip) -> NDArray[np.float64]:
    """Horizontal speeds (m/s) [N] of each foot in each frame in which it is down, at the lower one of its heel and toe.

    Down is a foot whose heel and toe are both less than NEAR above where they are in the standing pose (one of them alone is so while it
    swings by), and that in the frames before and after, too, from which its speed comes: what lands or lifts off is under way.
    """
    feet = clip.world()[0][:, CONTACT_JOINTS].astype(np.float64)
    if len(feet) < 2:
        return np.empty(0)
    over = (feet[..., 1] - rest_heights(clip.skeleton)).reshape(-1, 2, 2)
    speed = np.linalg.norm(np.gradient(feet[..., ::2], 1 / clip.fps, axis=0), axis=-1).reshape(over.shape)
    lower = np.take_along_axis(speed, over.argmin(axis=-1)[..., None], axis=-1)[..., 0]
    down = (over < NEAR).all(axis=-1)
    return lower[binary_erosion(down, np.ones((3, 1)), border_value=1)]


def skating(clip: Clip) -> NDArray[np.bool_]:
    """Steps [T - 1] from a frame to the next in which a toe joint is low in both and goes fast: foot skating ratio of Karunratanakul et al.
    2023 (Guided Motion Diffusion, https://arxiv.org/abs/2305.12577)."""
    toes = clip.world()[0][:, TOES].astype(np.float64)
    low = toes[..., 1] < LOW
    fast = np.linalg.norm(np.diff(toes[..., ::2], axis=0), axis=-1) * clip.fps > FAST
    return (fast & low[1:] & low[:-1]).any(axis=-1)
