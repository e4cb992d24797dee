"""The chest's facing, of figures whose pelvis and spine are turned by known angles."""

import numpy as np
import pytest

from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import JOINT_NAMES
from motionwire_training.evaluation.controller.facing import chest_facing
from motionwire_training.evaluation.controller.recording import Motion
from training.evaluation.controller.recordings import walking


def test_the_chest_counts_and_not_the_pelvis() -> None:
    made = walking()
    rotations = made.shown.rotations.copy()
    rotations[:, :, 0] = rot.from_yaw(np.full(rotations.shape[:2], np.radians(40)))
    rotations[:, :, JOINT_NAMES.index("spine1")] = rot.from_yaw(np.full(rotations.shape[:2], np.radians(-30)))
    turned = walking(shown=Motion(made.shown.roots, rotations), facing=np.zeros((360, 1)))
    assert chest_facing(turned) == pytest.approx({"facing_error_deg": 10, "facing_bias_deg": 10}, abs=0.01)
