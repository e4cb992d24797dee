"""Where the chest looks, against where it was asked to look while moving another way."""

import numpy as np

from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import JOINT_NAMES
from motionwire_training.evaluation.controller.following import WARM_UP
from motionwire_training.evaluation.controller.recording import Recording

CHEST = JOINT_NAMES.index("spine3")


def chest_facing(recording: Recording) -> dict[str, float]:
    """Angle between the chest's heading and the wished facing after the warm-up: its mean size, and the largest mean of a character."""
    yaw = rot.yaw_of(recording.shown.world[1][WARM_UP:, :, CHEST].astype(np.float64))
    error = np.degrees(rot.half_a_turn_at_most(yaw - recording.facing[WARM_UP:]))
    return {"facing_error_deg": float(np.abs(error).mean()), "facing_bias_deg": float(np.abs(error.mean(axis=0)).max())}
