"""Paths are what their names say, and distances from them are exact between their points."""

import numpy as np
import pytest

from motionwire.motion.rotations import half_a_turn_at_most
from motionwire_training.evaluation.controller import path as paths

ALL = [paths.straight(10), paths.circle(1.5), paths.circle(5), paths.square(4), paths.eight(), paths.eight(2.5), paths.sine(20)]


@pytest.mark.parametrize("path", ALL)
def test_points_are_evenly_spaced_from_the_origin(path: paths.Path) -> None:
    points = np.concatenate((path.points, path.points[:1])) if path.closed else path.points
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    assert np.abs(path.points[0]).max() < 1e-9
    assert steps.max() <= paths.SPACING * 1.05 and np.median(steps) == pytest.approx(paths.SPACING, rel=0.02)


def test_distance_is_to_the_way_and_not_to_its_points() -> None:
    distance, heading = paths.straight(10).compare(np.array([[0.003, 5.024], [-0.2, 5.0]]))
    assert distance == pytest.approx([0.003, 0.2])
    assert heading == pytest.approx([0, 0])


def test_distance_and_direction_on_a_circle() -> None:
    angle = np.linspace(0.1, 6, 50)
    places = np.stack((2 - 2.1 * np.cos(angle), 2.1 * np.sin(angle)), axis=-1)
    distance, heading = paths.circle(2).compare(places)
    assert distance == pytest.approx(0.1, abs=1e-3)
    assert half_a_turn_at_most(heading - angle) == pytest.approx(0, abs=0.02)


def test_the_square_has_sharp_corners() -> None:
    distance, _ = paths.square(4).compare(np.array([[0.0, 4.0], [4.0, 4.0], [2.0, 2.0], [4.3, 2.0]]))
    assert distance == pytest.approx([0, 0, 2, 0.3], abs=1e-6)
