"""Teacher-forcing schedules: what they give at their corners, and what they refuse."""

from itertools import pairwise

import pytest

from motionwire.errors import InputError
from motionwire_training.controller.teacher_forcing import TeacherForcing


def curve(schedule: TeacherForcing, steps: int = 100, epoch_steps: int = 10) -> list[float]:
    return [schedule.probability(step, steps, epoch_steps) for step in range(steps)]


def test_constant_holds_its_max() -> None:
    assert set(curve(TeacherForcing("constant", max=0.7))) == {0.7}


def test_step_linear_falls_from_max_to_min_between_start_and_end() -> None:
    found = curve(TeacherForcing("step_linear", start=0.2, end=0.6, max=0.9, min=0.1))
    assert found[:21] == pytest.approx([0.9] * 21)
    assert found[40] == pytest.approx(0.5)
    assert found[60:] == [0.1] * 40
    assert all(after < before for before, after in pairwise(found[20:61]))


def test_epoch_linear_stays_within_an_epoch() -> None:
    found = curve(TeacherForcing("epoch_linear", start=0.0, end=1.0))
    assert [found[epoch * 10] for epoch in range(10)] == pytest.approx([1 - epoch / 10 for epoch in range(10)])
    assert all(len(set(found[epoch * 10 : epoch * 10 + 10])) == 1 for epoch in range(10))


def test_a_fall_of_no_length_is_a_step() -> None:
    assert curve(TeacherForcing("step_linear", start=0.5, end=0.5)) == [1.0] * 50 + [0.0] * 50


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"schedule": "cosine"}, "'cosine' is not one of constant, epoch_linear, step_linear"),
        ({"start": 0.6, "end": 0.4}, "start 0.6 and end 0.4"),
        ({"end": 1.5}, "end 1.5"),
        ({"min": 0.6, "max": 0.4}, "min 0.6 and max 0.4"),
        ({"max": float("nan")}, "max nan"),
    ],
)
def test_wrong_schedules_say_what_is_wrong(words: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        TeacherForcing(**words)
