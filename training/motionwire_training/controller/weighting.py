"""The interface of loss weighting: the losses of three groups go in, their weighted sum comes out, with what to log.

A strategy's state is all in its buffers, so a checkpoint that holds its state_dict resumes it exactly. Vectors are in the order
of GROUPS. With several processes all of them see the mean losses and hence weigh alike.
"""

from collections.abc import Callable, Mapping
from functools import cache

import torch
from accelerate.utils import reduce
from torch import Tensor, nn

from motionwire_training.controller.balance import GROUPS

MEMORY = 0.99  # decay of running means; shorter at the start
LEAST = 1e-6  # of a loss that is divided by


class Weighting(nn.Module):
    """weighting(losses, shared) -> total, statistics."""

    wanted: Tensor
    shares: Tensor
    seen: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("wanted", torch.zeros(len(GROUPS)))  # shares that are asked for
        self.register_buffer("shares", torch.zeros(len(GROUPS)))  # running means of the groups' shares of the total
        self.register_buffer("seen", torch.zeros(len(GROUPS)))  # steps in which a group took part

    def forward(self, losses: Mapping[str, Tensor], shared: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """Weighted sum of scalar losses >= 0 by group, and `weight_*` and `share_*` of each group to log.

        A group without terms in this step is absent from `losses`. shared: the last weights that all groups depend on.
        """
        zero = torch.zeros_like(self.shares[0])
        found = torch.stack([losses[name].float() if name in losses else zero for name in GROUPS])
        there = _mask(tuple(name in losses for name in GROUPS), found.device)
        values = reduce(found.detach(), "mean")
        with torch.no_grad():
            weights = self.weigh(values, there, lambda: gradient_norms(found, there, shared)) * there
            parts = weights * values
            parts = parts / parts.sum().clamp_min(LEAST)
            self.shares.lerp_(parts, running(self.seen))
            self.seen += there
        statistics = {
            f"{kind}_{name}": vector[i] for kind, vector in (("weight", weights), ("share", parts)) for i, name in enumerate(GROUPS)
        }
        return (weights * found).sum(), statistics

    def weigh(self, values: Tensor, there: Tensor, norms: Callable[[], Tensor]) -> Tensor:
        """Weights [3] of this step from the losses' values [3] and their gradients' norms [3]; `there` bool [3] tells who takes part."""
        raise NotImplementedError

    def want(self, group: str, share: Tensor) -> None:
        """A group's share [] of the total from now on, which a strategy need not hold.

        A share changes with the stage of the training, and with that what the group's loss is made of: the group begins anew, or it
        would get many times its share until the strategy had followed.
        """
        index = GROUPS.index(group)
        self.begin(index, self.wanted[index] != share)
        self.wanted[index].copy_(share)

    def begin(self, index: int, anew: Tensor) -> None:
        """Forget what is known of a group's losses where `anew`, bool [], says so: on the device, nobody waits for it."""
        raise NotImplementedError

    def running_shares(self) -> dict[str, float]:
        """Each group's share of the total, over the last hundred steps or so."""
        return {f"share_{name}": float(share) for name, share in zip(GROUPS, self.shares, strict=True)}


@cache
def _mask(there: tuple[bool, ...], device: torch.device) -> Tensor:
    return torch.tensor(there, device=device)


def running(count: Tensor) -> Tensor:
    """What the next value counts in running means of `count` values each: the first all, later ones a hundredth."""
    return (1 / (1 + count)).clamp_min(1 - MEMORY)


@torch.enable_grad()
def gradient_norms(losses: Tensor, there: Tensor, shared: Tensor) -> Tensor:
    """Norms [3] of the gradients of losses [3] at the weights `shared`, 0 where a group is not there."""
    zero = torch.zeros_like(losses[0]).detach()
    norms = [
        torch.autograd.grad(loss, shared, retain_graph=True)[0].float().norm() if here else zero
        for loss, here in zip(losses, there, strict=True)
    ]
    return reduce(torch.stack(norms), "mean")
