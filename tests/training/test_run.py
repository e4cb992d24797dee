"""Runs: exact resume after a crash, refusal of another run's folder, one-line configuration errors, whole checkpoints."""

import json
import math
import re
import resource
import signal
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from torch import nn

from motionwire.errors import InputError
from motionwire_training.configuration import TrainingConfig, load_config
from motionwire_training.loop import Batch, Moment, fit
from motionwire_training.run import Run, load_weights, read_config, read_metrics
from motionwire_training.tokenizer.configuration import TokenizerConfig
from toy_models import write_dataset


class CrashError(Exception):
    """Stands for a killed process."""


def config_of(data: Path, out: Path, **changes: object) -> TrainingConfig:
    return TrainingConfig(
        **{
            "data": str(data),
            "out": str(out),
            "licence": "free",
            "steps": 20,
            "warmup": 3,
            "validate_every": 5,
            "checkpoint_every": 4,
            "log_every": 5,
            **changes,
        }
    )


def train(
    data: Path, out: Path, crash_at: int | None = None, press_at: int | None = None, lost_at: int | None = None, **changes: object
) -> dict[str, float]:
    """Fit a small network with dropout, so that the random state matters; press_at: the step in which Ctrl-C comes, lost_at: whose loss is
    NaN."""
    config = config_of(data, out, **changes)
    run = Run("tokenizer", config)
    model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 1))
    balance = nn.BatchNorm1d(1, affine=False, momentum=0.1)  # stands for a loss weighting: buffers that follow the losses

    def epoch(number: int) -> Iterator[Batch]:
        generator = np.random.default_rng([config.seed, number])
        for _ in range(7):
            x = torch.from_numpy(generator.normal(size=(8, 4)).astype(np.float32))
            yield {"x": x, "y": x.sum(1, keepdim=True)}

    def losses(network: nn.Module, batch: Batch, moment: Moment) -> dict[str, torch.Tensor]:
        if moment.step == crash_at:
            raise CrashError
        if moment.step == press_at:
            signal.raise_signal(signal.SIGINT)
        error = (network(batch["x"]) - batch["y"]).square()
        balance(error.detach())
        return {"loss": error.mean() / (1 + balance.running_mean.sum()) * (math.nan if moment.step == lost_at else 1)}

    def validate(network: nn.Module) -> dict[str, float]:
        return {"error": float(sum((network(b["x"]) - b["y"]).square().mean() for b in epoch(999)))}

    return fit(run, model, epoch, losses, validate, best="error", stateful=balance)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = write_dataset(tmp_path / "data", clips=1)
    (folder / "dataset.json").write_text('{"version": "one"}')
    return folder


def test_a_resumed_run_equals_an_uninterrupted_one(data: Path, tmp_path: Path) -> None:
    whole = train(data, tmp_path / "whole")
    with pytest.raises(CrashError):
        train(data, tmp_path / "broken", crash_at=11)
    assert train(data, tmp_path / "broken") == whole
    a, b = load_weights(tmp_path / "whole"), load_weights(tmp_path / "broken")
    assert all(torch.equal(a[name], b[name]) for name in a)
    assert (tmp_path / "whole" / "metrics.json").read_text() == (tmp_path / "broken" / "metrics.json").read_text()
    steps = [(row["group"], row["step"]) for row in map(json.loads, (tmp_path / "broken" / "metrics.jsonl").read_text().splitlines())]
    assert len(steps) == len(set(steps)), "steps that a crash undid are logged once"


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")
def test_ctrl_c_keeps_the_step_that_it_finishes(data: Path, tmp_path: Path) -> None:
    """And the resumed run is the one that was never stopped, checks on the way included."""
    whole = train(data, tmp_path / "whole")
    for step in (6, 9):  # 9: the step ends with a validation and a logged line
        with pytest.raises(KeyboardInterrupt):
            train(data, tmp_path / "stopped", press_at=step)
        found = Run("tokenizer", config_of(data, tmp_path / "stopped")).load("last")
        assert found is not None and found[1]["step"] == step + 1
    assert train(data, tmp_path / "stopped") == whole
    for name in ("metrics.json", "metrics.jsonl"):
        rows = [re.sub('"step_ms": [0-9.]+', "", (tmp_path / run / name).read_text()) for run in ("whole", "stopped")]
        assert rows[0] == rows[1]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_resumed_run_keeps_what_was_told_of_it(data: Path, tmp_path: Path) -> None:
    """It may be stopped again before it is told anew; of one that begins anew nothing is known."""
    config = config_of(data, tmp_path / "run")
    Run("tokenizer", config).tell({"styles": ["old"]})
    run = Run("tokenizer", config)
    assert "styles" not in read_config(tmp_path / "run")
    run.tell({"styles": ["old"]})
    run.save("last", {"weight": torch.zeros(1)}, {})
    Run("tokenizer", config)
    assert read_config(tmp_path / "run")["styles"] == ["old"]


