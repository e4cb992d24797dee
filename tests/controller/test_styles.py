"""Styles come softly; who stands comes to how the style stands, whatever was before, and who moves or turns is left alone."""

import numpy as np
import pytest

from controller.fake_network import FakeNetwork
from motionwire.controller import layout
from motionwire.controller.controller import Controller
from motionwire.controller.intent import Intent
from motionwire.controller.root import SLOW
from motionwire.controller.styles import TURNING, blend_styles, stand_in_style

STAND, WALK = np.array([[1.0, 0, 0]], np.float32), np.array([[0, 1.0, 0]], np.float32)


def drawn(gait: np.ndarray, speed: float = 0.0, turning: float = 0.0, seconds: float = 2.0) -> float:
    """How far a pose of zeros has come to stands of ones and twos, of which the second style is asked for."""
    pose, shares = np.zeros((1, layout.POSE), np.float32), np.array([[0.0, 1.0]], np.float32)
    stands = np.stack((np.ones(layout.POSE), np.full(layout.POSE, 2))).astype(np.float32)
    for _ in range(round(seconds * 60)):
        stand_in_style(pose, shares, gait, np.array([[0.0, speed]]), np.array([turning]), stands)
    assert np.ptp(pose) < 1e-6
    return float(pose[0, 0])


def test_shares_go_over_to_the_style_that_is_asked_for() -> None:
    shares = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)
    blend_styles(shares, np.array([1, 1]), 0.75)
    np.testing.assert_allclose(shares, [[0.75, 0.25], [0.0, 1.0]])


def test_who_stands_still_comes_to_how_the_style_stands() -> None:
    assert drawn(STAND) == pytest.approx(2 * (1 - 0.5**4), abs=0.01)


@pytest.mark.parametrize(("gait", "speed", "turning"), [(WALK, 0.0, 0.0), (STAND, SLOW, 0.0), (STAND, 0.0, TURNING), (STAND, 0.0, -9.0)])
def test_who_moves_or_turns_is_left_alone(gait: np.ndarray, speed: float, turning: float) -> None:
    assert drawn(gait, speed, turning) < 1e-6


def test_a_network_that_holds_on_to_a_pose_stands_in_its_style_all_the_same() -> None:
    """It keeps whatever pose it is fed, and bends in one style as long as that is asked for."""

    class Keeping(FakeNetwork):
        def run(self, names, feed):
            outputs = super().run(names, feed)
            outputs[0] = feed["pose"] + np.float32(0.02) * feed["style"][:, 1:2] * (self.start + 1 - feed["pose"])
            return outputs

    network = Keeping()
    controller = Controller(network)
    np.testing.assert_allclose(controller.stands[0], network.start, atol=1e-5)
    assert (controller.stands[1] - network.start > 0.5).all()
    state = controller.create([[0.0, 0.0, 0.0]], [0.0])
    for style, bent in ((1, True), (0, False)):
        for _ in range(300):
            controller.step(state, Intent(np.zeros((1, 2)), np.full(1, np.nan), np.array([style])))
        assert (np.abs(state.pose[0] - network.start).max() > 0.5) == bent
