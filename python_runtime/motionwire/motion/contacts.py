"""Soft foot contacts: the probability that heel or toe is planted, from its height over its own rest height and its speed.

Heights are relative to each joint's lowest stance in the clip, since a toe joint rests some 4 cm above the ground and the
figure differs from rig to rig. No hard labels: both factors are logistic, so borderline frames stay borderline.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motionwire.errors import InputError
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINT_NAMES

CONTACT_JOINTS = tuple(JOINT_NAMES.index(name) for name in ("left_ankle", "left_foot", "right_ankle", "right_foot"))
CONTACT_NAMES = ("left_heel", "left_toe", "right_heel", "right_toe")

LIFT = np.array([0.06, 0.045, 0.06, 0.045])  # m above rest at which contact is as likely as not
LIFT_WIDTH = 0.012  # m, logistic width
SPEED = 0.25  # m/s at which contact is as likely as not
SPEED_WIDTH = 0.05  # m/s, logistic width
JITTER = 0.02  # s, Gaussian sigma: what captured feet tremble by is no lifting off
REST_PERCENTILE = 3.0  # of the heights over the clip: robust against single low frames
HIGHEST_REST = np.array([0.16, 0.10, 0.16, 0.10])  # m: feet that never come down this far never touch the ground


def soft_contacts(clip: Clip) -> NDArray[np.float32]:
    """Contact probabilities float32 [T, 4] in 0..1: left heel, left toe, right heel, right toe.

    The clip is canonical with its ground at y = 0; raises InputError otherwise.
    """
    if not clip.skeleton.is_canonical:
        raise InputError("contacts need a canonical clip (retarget it first)", clip.name or None)
    positions, _ = clip.world()
    return contacts_of(positions[:, CONTACT_JOINTS], clip.fps)


def contacts_of(feet: NDArray[np.floating], fps: float, slowest: NDArray[np.floating] | float = SPEED) -> NDArray[np.float32]:
    """Contact probabilities [T, 4] from world positions [T, 4, 3] of ankles and toes (m), in the order of CONTACT_NAMES.

    slowest: m/s, of all or of each frame [T, 1], at which contact is as likely as not.
    """
    feet = feet.astype(np.float64)
    height = feet[..., 1]
    speed = np.zeros(height.shape)
    if len(feet) > 1:
        steady = gaussian_filter1d(feet, JITTER * fps, axis=0, mode="nearest")
        speed = np.linalg.norm(np.gradient(steady, 1.0 / fps, axis=0), axis=-1)
    low = logistic((rest_of(feet) + LIFT - height) / LIFT_WIDTH)
    slow = logistic((slowest - speed) / SPEED_WIDTH)
    return (low * slow).astype(np.float32)


def rest_of(feet: NDArray[np.floating]) -> NDArray[np.floating]:
    """Heights [4] at which ankles and toes rest in a clip, m, from their places [T, 4, 3] in it."""
    return np.minimum(np.percentile(feet[..., 1], REST_PERCENTILE, axis=0), HIGHEST_REST)


def feet_down(contacts: NDArray[np.floating]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Probability [T] that the left foot is planted, by heel or toe or both, and the same of the right one; contacts [T, 4]."""
    left = 1 - (1 - contacts[:, 0]) * (1 - contacts[:, 1])
    right = 1 - (1 - contacts[:, 2]) * (1 - contacts[:, 3])
    return left, right


def logistic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + exp(-x)), without overflow."""
    return 0.5 * (1 + np.tanh(x / 2))
