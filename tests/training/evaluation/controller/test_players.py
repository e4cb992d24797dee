"""Scripted players ask for what they should."""

import numpy as np
import pytest

from motionwire_training.evaluation.controller import path as paths
from motionwire_training.evaluation.controller import players

STEP = 1 / 60


@pytest.mark.parametrize("path", [paths.circle(1.5), paths.square(4), paths.eight(), paths.sine(100)])
def test_who_does_what_is_asked_stays_on_the_path(path: paths.Path) -> None:
    play = players.follow(path, 1.2)(2)
    places, seen = np.zeros((2, 2)), []
    for frame in range(3600):
        move, facing = play(frame * STEP, places)
        places = places + move * STEP
        seen.append(places)
    assert np.isnan(facing).all()
    assert np.linalg.norm(move, axis=1) == pytest.approx(1.2)
    assert path.compare(np.array(seen))[0].max() < 0.15


def test_the_eight_is_walked_through_both_loops() -> None:
    play = players.follow(paths.eight(), 1.2)(1)
    place, seen = np.zeros((1, 2)), []
    for frame in range(1500):
        place = place + play(frame * STEP, place)[0] * STEP
        seen.append(place[0])
    assert np.array(seen)[:, 1].min() < -2.5 and np.array(seen)[:, 1].max() > 2.5


def test_the_random_stick_turns_back_rests_and_differs_by_character() -> None:
    play = players.random_stick(1.2, 300)(3)
    asked = np.array([play(time, np.zeros((3, 2)))[0] for time in np.arange(0, 300, 0.1)])
    speed = np.linalg.norm(asked, axis=-1)
    assert set(np.round(speed.ravel(), 6)) == {0.0, 1.2}
    assert not np.allclose(asked[:, 0], asked[:, 1])
    turned = np.sum(asked[1:] * asked[:-1], axis=-1) / 1.2**2
    assert (turned < -0.99).sum() > 20
    again = players.random_stick(1.2, 300)(3)
    assert np.array_equal(asked[-1], again(299.9, np.zeros((3, 2)))[0])


def test_flips_turn_the_stick_by_their_angle() -> None:
    play = players.flips(2.0, 90, every=4)(5)
    before, after = (play(time, np.zeros((5, 2)))[0] for time in (3.99, 4.0))
    assert before == pytest.approx(np.tile([0, 2.0], (5, 1)))
    assert np.sum(before * after, axis=1) == pytest.approx(0, abs=1e-9)
    assert set(np.sign(after[:, 0])) == {-1, 1}


def test_start_and_stop_alternate() -> None:
    play = players.start_stop(1.2, every=3)(1)
    assert [play(time, np.zeros((1, 2)))[0][0, 1] for time in (0, 2.9, 3, 5.9, 6)] == [0, 0, 1.2, 1.2, 0]


def test_a_held_stick_points_by_its_degrees() -> None:
    move, facing = players.hold(0.8, 90, facing=0.0)(2)(0.0, np.zeros((2, 2)))
    assert move == pytest.approx(np.tile([0.8, 0], (2, 1)))
    assert (facing == 0).all()


def test_turning_in_place_asks_for_a_facing_alone() -> None:
    play = players.turn_in_place(180, every=4)(1)
    assert (play(4.0, np.zeros((1, 2)))[0] == 0).all()
    assert [play(time, np.zeros((1, 2)))[1][0] for time in (0, 4, 8)] == pytest.approx([0, np.pi, 0])
