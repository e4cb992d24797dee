"""accelerate launch with two processes (gloo, on the CPU) gives the loss curve of one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from toy_models import TINY_TOKENIZER, write_dataset


def test_two_processes_learn_like_one(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    words = ["tokenizer", f"data={data}", "licence=free", "bf16=false", "threads=1", "log_every=2", *TINY_TOKENIZER]
    one = [sys.executable, "-m", "motionwire_training.cli"]
    two = [sys.executable, "-m", "accelerate.commands.launch", "--num_processes", "2", "--cpu", "--main_process_port", "0"]
    curves = []
    for name, command in (("one", one), ("two", [*two, "-m", "motionwire_training.cli"])):
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        done = subprocess.run([*command, *words, f"out={tmp_path / name}"], capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        rows = [json.loads(line) for line in (tmp_path / name / "metrics.jsonl").read_text().splitlines()]
        curves.append([row["loss"] for row in rows if row["group"] == "train"])
    assert len(curves[0]) == 3 and curves[0] == pytest.approx(curves[1], rel=1e-3)
