"""How fast a walk goes, and how slow its standing feet are."""

import numpy as np
import pytest

from motionwire.motion.contacts import SPEED
from motionwire.motion.pace import ROLLING, pace, paces, rolling
from synthetic import walking_clip


@pytest.mark.parametrize("speed", [0.5, 1.4, 3.0])
@pytest.mark.parametrize("fps", [30.0, 60.0])
def test_a_clip_travels_at_its_pace(speed: float, fps: float) -> None:
    clip = walking_clip(2.0, fps=fps, speed=speed)
    assert pace(clip) == pytest.approx(speed, rel=1e-3)
    np.testing.assert_allclose(paces(clip), speed, rtol=1e-3)
    np.testing.assert_allclose(rolling(clip), max(SPEED, ROLLING * speed), rtol=1e-3)
    assert rolling(clip).shape == (len(clip), 1)


def test_a_pose_goes_nowhere() -> None:
    pose = walking_clip().slice(0, 1)
    assert pace(pose) == 0 and not paces(pose).any()
