"""Reconstruction figures: nothing is lost where nothing changed, what changed is measured, and streaming changes nothing."""

import json
from pathlib import Path

import numpy as np
import pytest

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.motion import features
from motionwire_training.evaluation.tokenizer.command import main
from motionwire_training.evaluation.tokenizer.graphs import TokenizerGraphs
from motionwire_training.evaluation.tokenizer.reconstruction import beginning, errors, reconstruction
from motionwire_training.features import read_features
from synthetic import walking_clip
from toy_models import toy_bundle, toy_runs

WALK = features.encode(walking_clip(4))


def test_what_is_unchanged_has_no_error() -> None:
    found = errors(WALK, WALK)
    changed = {name: value for name, value in found.items() if not name.startswith("acceleration")}
    assert set(changed.values()) == {0.0} and found["acceleration"] == found["acceleration_data"] > 0


def test_a_shifted_joint_a_drift_and_a_tremble_are_measured() -> None:
    moved = WALK.copy()
    moved[:, 8:74].reshape(-1, 22, 3)[:, 20, 1] += 0.22  # one of 22 joints, 22 cm: 10 mm in the mean
    assert errors(WALK, moved)["mpjpe_positions_mm"] == pytest.approx(10, abs=1e-3) and errors(WALK, moved)["mpjpe_mm"] == 0
    drifting = WALK.copy()
    drifting[:, 1] += 0.001
    assert errors(WALK, drifting)["drift_cm"] == pytest.approx(0.1 * len(WALK), rel=1e-3)
    assert errors(WALK, drifting)["foot_skate_added_cm_s"] > 1
    trembling = WALK + np.random.default_rng(0).normal(scale=0.01, size=WALK.shape).astype(np.float32)
    found = errors(WALK, trembling)
    assert found["acceleration"] > 1.5 * found["acceleration_data"] and found["rotation_deg"] > 0.2


def test_streamed_decoding_is_whole_decoding_and_codes_are_counted() -> None:
    data, _, _ = toy_runs()
    graphs = TokenizerGraphs(Bundle.load(str(toy_bundle())))
    found = reconstruction(graphs, read_features(data, "val", "free"))
    assert found["streamed_difference"] < 1e-5
    assert found["positions"] == sum(len(clip.features) // 4 for clip in read_features(data, "val", "free"))
    assert 0 < found["usage"] <= 1 and 0 < found["perplexity"] <= 1 and found["groups"] == graphs.groups
    assert found["mpjpe_mm"] == pytest.approx(found["by_source"]["toy"]["mpjpe_mm"])
    assert len(found["beginning_mm"]) == 12 and found["beginning_mm"] == found["by_source"]["toy"]["beginning_mm"]
    codes = graphs.encode(WALK)
    np.testing.assert_allclose(graphs.stream(codes), graphs.replay(WALK), atol=1e-4)


def test_a_beginning_is_measured_by_position() -> None:
    class Echo(TokenizerGraphs):
        """Gives back what it gets, another pose in the first position."""

        def replay(self, values: np.ndarray) -> np.ndarray:
            made = values.copy()
            made[:4, features.ROTATIONS] = WALK[40:44, features.ROTATIONS]
            return made

    found = beginning(Echo(Bundle.load(str(toy_bundle()))), WALK[:48])
    assert len(found) == 12 and found[0] > 1 and np.abs(found[1:]).max() < 1e-9


def test_the_command_writes_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, _, _ = toy_runs()
    main(str(toy_bundle()), data, str(tmp_path / "figures.json"), 1)
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert {"mpjpe_mm", "rotation_deg", "jitter_ratio", "usage", "perplexity", "drift_cm", "medians", "windows"} <= figures.keys()
    assert "mpjpe_mm" in capsys.readouterr().out
    with pytest.raises(InputError, match="cannot write"):
        main(str(toy_bundle()), data, str(tmp_path / "no" / "figures.json"), 1)
