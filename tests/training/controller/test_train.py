"""A whole tiny run: shards in, run folder out, exported graph driven by the frame loop."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from motionwire.controller.encoding import encode
from motionwire_training.configuration import load_config
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.losses import Bodies
from motionwire_training.controller.train import main
from synthetic import walking_clip
from training.controller.tiny_data import write_dataset


def test_forward_kinematics_place_the_joints_of_the_pose() -> None:
    poses, _ = encode(walking_clip(1.0, fps=60.0, turn=0.4))
    placed = Bodies.of(torch.from_numpy(poses)).joints.numpy()
    np.testing.assert_allclose(placed.reshape(len(poses), -1), poses[:, :66], atol=1e-4)


def test_recipe_loads() -> None:
    loaded = load_config(
        "controller", ControllerConfig, ["data=d", "out=o", "licence=free", "stages=[{share: 1, horizon: 3, free_weight: 0.5}]"]
    )
    assert loaded.stages[0].horizon == 3
    assert loaded.architecture == "film"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_training_writes_a_run_that_resumes(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    words = [f"data={data}", f"out={tmp_path / 'run'}", "licence=free", "batch_size=64", "hidden=16", "warmup=2", "threads=1", "bf16=false"]
    words += ["validate_every=6", "checkpoint_every=3", "log_every=3", "transitions=4", "time_scales=[1.0]"]
    main(load_config("controller", ControllerConfig, [*words, "steps=6"]))
    described = json.loads((tmp_path / "run" / "model.json").read_text())
    assert described["styles"] == ["neutral", "proud"]
    assert len(described["start_pose"]) == 264
    figures = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert {"teacher_geo_deg", "free_geo_deg", "teacher_root_vel_mae_m_s"} <= figures.keys()
    assert all(np.isfinite(value) for value in figures.values())
    main(load_config("controller", ControllerConfig, [*words, "steps=9"]))
    steps = [json.loads(line)["step"] for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert steps == sorted(steps)
    assert steps[-1] == 9


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_training_by_the_clock_ends_in_time_with_its_last_stage(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    words = [f"data={data}", f"out={tmp_path / 'run'}", "licence=free", "batch_size=64", "hidden=16", "warmup=2", "threads=1", "bf16=false"]
    words += ["steps=2000", "seconds=1", "validate_every=1000", "checkpoint_every=2000", "log_every=1", "transitions=4"]
    main(load_config("controller", ControllerConfig, [*words, "time_scales=[1.0]"]))
    lines = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    done = [line for line in lines if line["group"] == "train"]
    assert 1 < len(done) < 1000
    assert done[-1]["step"] == 2000
    assert done[-1]["learning_rate"] < max(line["learning_rate"] for line in done)
    assert "free_rotation" in done[-1]
    assert [line["step"] for line in lines if line["group"] == "val"][-1] == 2000
