"""Read-outs of a finished clip that tell an animator what would have to be cleaned.

- weighted_skate_cm_s: how fast feet slide near the ground, mean over both feet and all frames: horizontal speed times 2 - 2^(h / H), h the
  toe joint's height over its own lowest, at most H = 2.5 cm (Zhang et al. 2018, Mode-Adaptive Neural Networks, section 8.2).
- jerk_m_s3: third derivative of the joints' places, mean over joints and frames.
- contact_breaks_per_s: contacts that come or go for less than 0.1 s, of both feet.
"""

import numpy as np
from numpy.typing import NDArray

from motionwire.motion.clip import Clip
from motionwire.motion.contacts import contacts_of, feet_down
from motionwire.motion.legs import ANKLES, TOES

NEAR = 0.025  # m
BRIEF = 0.1  # s


def readouts(clip: Clip, positions: NDArray[np.floating]) -> dict[str, float]:
    """The figures of a canonical clip, by name, with world positions [T, 22, 3] of its joints."""
    places = positions.astype(np.float64)
    jerk = np.linalg.norm(np.diff(places, 3, axis=0), axis=-1) * clip.fps**3
    return {
        "weighted_skate_cm_s": round(_skate(places[:, TOES], clip.fps), 2),
        "jerk_m_s3": round(float(jerk.mean()), 2) if jerk.size else 0.0,
        "contact_breaks_per_s": round(_breaks(places, clip.fps) / clip.seconds, 2),
    }


def _skate(toes: NDArray[np.float64], fps: float) -> float:
    if len(toes) < 2:
        return 0.0
    height = np.clip(toes[1:, :, 1] - toes[:, :, 1].min(axis=0), 0, NEAR)
    speed = np.linalg.norm(np.diff(toes[:, :, ::2], axis=0), axis=-1) * fps
    return float(100 * np.mean(speed * (2 - 2 ** (height / NEAR))))


def _breaks(places: NDArray[np.float64], fps: float) -> int:
    contacts = contacts_of(places[:, [ANKLES[0], TOES[0], ANKLES[1], TOES[1]]], fps)
    count = 0
    for down in feet_down(contacts):
        changes = np.flatnonzero(np.diff(down > 0.5))
        count += int((np.diff(changes) < BRIEF * fps).sum())
    return count
