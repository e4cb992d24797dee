"""Figures of recorded motion, from a small data set of made walks, a run and a stand."""

from pathlib import Path

import numpy as np
import pytest

from motionwire_training.evaluation.controller import recorded as module
from motionwire_training.evaluation.controller.against import against
from motionwire_training.evaluation.controller.recorded import Recorded, kind_of, measure_recorded, samples
from motionwire_training.evaluation.controller.recording import Motion
from training.controller.tiny_data import write_dataset
from training.evaluation.controller.recordings import drive, walking


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_dataset(folder)
    return folder


@pytest.fixture(scope="module")
def recorded(data: Path) -> Recorded:
    return measure_recorded(data)


def test_kinds_by_speed() -> None:
    assert [kind_of(speed) for speed in (0.0, 0.7, 1.2, 2.5)] == ["stand", "walk", "walk", "run"]


def test_each_kind_is_measured(recorded: Recorded) -> None:
    assert {kind: figures["clips"] for kind, figures in recorded.figures.items()} == {"stand": 1, "walk": 2, "run": 1}
    assert recorded.figures["stand"]["liveliness_deg_s"] == pytest.approx(0, abs=0.1)
    assert recorded.figures["stand"]["foot_skate_cm_s"] == pytest.approx(0, abs=0.01)
    assert recorded.figures["run"]["joint_speed_p95_deg_s"] > recorded.figures["walk"]["joint_speed_p95_deg_s"] > 0
    assert recorded.figures["walk"]["float_cm"] < 1
    assert recorded.figures["walk"]["outside_range_percent"] == 0  # the same clips are in train


def test_where_val_has_no_run_those_of_train_count(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_run(data: Path, split: str, sources: tuple[str, ...]):
        return (sample for sample in samples(data, split, sources) if (split, sample.labels["content"]) != ("val", "run"))

    monkeypatch.setattr(module, "samples", without_run)
    assert {kind: figures["clips"] for kind, figures in measure_recorded(data).figures.items()} == {"stand": 1, "walk": 2, "run": 1}


def test_only_the_sources_asked_for(data: Path) -> None:
    assert len(list(samples(data, "val", ()))) == 4
    assert list(samples(data, "val", ("elsewhere",))) == []


def test_a_walk_like_the_recorded_ones_differs_little(recorded: Recorded) -> None:
    found = against(walking(), {"added_acceleration_m_s2": 0.0}, recorded)
    assert found["outside_range_percent"] == 0 and found["added_acceleration_ratio"] == 0
    assert found["joint_speed_gap"] < 0.35


def test_what_the_foot_lock_adds_is_measured_by_recorded_feet(recorded: Recorded) -> None:
    limit = recorded.figures["walk"]["foot_acceleration_p99_m_s2"]
    assert against(walking(), {"added_acceleration_m_s2": 3 * limit}, recorded)["added_acceleration_ratio"] == pytest.approx(3)


def test_a_figure_on_its_head_is_out_of_range_and_a_restless_one_lives(recorded: Recorded) -> None:
    made = walking()
    rotations = made.shown.rotations.copy()
    rotations[90:180, :, 3] = (1, 0, 0, 0)  # half a turn of the spine
    found = against(walking(shown=Motion(made.shown.roots, rotations)), {"added_acceleration_m_s2": 0.0}, recorded)
    assert found["outside_range_percent"] == pytest.approx(25)
    idle = walking(drive=drive(speed=0.0))
    recorded.figures["stand"]["liveliness_deg_s"] = 4.0
    assert against(idle, {"added_acceleration_m_s2": 0.0, "liveliness_deg_s": 2.0}, recorded)["liveliness_ratio"] == 0.5


def test_without_data_nothing_is_compared() -> None:
    assert against(walking(), {"added_acceleration_m_s2": 1.0}, Recorded()) == {}
    assert np.isfinite(walking().velocities).all()
