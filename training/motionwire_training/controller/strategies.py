"""Four ways to weigh the groups of losses.

shares       weights that hold each group at its share of the total, by running means of the losses
gradnorm     GradNorm (Chen et al. 2018, https://arxiv.org/abs/1711.02257): equal training rates by gradient norms
uncertainty  homoscedastic uncertainty (Kendall et al. 2018, https://arxiv.org/abs/1705.07115)
dwa          dynamic weight average (Liu et al. 2019, https://arxiv.org/abs/1803.10704): slow learners weigh more
"""

from collections.abc import Callable

import torch
from torch import Tensor

from motionwire_training.controller.balance import GROUPS, Balance
from motionwire_training.controller.weighting import LEAST, Weighting, running

GRADNORM_EVERY = 10  # steps between two measurements of gradient norms, each of which is one more backward pass per group
GRADNORM_RATE = 0.025  # Chen et al., section 5
GRADNORM_ALPHA = 1.5  # restoring force, theirs for NYUv2
UNCERTAINTY_RATE = 0.01
DWA_TEMPERATURE = 2.0  # Liu et al., section 3.3


def build(balance: Balance, epoch_steps: int) -> Weighting:
    """The strategy of a configuration, at its beginning."""
    if balance.strategy == "shares":
        return Shares([balance.core, balance.aux, 0.0])
    if balance.strategy == "gradnorm":
        return GradNorm()
    if balance.strategy == "uncertainty":
        return Uncertainty()
    return DynamicWeightAverage(epoch_steps)


class Shares(Weighting):
    """w_g = (share_g / mean_g) (sum of means / sum of shares) over the groups that take part: the total stays the size of the plain sum."""

    means: Tensor
    counted: Tensor

    def __init__(self, wanted: list[float]) -> None:
        super().__init__()
        self.wanted.copy_(torch.tensor(wanted))
        self.register_buffer("means", torch.zeros(len(GROUPS)))
        self.register_buffer("counted", torch.zeros(len(GROUPS)))  # steps that are in the means

    def begin(self, index: int, anew: Tensor) -> None:
        self.counted[index].masked_fill_(anew, 0)

    def weigh(self, values: Tensor, there: Tensor, norms: Callable[[], Tensor]) -> Tensor:
        self.means.lerp_(values, running(self.counted) * there)
        self.counted += there
        present = self.means * there
        return self.wanted / self.means.clamp_min(LEAST) * present.sum() / (self.wanted * there).sum()


class GradNorm(Weighting):
    """Descends on sum |w_g n_g - mean(w n) r_g^alpha|, n_g the norm of the group's gradient, r_g its inverse training rate.

    The step is taken relative to the mean norm, so that the rate does not depend on the size of the losses.
    """

    weights: Tensor
    first: Tensor
    step: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("weights", torch.ones(len(GROUPS)))
        self.register_buffer("first", torch.zeros(len(GROUPS)))  # losses when a group began; 0: it has not
        self.register_buffer("step", torch.zeros((), dtype=torch.int64))

    def begin(self, index: int, anew: Tensor) -> None:
        self.weights[index].masked_fill_(anew, 1)
        self.first[index].masked_fill_(anew, 0)

    def weigh(self, values: Tensor, there: Tensor, norms: Callable[[], Tensor]) -> Tensor:
        self.first.copy_(torch.where(there & (self.first == 0), values, self.first))
        if self.step % GRADNORM_EVERY == 0:
            count = there.sum()
            size = norms()
            mean = (self.weights * size).sum() / count
            progress = values / self.first.clamp_min(LEAST) * there
            rate = progress / (progress.sum() / count).clamp_min(LEAST)
            slope = torch.sign(self.weights * size - mean * rate**GRADNORM_ALPHA) * size / mean.clamp_min(LEAST)
            self.weights -= GRADNORM_RATE * slope * there
            self.weights.clamp_min_(GRADNORM_RATE)
            self.weights.copy_(torch.where(there, self.weights * count / (self.weights * there).sum(), self.weights))
        self.step += 1
        return self.weights.clone()


class Uncertainty(Weighting):
    """Minimises sum exp(-s_g) L_g + s_g over s_g too, the logarithms of the groups' variances.

    Their gradient 1 - exp(-s_g) L_g is known, so it is descended on here and not through the optimiser of the network.
    """

    log_variance: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("log_variance", torch.zeros(len(GROUPS)))

    def begin(self, index: int, anew: Tensor) -> None:
        self.log_variance[index].masked_fill_(anew, 0)

    def weigh(self, values: Tensor, there: Tensor, norms: Callable[[], Tensor]) -> Tensor:
        weights = torch.exp(-self.log_variance)
        self.log_variance -= UNCERTAINTY_RATE * (1 - weights * values).clamp(-1, 1) * there
        return weights


class DynamicWeightAverage(Weighting):
    """w = G softmax(r / T), r_g = the group's mean loss in the last epoch by that in the epoch before; 1 until there are two."""

    sums: Tensor
    counts: Tensor
    epochs: Tensor
    step: Tensor

    def __init__(self, epoch_steps: int) -> None:
        super().__init__()
        self.epoch_steps = epoch_steps
        self.register_buffer("sums", torch.zeros(len(GROUPS)))
        self.register_buffer("counts", torch.zeros(len(GROUPS)))
        self.register_buffer("epochs", torch.zeros(2, len(GROUPS)))  # mean losses, the older epoch first; 0: none
        self.register_buffer("step", torch.zeros((), dtype=torch.int64))

    def begin(self, index: int, anew: Tensor) -> None:
        for state in (self.sums[index], self.counts[index], self.epochs[:, index]):
            state.masked_fill_(anew, 0)

    def weigh(self, values: Tensor, there: Tensor, norms: Callable[[], Tensor]) -> Tensor:
        over = (self.step > 0) & (self.step % self.epoch_steps == 0)
        self.epochs.copy_(torch.where(over, torch.stack((self.epochs[1], self.sums / self.counts.clamp_min(1))), self.epochs))
        self.sums.masked_fill_(over, 0)
        self.counts.masked_fill_(over, 0)
        self.step += 1
        self.sums += values
        self.counts += there
        rate = torch.where((self.epochs > 0).all(0), self.epochs[1] / self.epochs[0].clamp_min(LEAST), torch.ones_like(values))
        return there.sum() * torch.softmax((rate / DWA_TEMPERATURE).masked_fill(~there, -torch.inf), 0)
