"""The scorecard's own arithmetic, on recordings whose figures are known."""

import numpy as np
import pytest

from controller.fake_network import FakeNetwork
from motionwire.controller.controller import Controller
from motionwire.motion.contacts import soft_contacts
from motionwire_training.evaluation import controller_paths as paths
from motionwire_training.evaluation.controller_scorecard import Recording, dead_frames, foot_skate, measure, record, response
from synthetic import walking_clip


def walking(slide: float = 0.0) -> Recording:
    """A made walk at 1 m/s; `slide` m/s are added to the root sideways."""
    clip = walking_clip(6.0, fps=60.0, speed=1.0)
    contacts = soft_contacts(clip)
    root = clip.root_positions.copy()
    root[:, 0] += slide * np.arange(len(root)) / 60
    asked = np.tile([0.0, 1.0], (len(root), 1, 1))
    return Recording(root[:, None], clip.rotations[:, None], contacts[:, None], root[:, None, ::2].astype(float), asked)


def test_sliding_feet_are_measured() -> None:
    assert foot_skate(walking()) < 15
    assert foot_skate(walking(0.5)) == pytest.approx(50, abs=8)


def test_path_error_is_the_distance_from_the_path() -> None:
    drive = paths.straight(1.0, 6.0)
    figures = measure(walking(), drive)
    assert figures["path_error_cm"] == pytest.approx(0, abs=0.7)
    assert figures["speed_m_s"] == pytest.approx(1, abs=0.01)
    assert figures["dead_frames"] == figures["broken_frames"] == 0
    assert measure(walking(0.02), drive)["path_error_cm"] == pytest.approx(9, abs=1)


def test_standing_while_asked_to_move_is_dead() -> None:
    asked = np.tile([0.0, 1.0], (120, 1, 1))
    assert dead_frames(asked, asked) == 0
    assert dead_frames(np.zeros_like(asked), asked) == 90
    assert dead_frames(-asked, asked) == 90


def test_response_counts_to_half_of_the_new_velocity() -> None:
    velocity = np.zeros((60, 1, 2))
    velocity[24:, 0, 0] = 0.6
    assert response(velocity, np.array([[1.0, 0.0]])) == pytest.approx(0.4)
    assert response(np.zeros((60, 1, 2)), np.array([[1.0, 0.0]])) == 1.0


@pytest.mark.parametrize("drive", [paths.circle(2.0, 1.2, 8), paths.square(4.0, 1.2, 8), paths.eight(1.2, 8)], ids=lambda d: d.name)
def test_paths_can_be_followed(drive: paths.Drive) -> None:
    figures = measure(record(Controller(FakeNetwork()), drive, 2), drive)
    assert figures["path_error_cm"] < 12
    assert figures["dead_frames"] == 0


def test_random_stick_turns_and_rests() -> None:
    drive = paths.random_stick(1.2, 120)
    asked = np.array([drive.stick(time, np.zeros((1, 2)))[0] for time in np.arange(0, 120, 0.1)])
    speed = np.linalg.norm(asked, axis=1)
    assert set(np.round(speed, 6)) == {0.0, 1.2}
    assert asked[:, 1].min() < 0 < asked[:, 1].max()
