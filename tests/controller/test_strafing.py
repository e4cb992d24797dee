"""How facing is shared between body and spine."""

import numpy as np
import pytest

from motionwire.controller.strafing import TWIST_HALFLIFE, body_facing, twist_chest


@pytest.mark.parametrize(
    ("away", "body"),
    [(0.0, 0.0), (0.5, 0.5), (1.2, 0.8), (-1.2, -0.8), (2.0, np.pi - 0.8), (-2.0, 0.8 - np.pi), (3.0, 3.0), (-np.pi, -np.pi)],
)
def test_the_body_stays_near_the_travel_or_straight_backward(away: float, body: float) -> None:
    assert body_facing(away, 0.8, False) == (pytest.approx(body), abs(away) > np.pi / 2)


def test_at_a_right_angle_steps_do_not_change_to_and_fro() -> None:
    around = np.pi / 2 + np.array([-0.1, 0.1, -0.1, 0.1])
    for backing in (False, True):
        assert all(body_facing(away, 0.8, backing)[1] == backing for away in around)


def test_the_chest_comes_to_the_twist_without_a_jump() -> None:
    twist, still = np.array([[0.0, 0.0, 0.6]]), np.tile(np.float32([0, 0, 0, 1]), (1, 22, 1))
    angles = []
    for _ in range(90):
        rotations = still.copy()
        twist_chest(twist, rotations)
        angles.append(2 * np.arcsin(rotations[0, [3, 6, 9], 1]).sum())
    assert angles[-1] == pytest.approx(0.6, abs=1e-3)
    assert angles[round(TWIST_HALFLIFE * 60)] == pytest.approx(0.3, abs=0.08)
    assert np.abs(np.diff(angles, n=2)).max() < 0.02
