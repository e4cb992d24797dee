"""The training loop's clock: steps pass by it, and the batches with them."""

import torch

from motionwire_training import loop
from motionwire_training.configuration import TrainingConfig


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
