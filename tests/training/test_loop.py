"""The training loop's clock: steps pass by it, and the batches with them."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

from motionwire.errors import InputError
from motionwire_training import loop
from motionwire_training.configuration import TrainingConfig
from motionwire_training.run import Run, load_checkpoint
from toy_models import write_dataset


def test_batches_keep_in_step_with_a_clock_that_leaves_steps_out(monkeypatch) -> None:
    now = [0.0]
    monkeypatch.setattr(loop.time, "monotonic", lambda: now[0])
    config = TrainingConfig(data="d", out="o", licence="free", steps=1000, seconds=10)
    state = {"step": 0, "epoch": 0, "batch": 0}
    batches = loop._stream(lambda epoch: ({"number": torch.tensor([7 * epoch + index])} for index in range(7)), state, config)
    clock = loop._Clock(config, 0, float)
    steps = []
    while state["step"] < config.steps:
        assert int(next(batches)["number"]) == state["step"]
        steps.append(state["step"])
        now[0] += 0.003 if len(steps) < 100 else 0.05  # 10 ms are one step's due
        before, state["step"] = state["step"], clock.after(state["step"])
        for _ in range(before + 1, state["step"]):
            next(batches)
    assert steps[:100] == list(range(100)), "never more than one step at a time where there is time"
    assert 10 <= now[0] < 10.06
    assert len(steps) < 350


def test_all_processes_go_by_the_clock_of_the_main_one() -> None:
    config = TrainingConfig(data="d", out="o", licence="free", steps=1000, seconds=10)
    assert loop._Clock(config, 0, as_main=lambda own: own + 5).after(3) == 500


@pytest.mark.parametrize("scheduled", [False, True])
def test_only_a_schedule_loses_batches_to_the_clock(scheduled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_dataset(tmp_path / "data", clips=1)
    now, drawn, seen = [0.0], [], []
    monkeypatch.setattr(loop.time, "monotonic", lambda: now[0])
    config = TrainingConfig(
        data=str(data), out=str(tmp_path / "run"), licence="free", steps=20, seconds=2, validate_every=20, checkpoint_every=20
    )

    def epoch(_: int) -> Iterator[loop.Batch]:
        for index in range(20):
            drawn.append(index)
            yield {"number": torch.tensor([float(index)])}

    def losses(model: nn.Module, batch: loop.Batch, moment: loop.Moment) -> loop.Losses:
        seen.append((moment.step, int(batch["number"])))
        now[0] += 0.4  # four steps' due
        return {"loss": model(batch["number"][:, None]).square().sum()}

    loop.fit(Run("toy", config), nn.Linear(1, 1), epoch, losses, lambda _: {"error": 0.0}, best="error", scheduled=scheduled)
    assert [step for step, _ in seen] == [0, 4, 8, 12, 16]
    assert [number for _, number in seen] == ([0, 4, 8, 12, 16] if scheduled else [0, 1, 2, 3, 4])
    assert len(drawn) == (20 if scheduled else 5)


@pytest.mark.parametrize("asked", [5, 4], ids=["whole", "resumed"])
def test_a_resumed_run_keeps_its_budget(asked: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five steps of 0.4 s fill two seconds, wherever the run was interrupted and for how long."""
    data = write_dataset(tmp_path / "data", clips=1)
    now, seen = [0.0], []
    monkeypatch.setattr(loop.time, "monotonic", lambda: now[0])
    config = TrainingConfig(data=str(data), out=str(tmp_path / "run"), licence="free", steps=20, seconds=2, checkpoint_every=1)

    def losses(model: nn.Module, batch: loop.Batch, moment: loop.Moment) -> loop.Losses:
        if len(seen) == asked:
            seen.append(-1)
            raise KeyboardInterrupt
        seen.append(moment.step)
        now[0] += 0.4
        return {"loss": model(batch["number"]).square().sum()}

    def train() -> None:
        batch = {"number": torch.ones(1, 1)}
        loop.fit(Run("toy", config), nn.Linear(1, 1), lambda _: [batch], losses, lambda _: {"error": 0.0}, best="error")

    if asked < 5:
        with pytest.raises(KeyboardInterrupt):
            train()
        now[0] += 3600
    train()
    assert [step for step in seen if step >= 0] == [0, 4, 8, 12, 16]
    assert load_checkpoint(tmp_path / "run" / "last.safetensors")[1]["seconds"] == pytest.approx(2)


def test_a_resume_does_not_count_what_it_makes_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches take a second to be made, steps half a second; the one that the run stood at is the sixth of its epoch."""
    data = write_dataset(tmp_path / "data", clips=1)
    now = [0.0]
    monkeypatch.setattr(loop.time, "monotonic", lambda: now[0])

    def epoch(_: int) -> Iterator[loop.Batch]:
        for _ in range(10):
            now[0] += 1
            yield {"number": torch.ones(1, 1)}

    def losses(model: nn.Module, batch: loop.Batch, moment: loop.Moment) -> loop.Losses:
        now[0] += 0.5
        return {"loss": model(batch["number"]).square().sum()}

    def trained(steps: int) -> float:
        config = TrainingConfig(data=str(data), out=str(tmp_path / "run"), licence="free", steps=steps)
        loop.fit(Run("toy", config), nn.Linear(1, 1), epoch, losses, lambda _: {"error": 0.0}, best="error")
        return load_checkpoint(tmp_path / "run" / "last.safetensors")[1]["seconds"]

    assert trained(5) == pytest.approx(5 * 0.5 + 4)
    assert trained(7) == pytest.approx(7 * 0.5 + 5)


def test_an_epoch_without_a_batch_is_passed_over() -> None:
    """Of data for about one batch, some epochs draw too few windows."""
    state = {"step": 0, "epoch": 0, "batch": 0}
    config = TrainingConfig(data="d", out="o", licence="free")
    batches = loop._stream(lambda number: [{"number": torch.tensor(number)}] if number % 5 == 4 else [], state, config)
    assert [int(next(batches)["number"]) for _ in range(3)] == [4, 9, 14]
    with pytest.raises(InputError, match="do not fill one batch of 64"):
        next(loop._stream(lambda _: [], {"step": 0, "epoch": 0, "batch": 0}, config))


def test_a_validation_that_is_no_number_is_not_the_best(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data", clips=1)

    def train(out: str, errors: list[float]) -> dict[str, float]:
        left = iter(errors)
        config = TrainingConfig(data=str(data), out=str(tmp_path / out), licence="free", steps=4, validate_every=1)
        batch = {"number": torch.ones(1, 1)}
        return loop.fit(
            Run("toy", config),
            nn.Linear(1, 1),
            lambda _: [batch],
            lambda model, batch, _: {"loss": model(batch["number"]).square().sum()},
            lambda _: {"error": next(left)},
            best="error",
        )

    assert train("some", [math.nan, 3.0, math.nan, 2.0]) == {"error": 2.0}
    with pytest.raises(InputError, match="no validation gave a finite error"):
        train("none", [math.nan] * 5)
    assert not (tmp_path / "none" / "best.safetensors").exists()