def test_a_stopped_run_that_is_asked_for_no_more_steps_is_complete(data: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(data, tmp_path / "run", press_at=2)
    figures = train(data, tmp_path / "run", steps=3)
    assert read_metrics(tmp_path / "run")["error"] == pytest.approx(figures["error"], abs=1e-3)
    assert load_weights(tmp_path / "run")


def test_a_stopped_run_that_is_asked_for_no_more_steps_ends_with_its_newest_weights(data: Path, tmp_path: Path) -> None:
    """Its last validation was at step 15, and it goes on getting better."""
    with pytest.raises(KeyboardInterrupt):
        train(data, tmp_path / "run", press_at=17)
    figures = train(data, tmp_path / "run", steps=18)
    assert read_metrics(tmp_path / "run")["step"] == 18
    rows = (tmp_path / "run" / "metrics.jsonl").read_text()
    assert train(data, tmp_path / "run", steps=18) == figures
    assert (tmp_path / "run" / "metrics.jsonl").read_text() == rows, "and once is enough"


@pytest.mark.parametrize(("lost_at", "said", "kept"), [(7, "the gradient is nan at step 8", 4), (8, "the loss is nan at step 10", 8)])
def test_a_run_ends_where_its_loss_is_no_number(lost_at: int, said: str, kept: int, data: Path, tmp_path: Path) -> None:
    """At the next checkpoint (every 4 steps) or logged line (every 5), and no checkpoint is made of it."""
    with pytest.raises(InputError, match=f"{said}; lower learning_rate"):
        train(data, tmp_path / "run", lost_at=lost_at)
    found = Run("tokenizer", config_of(data, tmp_path / "run")).load("last")
    assert found is not None and found[1]["step"] == kept
    assert all(value.isfinite().all() for value in found[0].values())
    assert "NaN" not in (tmp_path / "run" / "metrics.jsonl").read_text()


@pytest.mark.parametrize("cut", [-30, -1], ids=["half a line", "no line break"])
def test_a_line_that_a_kill_cut_short_does_not_stop_the_resume(cut: int, data: Path, tmp_path: Path) -> None:
    train(data, tmp_path / "run", steps=8)
    path = tmp_path / "run" / "metrics.jsonl"
    before = path.read_text()
    path.write_text(before[:cut])
    train(data, tmp_path / "run", steps=15)
    lines = path.read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines][-4:] == [10, 10, 15, 15]
    assert lines[: before.count("\n") - (cut < -1)] == before.splitlines()[: None if cut == -1 else -1]


@pytest.mark.parametrize(
    ("licence_class", "said"),
    [("research", "no clip's licence is known to allow every use"), (None, "has no free clip in val: give some the split val")],
    ids=["none that may be used", "none"],
)
def test_a_training_without_clips_for_validation_does_not_begin(licence_class: str | None, said: str, tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data", clips=1, licence_class=licence_class or "free")
    if licence_class is None:
        (data / "shards" / "val-00000.tar").unlink()
    with pytest.raises(InputError, match=f"data: {said}"):
        Run("tokenizer", config_of(data, tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_a_full_disk_keeps_the_last_checkpoint(data: Path, tmp_path: Path) -> None:
    train(data, tmp_path / "run", steps=8)
    before = {path.name: path.stat().st_size for path in (tmp_path / "run").glob("*.safetensors")}
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3072, limit[1]))  # the system refuses as a full disk does
    try:
        with pytest.raises(InputError, match="cannot write"):
            train(data, tmp_path / "run", steps=16, log_every=100, validate_every=100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, ignored)
    assert {path.name: path.stat().st_size for path in (tmp_path / "run").glob("*.safetensors")} == before
    assert not [path for path in (tmp_path / "run").iterdir() if path.name.startswith(".")]


def test_training_learns_and_records_itself(data: Path, tmp_path: Path) -> None:
    figures = train(data, tmp_path / "run", steps=150, learning_rate=0.02, ema=0.9)
    first = next(row for row in map(json.loads, (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()) if row["group"] == "val")
    assert figures["error"] < 0.5 * first["error"]
    recorded = read_config(tmp_path / "run")
    assert (recorded["data_version"], recorded["config"]["seed"]) == ("one", 0)
    assert read_metrics(tmp_path / "run")["error"] == pytest.approx(figures["error"], abs=1e-3)
    assert list((tmp_path / "run" / "tensorboard").iterdir())


def test_a_folder_of_another_run_is_refused(data: Path, tmp_path: Path) -> None:
    train(data, tmp_path / "run")
    with pytest.raises(InputError, match="another seed"):
        train(data, tmp_path / "run", seed=1)
    (data / "dataset.json").write_text('{"version": "two"}')
    with pytest.raises(InputError, match="on data one"):
        train(data, tmp_path / "run")


def test_weights_that_were_trained_elsewhere_are_not_written_over(data: Path, tmp_path: Path) -> None:
    train(data, tmp_path / "run")
    (tmp_path / "run" / "last.safetensors").unlink()
    config = tmp_path / "run" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "training_data": []}))
    with pytest.raises(InputError, match="trained elsewhere; give another out="):
        train(data, tmp_path / "run")


