"""Times after a change of the stick, of characters that answer at known moments."""

import numpy as np
import pytest

from motionwire_training.evaluation.controller.recording import Motion
from motionwire_training.evaluation.controller.response import answer, lasting, stretches, turning
from training.evaluation.controller.recordings import walking


def answering(asked: np.ndarray, velocity: np.ndarray) -> dict[str, float]:
    """Figures of a character that is asked [T, 2] and moves at [T, 2]; its figure stands at the origin."""
    made = walking(len(asked) / 60)
    still = Motion(np.zeros((len(asked), 1, 3), np.float32), np.tile(made.raw.rotations[:1], (len(asked), 1, 1, 1)))
    places = np.cumsum(velocity, axis=0)[:, None] / 60
    return answer(walking(len(asked) / 60, asked=asked[:, None], places=places, raw=still, shown=still))


def test_half_and_nine_tenths_of_a_new_velocity() -> None:
    asked, velocity = np.tile([0.0, 1.0], (240, 1)), np.tile([0.0, 1.0], (240, 1))
    asked[60:] = velocity[60:] = (1.0, 0.0)
    velocity[60:84] = (0.0, 0.0)
    velocity[84:120] = (0.7, 0.0)
    found = answering(asked, velocity)
    assert found["response_s"] == pytest.approx(0.4, abs=0.02)
    assert found["response_90_s"] == pytest.approx(1.0, abs=0.02)


def test_what_is_never_reached_counts_whole() -> None:
    asked = np.tile([0.0, 1.0], (120, 1))
    asked[60:] = (0.0, -1.0)
    assert answering(asked, np.tile([0.0, 1.0], (120, 1)))["response_s"] == 1.0


def test_a_stop_lasts_until_the_root_rests_for_good() -> None:
    asked, velocity = np.tile([0.0, 1.0], (240, 1)), np.tile([0.0, 1.0], (240, 1))
    asked[60:] = 0
    velocity[70:80] = velocity[96:] = 0  # a pause is no stop
    assert answering(asked, velocity)["stop_s"] == pytest.approx(0.6, abs=0.03)


def test_feet_under_way_do_not_stand() -> None:
    asked = np.tile([0.0, 1.0], (360, 1))
    asked[60:] = 0
    places = np.zeros((360, 1, 2))
    assert answer(walking(6.0, asked=asked[:, None], places=places))["stop_s"] == 5.0


def test_turns_in_place() -> None:
    facing = np.zeros((240, 1))
    facing[60:] = np.pi / 2
    headings, places = facing.copy(), np.zeros((240, 1, 2))
    headings[60:120] = 0
    places[100:, :, 0] = 0.25
    found = turning(walking(4.0, facing=facing, headings=headings, places=places))
    assert found == pytest.approx({"turn_s": 1.0, "turn_error_deg": 0.0, "turn_drift_cm": 25.0})


def test_stretches_begin_where_the_wish_changes_at_once() -> None:
    wish = np.zeros((100, 2))
    wish[30:60] = (1.0, 0.0)
    assert stretches(wish) == [(30, 60), (60, 100)]
    assert stretches(np.cumsum(np.full((100, 2), 0.01), axis=0)) == []


def test_lasting_needs_half_a_second_or_the_end() -> None:
    still = np.zeros(120, bool)
    still[10:30] = still[50:85] = still[110:] = True
    assert np.flatnonzero(lasting(still)).tolist() == [*range(50, 56), *range(110, 120)]
