"""The whole scorecard on a network made by hand, which walks where the path ahead says."""

import numpy as np
import pytest

from controller.fake_network import FakeNetwork
from motionwire.controller.controller import Controller
from motionwire_training.evaluation.controller import scorecard
from motionwire_training.evaluation.controller.recording import record
from motionwire_training.evaluation.controller.trials import Trial, trials

SHORT = 0.02


@pytest.fixture(scope="module")
def card() -> scorecard.Scorecard:
    return scorecard.evaluate(FakeNetwork(), seeds=2, scale=SHORT)


def test_every_trial_has_its_figures(card: scorecard.Scorecard) -> None:
    assert list(card.paths) == [trial.drive.name for trial in trials(("neutral", "proud"))]
    for figures in card.paths.values():
        assert all(isinstance(value, float) for value in figures.values())
        assert figures["broken_frames"] == 0
    for name, measure in (
        ("circle2_walk", "path_error_p95_cm"),
        ("flip180_run", "response_s"),
        ("start_stop_walk", "stop_s"),
        ("turn90", "turn_s"),
        ("idle", "drift_cm"),
        ("strafe90_left", "facing_error_deg"),
        ("style_path/proud", "path_error_ratio"),
    ):
        assert np.isfinite(card.paths[name][measure])


def test_the_root_that_follows_the_path_scores_well(card: scorecard.Scorecard) -> None:
    assert card.paths["straight_walk"]["path_error_cm"] < 0.5
    assert card.paths["eight_walk"]["path_error_cm"] < 8
    assert card.paths["random_walk"]["dead_frames"] == 0
    assert 0 < card.paths["flip90_walk"]["response_s"] < card.paths["flip180_walk"]["response_s"] < 0.8


def test_a_frozen_network_is_dead() -> None:
    def freeze(outputs, calls) -> None:
        outputs[1][:] = 0

    drive = next(trial for trial in trials(("neutral",), SHORT) if trial.drive.name == "random_walk")
    recording = next(record(Controller(FakeNetwork(freeze)), [drive.drive], 1))
    figures = scorecard.measure(Trial(drive.drive), recording, scorecard.Recorded())
    assert figures["dead_frames"] > 100 and figures["speed_share"] < 0.3


def test_drives_that_share_a_state_do_not_touch_each_other() -> None:
    chosen = [trial.drive for trial in trials(("neutral", "proud"), SHORT) if trial.drive.name in ("straight_walk", "circle1.5_walk")]
    controller = Controller(FakeNetwork())
    together = list(record(controller, chosen, 2))
    alone = next(record(controller, chosen[:1], 2))
    assert np.allclose(together[0].places, alone.places, atol=1e-6)
    assert together[1].drive.name == "circle1.5_walk" and together[1].places[-1, 0, 0] != pytest.approx(alone.places[-1, 0, 0])
