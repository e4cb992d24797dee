"""Walks steered by a stick: they go where it says, as soon as the run time asks it, on feet that stay."""

import numpy as np
import pytest

from motionwire.controller.encoding import root_track
from motionwire_training.controller.ground import level_contacts
from motionwire_training.controller.planting import plant
from motionwire_training.controller.steered import steer
from motionwire_training.evaluation.controller.feet import skate
from motionwire_training.evaluation.controller.recording import Motion
from synthetic import walking_clip
from training.controller.tiny_data import still_clip


def test_the_figure_turns_and_brakes_at_once_and_its_feet_stay() -> None:
    clip = plant(walking_clip(8.0, fps=60.0, speed=1.2))
    led = steer(clip, np.random.default_rng(3))
    assert led is not None and len(led) == len(clip)
    track = root_track(led)
    velocities = track.velocities()
    speeds = np.linalg.norm(velocities, axis=1)
    assert speeds.min() < 0.6
    assert 1.0 < np.median(speeds) < 1.3
    turning = np.abs(np.gradient(track.headings)) * 60
    assert turning.max() > 2.0
    course = np.arctan2(velocities[:, 0], velocities[:, 1])
    away = np.abs(np.angle(np.exp(1j * (course - track.headings))))
    assert np.median(away) < 0.3, "it goes where it faces"
    slide = skate(Motion(led.root_positions[:, None], led.rotations[:, None]), level_contacts(led)[:, None])
    assert slide < 12


@pytest.mark.parametrize("clip", [still_clip(2.0), walking_clip(3.0, fps=60.0, speed=0.2)])
def test_who_stands_is_not_steered(clip) -> None:
    assert steer(clip, np.random.default_rng(0)) is None
