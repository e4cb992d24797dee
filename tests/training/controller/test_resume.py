"""A controller run that is killed and started again ends where an uninterrupted one does, to the bit, weighting state included."""

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor

from motionwire_training.configuration import load_config
from motionwire_training.controller import train
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.run import load_checkpoint
from training.controller.tiny_data import write_dataset


class CrashError(Exception):
    """Stands for a killed process."""


def untimed(line: str) -> dict[str, float]:
    """A line of the log without how long its steps took."""
    return {key: value for key, value in json.loads(line).items() if key != "step_ms"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("strategy", ["shares", "gradnorm"])
def test_a_killed_run_continues_bit_for_bit(strategy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_dataset(tmp_path / "data")
    monkeypatch.setattr(train, "VALIDATION_WINDOWS", 8)
    monkeypatch.setattr(train, "EPOCH_BATCHES", 5)
    words = [f"data={data}", "licence=free", "batch_size=64", "hidden=16", "warmup=2", "threads=1", "bf16=false", "steps=14"]
    words += ["validate_every=4", "checkpoint_every=3", "log_every=1", "transitions=2", "time_scales=[1.0]", f"balance.strategy={strategy}"]

    def run(name: str) -> None:
        train.main(load_config("controller", ControllerConfig, [*words, f"out={tmp_path / name}"]))

    run("whole")
    plain = train.total_of
    calls = 0

    def killed(*given: object) -> dict[str, Tensor]:
        nonlocal calls
        calls += 1
        if calls == 12:  # after the checkpoint of step 9, in the stage that runs free
            raise CrashError
        return plain(*given)

    with monkeypatch.context() as patched, pytest.raises(CrashError):
        patched.setattr(train, "total_of", killed)
        run("broken")
    run("broken")
    for tag in ("last", "best"):
        (a, state), (b, other) = (load_checkpoint(tmp_path / name / f"{tag}.safetensors") for name in ("whole", "broken"))
        assert {**state, "seconds": 0} == {**other, "seconds": 0}, "but for the time that both took"
        assert all(torch.equal(a[name], b[name]) for name in a) and a.keys() == b.keys()
    assert any(name.startswith("stateful/") for name in load_checkpoint(tmp_path / "whole" / "last.safetensors")[0])
    rows, others = ((tmp_path / name / "metrics.jsonl").read_text().splitlines() for name in ("whole", "broken"))
    assert [untimed(row) for row in rows] == [untimed(row) for row in others]
    last = json.loads(rows[-1])
    assert last["group"] == "val" and {"share_core", "share_aux", "share_long"} <= last.keys()
