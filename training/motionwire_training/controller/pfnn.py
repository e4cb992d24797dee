"""Phase-functioned trunk (Holden, Komura, Saito 2017, "Phase-functioned neural networks for character control",
https://doi.org/10.1145/3072959.3073663).

Three layers with ELU whose weights are a cyclic Catmull-Rom spline over control points in the phase:
W(p) = sum_k c_k(p) W_k. Applied to x, sum_k (c_k x) W_k is one matrix product of the input repeated per control point and
scaled, [B, K I] x [K I, O]: a whole batch with different phases costs one product per layer instead of B blended matrices.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Context = tuple[Tensor, ...]


def catmull_rom(phase: Tensor, points: int) -> Tensor:
    """Weights [B, K] of K control points, evenly spread over the cycle, at phases [B, 1] in radians (eq. 6 of the paper)."""
    position = phase * (points / (2 * math.pi))
    # Distance to each control point around the cycle, in control points: -K/2..K/2. The kernel spans two on each side.
    index = torch.arange(points, dtype=phase.dtype, device=phase.device)
    offset = position - index
    distance = (offset - points * torch.floor(offset / points + 0.5)).abs()
    near = 1 + distance * distance * (1.5 * distance - 2.5)
    far = 2 + distance * (-4 + distance * (2.5 - 0.5 * distance))
    return torch.where(distance < 1, near, torch.where(distance < 2, far, torch.zeros_like(distance)))


class PhaseLinear(nn.Module):
    """A linear layer with weights blended by phase coefficients [B, K]; weight is [K * inputs, outputs]."""

    def __init__(self, points: int, inputs: int, outputs: int) -> None:
        super().__init__()
        bound = math.sqrt(6 / (inputs + outputs))
        self.weight = nn.Parameter(torch.empty(points * inputs, outputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(points, outputs))

    def forward(self, x: Tensor, coefficients: Tensor) -> Tensor:
        scaled = (coefficients.unsqueeze(-1) * x.unsqueeze(-2)).flatten(x.ndim - 1)  # [..., K, I] -> [..., K I]
        return scaled @ self.weight + coefficients @ self.bias


class PhaseFunctionedTrunk(nn.Module):
    """Standardised pose, trajectory and condition (gait, style) with a phase to raw outputs; see `model.Trunk`."""

    def __init__(self, pose: int, trajectory: int, condition: int, outputs: int, hidden: int, points: int) -> None:
        super().__init__()
        self.points = points
        self.first = PhaseLinear(points, pose + trajectory + condition, hidden)
        self.second = PhaseLinear(points, hidden, hidden)
        self.third = PhaseLinear(points, hidden, outputs)

    @property
    def shared(self) -> Tensor:
        """The last weights that all outputs share."""
        return self.second.weight

    def latent(self, pose: Tensor, context: Context) -> Tensor:
        """What the first layer makes of a state, [..., hidden]."""
        rest, coefficients = context
        return F.elu(self.first(torch.cat((pose, rest), dim=-1), coefficients))

    def context(self, trajectory: Tensor, condition: Tensor, phase: Tensor) -> Context:
        """All that does not depend on the pose: trajectory [..., T], condition [..., C], phase [..., 1] rad -> what `forward` takes."""
        return torch.cat((trajectory, condition), dim=-1), catmull_rom(phase, self.points)

    def forward(self, pose: Tensor, context: Context) -> Tensor:
        """pose [..., P] with its context -> [..., outputs]."""
        h = F.elu(self.second(self.latent(pose, context), context[1]))
        return self.third(h, context[1])
