"""The check for training steps that wait for the host finds those that do."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from training.device_step import HostWaitError, check_step

WEIGHT = torch.ones(3, requires_grad=True)
PLACES = torch.tensor([0, 2])


@pytest.mark.parametrize(
    "step",
    [
        lambda: WEIGHT.sum() * float(WEIGHT.detach().sum()),
        lambda: WEIGHT.sum() if WEIGHT.detach().sum() > 0 else -WEIGHT.sum(),
        lambda: torch.sum(WEIGHT[WEIGHT.detach() > 0]),
        lambda: torch.sum(WEIGHT * torch.tensor(2.0)),
        lambda: WEIGHT.sum() * len(WEIGHT.detach().unique()),
        lambda: torch.sum(WEIGHT[[0, 1]]),
    ],
)
def test_waiting_is_found(step: Callable[[], Tensor]) -> None:
    with pytest.raises(HostWaitError):
        check_step(step)


def test_what_stays_on_the_device_may_be() -> None:
    check_step(lambda: torch.sum((torch.where(WEIGHT > 0, WEIGHT, 0) + torch.rand_like(WEIGHT) * torch.arange(3))[PLACES][:1]))
