"""torchrun with two processes (gloo, on the CPU) gives the losses and gradients of one; `accelerate launch --cpu` starts but one."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from toy_models import TINY_TOKENIZER, write_dataset
from training.controller import tiny_data

# Without noise, which every process draws for itself, and without the phase, whose mean is weighed within a process.
TINY_CONTROLLER = ["hidden=16", "batch_size=64", "steps=6", "warmup=1", "validate_every=6", "transitions=2", "time_scales=[1.0]"]
TINY_CONTROLLER += ["pose_noise=0", "trajectory_noise=0", "phase_noise=0", "core.phase=0", "stages=[{horizon: 4}]"]


@pytest.mark.parametrize(
    ("stage", "recipe", "make"),
    [("tokenizer", TINY_TOKENIZER, write_dataset), ("controller", TINY_CONTROLLER, tiny_data.write_dataset)],
    ids=["tokenizer", "controller"],
)
def test_two_processes_learn_like_one(stage: str, recipe: list[str], make: Callable[[Path], Path], tmp_path: Path) -> None:
    data = make(tmp_path / "data")
    words = [stage, f"data={data}", "licence=free", "bf16=false", "threads=1", "log_every=2", *recipe]
    one = [sys.executable, "-m", "motionwire_training.cli"]
    two = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    curves = []
    for name, command in (("one", one), ("two", [*two, "-m", "motionwire_training.cli"])):
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true"}
        done = subprocess.run([*command, *words, f"out={tmp_path / name}"], capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        rows = [json.loads(line) for line in (tmp_path / name / "metrics.jsonl").read_text().splitlines()]
        curves.append([row[name] for row in rows if row["group"] == "train" for name in ("loss", "gradient_norm")])
    assert len(curves[0]) == 6 and curves[0] == pytest.approx(curves[1], rel=1e-3)