def test_a_damaged_checkpoint_is_named(data: Path, tmp_path: Path) -> None:
    train(data, tmp_path / "run")
    path = tmp_path / "run" / "best.safetensors"
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(InputError, match=r"best\.safetensors"):
        load_weights(tmp_path / "run")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["data=x", "out=y"], "missing: licence="),
        (["data=x", "out=y", "licence=free", "bogus=1"], "bogus"),
        (
            ["data=x", "out=y", "licence=free", "lerning_rate=1"],
            "tokenizer: lerning_rate: Key 'lerning_rate' not in 'TokenizerConfig'; did you mean learning_rate?",
        ),
        (["data=x", "out=y", "licence=free", "steps=many"], "steps: Value 'many'"),
        (["data=x", "out=y", "licence=mine"], "licence 'mine' is not one of free, research"),
        (["data=x", "out=y", "licence=free", "codebook_size=1000"], "choose one of 16, 64, 256"),
        (["data=x", "out=y", "licence=free", "codebook_size=65536", "groups=2"], "16 are allowed"),
        (["data=x", "out=y", "licence=free", "shuffle=0"], "shuffle must be at least 1, not 0"),
        (["data=x", "out=y", "licence=free", "encoder_blocks=0"], "encoder_blocks must be at least 1"),
        (["data=x", "out=y", "licence=free", "refine_width=0"], "refine_width must be at least 1"),
        (["data=x", "out=y", "licence=free", "loss.ramp=-0.1"], "loss.ramp must be at least 0"),
        (["data=x", "out=y", "licence=free", "begin_from=z", "keep_codes=true", "quantizer=vq", "groups=1"], "takes fsq or lfq: vq"),
        (["data=x", "out=y", "licence=free", "begin_from=z", "keep_codes=true", "quantizer=rvq"], "keep_codes takes fsq or lfq: rvq"),
        (["loud"], "'loud' is not of the form key=value"),
        (["data=x", "out=y", "licence=free", "steps=[1"], "tokenizer"),
    ],
)
def test_wrong_words_are_one_line(words: list[str], message: str) -> None:
    with pytest.raises(InputError) as error:
        load_config("tokenizer", TokenizerConfig, words)
    assert message in str(error.value) and "\n" not in str(error.value)


def test_a_missing_data_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no dataset\.json"):
        train(tmp_path / "nowhere", tmp_path / "run")


@pytest.mark.parametrize(("able", "precision"), [(True, "bfloat16"), (False, "float32")])
def test_bf16_is_left_where_the_device_does_not_compute_in_it(
    able: bool, precision: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motionwire_training.run.computes_bf16", lambda: able)
    asked: list[str] = []

    def accelerator(mixed_precision: str, **_: object) -> Accelerator:
        asked.append(mixed_precision)  # of a process's Accelerators the first one decides
        return Accelerator()

    monkeypatch.setattr("motionwire_training.run.Accelerator", accelerator)
    Run("tokenizer", config_of(data, tmp_path / "run", bf16=True))
    assert asked == ["bf16" if able else "no"]
    assert read_config(tmp_path / "run")["precision"] == precision


def test_processes_wait_for_the_main_one_however_long_it_prepares(data: Path, tmp_path: Path) -> None:
    run = Run("tokenizer", config_of(data, tmp_path / "run"))
    assert run.accelerator.init_handler.timeout >= timedelta(days=1)
