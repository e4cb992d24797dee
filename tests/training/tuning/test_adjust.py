"""Adjustment after a run: each metric beyond its limit asks for its own change, by a fourth, and no other."""

import json
import shlex
from pathlib import Path

import pytest

from motionwire.errors import InputError
from motionwire_training.configuration import load_config
from motionwire_training.controller.configuration import ControllerConfig, Stage
from motionwire_training.run import write_json
from motionwire_training.tuning.adjust import LONGEST, STRONGEST, adjust, main

GOOD = {"free_yaw_abs_deg": 2.0, "free_root_vel_mae_m_s": 0.02, "teacher_geo_deg": 0.87, "free_teacher_ratio_1s": 9.35}
STAGES = [Stage(0.2, 8, 0.0), Stage(0.3, 12, 0.16), Stage(0.5, 16, 0.32)]


def config(*words: str, stages: list[Stage] = STAGES) -> ControllerConfig:
    made = load_config("controller", ControllerConfig, ["data=d", "out=o", "licence=free", *words])
    made.stages = stages
    return made


def changed(metrics: dict[str, float], before: ControllerConfig) -> ControllerConfig:
    words = [change.override for change in adjust(GOOD | metrics, before)]
    return load_config("controller", ControllerConfig, ["data=d", "out=o", "licence=free", *words])


def test_a_good_run_is_left_alone() -> None:
    assert adjust(GOOD, config()) == []


@pytest.mark.parametrize(
    ("metrics", "last"),
    [
        ({"free_yaw_abs_deg": 6.0}, Stage(0.5, 20, 0.4)),
        ({"free_root_vel_mae_m_s": 0.05}, Stage(0.5, 16, 0.4)),
        ({"free_yaw_abs_deg": 6.0, "free_root_vel_mae_m_s": 0.05}, Stage(0.5, 20, 0.4)),
        ({"free_yaw_abs_deg": float("nan")}, Stage(0.5, 20, 0.4)),
    ],
)
def test_free_run_errors_change_the_free_run(metrics: dict[str, float], last: Stage) -> None:
    found = changed(metrics, config())
    assert found.stages[-1] == last
    assert found.stages[0] == Stage(0.2, round(8 * last.horizon / 16), 0.0)
    assert (found.latent, found.core) == (config().latent, config().core)


def test_no_shorter_horizon_follows_a_longer_one() -> None:
    before = config(stages=[Stage(0.2, 8, 0.1), Stage(0.5, 36, 0.5), Stage(0.3, 24, 0.5)])
    assert [stage.horizon for stage in changed({"free_yaw_abs_deg": 6.0}, before).stages] == [10, 45, 45]
    assert [stage.horizon for stage in changed({"free_root_vel_mae_m_s": 0.05}, before).stages] == [8, 36, 36]


def test_input_rotations_change_latent_consistency_and_core() -> None:
    before, found = config(), changed({"teacher_geo_deg": 7.0}, config())
    assert found.latent == pytest.approx(1.25 * before.latent)
    assert found.core.rotation == pytest.approx(1.25 * before.core.rotation)
    assert found.core.local_rotation == pytest.approx(1.25 * before.core.local_rotation)
    assert "stages" not in {change.override.split("=")[0] for change in adjust(GOOD | {"teacher_geo_deg": 7.0}, before)}


def test_changes_have_an_end() -> None:
    before = config(stages=[Stage(1.0, LONGEST, STRONGEST)])
    assert adjust(GOOD | {"free_yaw_abs_deg": 9.0}, before) == []
    none = changed({"free_yaw_abs_deg": 9.0}, config(stages=[Stage(1.0, 8, 0.0)]))
    assert none.stages == [Stage(1.0, 10, 0.1)], "a free run where there was none"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "my run"
    folder.mkdir()
    settings = json.loads(json.dumps(config("hidden=64", "core.rotation=2.0", "data='my data'"), default=vars))
    write_json(folder / "config.json", {"kind": "controller", "config": settings, "data_version": "one"})
    write_json(folder / "metrics.json", GOOD | {"teacher_geo_deg": 8.0})
    return folder


def test_the_command_prints_the_next_run(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(run, "")
    printed = capsys.readouterr().out.strip().splitlines()
    assert "teacher_geo_deg 8 > 5" in printed[0]
    following = load_config("controller", ControllerConfig, shlex.split(printed[-1])[2:])
    assert (following.hidden, following.core.rotation, following.stages) == (64, 2.5, STAGES)
    assert (following.data, following.out) == ("my data", f"{run}-adjusted")
    main(run, "-")
    assert len(json.loads(capsys.readouterr().out)["proposal"]) == 3


def test_other_folders_are_named(run: Path) -> None:
    (run / "metrics.json").unlink()
    with pytest.raises(InputError, match="has not finished"):
        main(run, "")
    write_json(run / "config.json", {"kind": "tokenizer", "config": {}, "data_version": "one"})
    with pytest.raises(InputError, match="is a run of tokenizer"):
        main(run, "")
