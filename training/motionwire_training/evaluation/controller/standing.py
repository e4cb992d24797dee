"""A character left alone: does it stay where it is, and is it alive?"""

import numpy as np

from motionwire.controller.layout import FPS
from motionwire_training.evaluation.controller.dynamics import liveliness
from motionwire_training.evaluation.controller.recording import Motion, Recording

SETTLED = 5 * FPS  # frames given to come to rest


def standing(recording: Recording) -> dict[str, float]:
    """Largest way of the pelvis from where it had settled, its place at the end, and how much the joints move."""
    ground = recording.shown.roots[SETTLED:, :, [0, 2]].astype(np.float64)
    settled, last = ground[:FPS].mean(axis=0), ground[-FPS:].mean(axis=0)
    rest = Motion(recording.shown.roots[SETTLED:], recording.shown.rotations[SETTLED:])
    return {
        "sway_cm": 100 * float(np.linalg.norm(ground - settled, axis=-1).max()),
        "drift_cm": 100 * float(np.linalg.norm(last - settled, axis=-1).max()),
        "liveliness_deg_s": liveliness(rest),
    }
