"""Steps replayed from a CUDA graph are the steps themselves."""

import copy

import pytest
import torch
from torch import Tensor, nn

from motionwire_training.replay import Batch, Losses, Moment, Replay

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device: nothing is recorded on a CPU")


def gradients_of(model: nn.Module):
    def gradients(batch: Batch, moment: Moment) -> Losses:
        loss = moment.done * model(batch["x"]).square().mean() + moment.step
        loss.backward()
        return {"loss": loss}

    return gradients


def grads(model: nn.Module) -> list[Tensor]:
    return [p.grad.clone() for p in model.parameters() if p.grad is not None]


@needs_cuda
def test_replayed_steps_are_those_run_kernel_by_kernel() -> None:
    torch.manual_seed(0)
    plain = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 4)).cuda()
    recorded = copy.deepcopy(plain)
    warnings: list[str] = []
    replay = Replay(gradients_of(recorded), recorded, lambda step: step >= 3, warnings.append)
    optimizers = [torch.optim.AdamW(model.parameters(), lr=0.1) for model in (plain, recorded)]
    for step in range(6):
        rows = 5 if step == 4 else 4
        batch = {"x": torch.randn(rows, 8, device="cuda")}
        moment = Moment(3 * (step >= 3), torch.tensor(step / 6, device="cuda"))
        found = [act(batch, moment) for act in (gradients_of(plain), replay)]
        torch.testing.assert_close(found[1]["loss"], found[0]["loss"].detach())
        torch.testing.assert_close(grads(recorded), grads(plain))
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
    assert not warnings


@needs_cuda
def test_a_step_that_waits_for_the_host_runs_all_the_same_and_says_so() -> None:
    model = nn.Linear(2, 1).cuda()

    def gradients(batch: Batch, moment: Moment) -> Losses:
        loss = model(batch["x"]).sum() * float(batch["x"].sum())
        loss.backward()
        return {"loss": loss}

    warnings: list[str] = []
    replay = Replay(gradients, model, lambda step: 0, warnings.append)
    for _ in range(2):
        model.zero_grad()
        loss = replay({"x": torch.ones(1, 2, device="cuda")}, Moment(0, torch.zeros((), device="cuda")))["loss"]
        assert torch.isfinite(loss) and all(p.grad is not None for p in model.parameters())
    assert len(warnings) == 1 and "kernel by kernel" in warnings[0]
