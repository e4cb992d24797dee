"""The ranges of the evaluator that comes along see what no body does, and are renewed by one command."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from typer.testing import CliRunner

from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import JOINT_NAMES
from motionwire_training.cli import app
from motionwire_training.evaluation.controller.joint_ranges import JointRanges
from motionwire_training.evaluation.evaluator.judge import TRAINED
from motionwire_training.evaluation.evaluator.ranges import BUFFERS
from motionwire_training.run import load_weights, read_config
from synthetic import walking_clip
from toy_evaluator import toy_evaluator
from toy_models import toy_runs


@pytest.mark.parametrize(("joint", "axis", "degrees"), [("head", "z", 90), ("left_wrist", "x", 150), ("left_knee", "z", 30)])
def test_the_one_that_comes_along_sees_joints_that_no_body_bends_so(joint: str, axis: str, degrees: float) -> None:
    ranges = JointRanges(*(load_weights(TRAINED)[name].double().numpy() for name in BUFFERS))
    walk = walking_clip(4.0).rotations
    assert not ranges.outside(walk).any()
    index = JOINT_NAMES.index(joint)
    bent = walk.astype(np.float64)
    bent[:, index] = rot.multiply(bent[:, index], rot.exp(np.radians(degrees) * np.eye(3)["xyz".index(axis)]))
    assert ranges.outside(bent)[:, index].all()


def test_ranges_are_renewed_to_what_a_training_would_give_and_nothing_else_is(tmp_path: Path) -> None:
    data, _, _ = toy_runs()
    run = shutil.copytree(toy_evaluator(), tmp_path / "run")
    trained = load_weights(run)
    blank = {name: torch.zeros_like(value) if name in BUFFERS else value for name, value in trained.items()}
    save_file(blank, run / "best.safetensors", metadata={"state": "{}"})
    done = CliRunner().invoke(app, ["evaluator-ranges", str(run), "--data", str(data)])
    assert done.exit_code == 0, done.output
    renewed = load_weights(run)
    assert renewed.keys() == trained.keys()
    for name, value in trained.items():
        torch.testing.assert_close(renewed[name], value, atol=2e-3 if name in BUFFERS else 0, rtol=0)  # a run keeps half floats
    assert read_config(run)["ranges_data_version"] == json.loads((data / "dataset.json").read_text())["version"]
