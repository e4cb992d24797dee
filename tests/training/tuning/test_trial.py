"""One trial as it is: a training in a process of its own, watched, stopped, resumed, refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from motionwire.errors import InputError
from motionwire_training.tuning.trial import TrialError, watch
from training.controller.tiny_data import write_dataset

TINY = [
    "licence=free", "batch_size=32", "hidden=8", "warmup=1", "threads=1", "bf16=false", "transitions=1", "time_scales=[1.0]", "bends=0",
    "steps=4", "validate_every=2", "checkpoint_every=2", "log_every=1", "stages=[{share:1,horizon:2,free_weight:0.2}]",
]  # fmt: skip


def test_a_stopped_training_goes_on(tmp_path: Path) -> None:
    words = [f"data={write_dataset(tmp_path / 'data')}", *TINY]
    out = tmp_path / "trial"
    rows = watch(words, out)
    seen = [next(rows)]
    while seen[-1]["group"] != "val":
        seen.append(next(rows))
    rows.close()
    assert seen[-1]["step"] == 2
    again = list(watch(words, out))
    assert [row["step"] for row in again if row["group"] == "val"] == [2, 4]
    assert again[: len(seen)] == seen
    assert json.loads((out / "metrics.json").read_text())


def test_a_folder_in_which_another_process_trains_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "trial"
    with subprocess.Popen([sys.executable, "-c", "input()", f"out={out}"], stdin=subprocess.PIPE) as other:
        with pytest.raises(InputError, match=f"process {other.pid} is training here"):
            next(watch(TINY, out))
        other.communicate(b"\n")


def test_a_training_that_diverges_is_not_one_that_was_refused(tmp_path: Path) -> None:
    with pytest.raises(TrialError, match=r"exit code 3: error: .*the loss is"):
        list(watch([f"data={write_dataset(tmp_path / 'data')}", *TINY, "learning_rate=1e30"], tmp_path / "trial"))


def test_what_the_training_refuses_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no dataset\.json"):
        list(watch([f"data={tmp_path}", *TINY], tmp_path / "trial"))
