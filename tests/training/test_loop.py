"""The training loop's clock: steps pass by it, and the batches with them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

from motionwire_training import loop
from motionwire_training.configuration import TrainingConfig
from motionwire_training.run import Run


def test_batches_keep_in_step_with_a_clock_that_leaves_steps_out(monkeypatch) -> None:
    now = [0.0]
    monkeypatch.setattr(loop.time, "monotonic", lambda: now[0])
    config = TrainingConfig(data="d", out="o", licence="free", steps=1000, seconds=10)
    state = {"step": 0, "epoch": 0, "batch": 0}
    batches = loop._stream(lambda epoch: ({"number": torch.tensor([7 * epoch + index])} for index in range(7)), state, config)
    clock = loop._Clock(config, 0)
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


@pytest.mark.parametrize("scheduled", [False, True])
def test_only_a_schedule_loses_batches_to_the_clock(scheduled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "dataset.json").write_text('{"version": "one"}')
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
