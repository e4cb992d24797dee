"""Long takes are cut where somebody would say that a movement begins and ends."""

import numpy as np
import pytest
from numpy.typing import NDArray

from motionwire.motion import features
from motionwire_training.text_to_motion.pieces import joint_speed, pieces

LONGEST, MORE = 256, 4


def take(*parts: tuple[float, float], seconds_in_air: float = 0.0) -> NDArray[np.float32]:
    """Features of someone who slides ahead: for each part (s, m/s), breathing; numbered by a channel that nothing here reads."""
    speed = np.concatenate([np.full(round(seconds * features.FPS), float(value)) for seconds, value in parts])
    speed += np.random.default_rng(0).uniform(0, 0.02, len(speed))
    values = np.zeros((len(speed), features.DIM), np.float32)
    values[:, features.ROOT_VELOCITY.start + 1] = speed / features.FPS
    values[round(seconds_in_air * features.FPS) :, features.CONTACTS] = 1
    values[:, features.ROOT_HEIGHT] = np.arange(len(speed))
    return values


def bounds(found: list[NDArray[np.float32]]) -> list[tuple[float, float]]:
    """When they begin and end, in s."""
    return [(part[0, features.ROOT_HEIGHT] / features.FPS, part[-1, features.ROOT_HEIGHT] / features.FPS) for part in found]


def test_a_take_of_several_movements_gives_each_and_as_many_as_fit() -> None:
    kicks = take((1, 0), (3, 1), (0.7, 0), (3, 1), (0.7, 0), (3, 1), (1, 0))
    found = bounds(pieces(kicks, LONGEST, MORE))
    wanted = [(0.5, 4.35), (0.5, 8.05), (4.35, 8.05), (4.35, 12.0), (8.05, 12.0)]
    assert len({(round(begin), round(end)) for begin, end in found}) == len(found)
    for begin, end in wanted:
        assert any(abs(one - begin) < 0.6 and abs(other - end) < 0.6 for one, other in found), (begin, end)
    for begin, end in found:
        assert any(abs(begin - one) < 0.6 and abs(end - other) < 0.6 for one, other in wanted), (begin, end)


def test_what_never_rests_does_not_end() -> None:
    swing = np.abs(np.sin(np.linspace(0, 8 * np.pi, 900)))
    dance = take(*((1 / 30, 0.3 + value) for value in swing))
    found = pieces(dance, LONGEST, MORE)
    assert [len(part) for part in found][:5] == [LONGEST + MORE] * 5 and len(found) >= 7


def test_nothing_begins_in_the_air_or_stands_about_before_it_moves() -> None:
    walk = [(8, 0), (4, 1), (0.5, 0), (4, 1), (0.5, 0), (4, 1), (1, 0)]
    begins = [begin for begin, _ in bounds(pieces(take(*walk), LONGEST, MORE))]
    assert 6 < min(begins) < 8 and max(begins) > 16
    assert {round(begin) for begin, _ in bounds(pieces(take(*walk, seconds_in_air=14), LONGEST, MORE))} == {17}


def test_who_idles_throughout_may_begin_anywhere() -> None:
    generator = np.random.default_rng(0)
    idle = take(*((0.2, value) for value in generator.uniform(0, 0.05, 200)))
    begins = [begin for begin, _ in bounds(pieces(idle, LONGEST, MORE))]
    assert len(set(begins)) > 15 and min(begins) < 3 and max(begins) > 30


def test_what_fits_is_not_cut() -> None:
    assert pieces(take((1, 0), (3, 1), (1, 0), (3, 1)), LONGEST, MORE) == []


def test_speed_is_that_of_the_joints_on_their_way() -> None:
    """Arms that go back as fast as the root goes ahead stand still."""
    values = take((2, 1.5))
    assert joint_speed(values) == pytest.approx(1.51, abs=0.01)
    values[:, features.VELOCITIES.start + 2 : features.VELOCITIES.stop : 3] = -1.51 / features.FPS
    assert joint_speed(values) == pytest.approx(0, abs=0.01)
