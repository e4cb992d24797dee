"""The phase-functioned controller as its graph computes it: the same function as `ControllerNetwork`, in fewer and cheaper operators.

See `folding`; besides, the two pieces of the spline are one sum of truncated powers, without comparing and choosing.
"""

import math

import torch
from torch import Tensor, nn

from motionwire.controller import layout
from motionwire_export.folding import Ending, after_elu, elu_and_1, in_plain_units, of_plain
from motionwire_training.controller.model import ControllerNetwork
from motionwire_training.controller.pfnn import PhaseFunctionedTrunk, PhaseLinear


class PfnnGraph(nn.Module):
    """Made of a trained network with a phase-functioned trunk; inputs and outputs are those of `ControllerNetwork.forward`."""

    places: Tensor

    def __init__(self, network: ControllerNetwork) -> None:
        super().__init__()
        trunk = network.trunk
        assert isinstance(trunk, PhaseFunctionedTrunk)
        weight, bias = _by_point(trunk.first)
        known = layout.POSE + layout.TRAJECTORY
        plain, shift = of_plain(network, weight[..., :known])
        self.first = Blended(torch.cat((plain, weight[..., known:]), dim=-1), bias + shift)
        weight, bias = _by_point(trunk.second)
        self.second = Blended(weight, after_elu(weight, bias))
        weight, bias = _by_point(trunk.third)
        self.third = Blended(*in_plain_units(network, weight, after_elu(weight, bias)))
        self.ending = Ending(network)
        self.register_buffer("places", torch.arange(trunk.points) / trunk.points)  # of the control points, in cycles

    def forward(
        self, pose: Tensor, trajectory: Tensor, gait: Tensor, style: Tensor, phase: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """pose [B, 264], trajectory [B, 60], gait [B, 3], style [B, S], phase [B, 1] rad -> next_pose, root_delta, future, contacts,
        phase_delta."""
        shares = self.shares(phase)
        each = shares.unsqueeze(2)
        h = elu_and_1(self.first(torch.cat((pose, trajectory, gait, style), dim=1), shares, each))
        h = elu_and_1(self.second(h, shares, each))
        found: tuple[Tensor, Tensor, Tensor, Tensor, Tensor] = self.ending(self.third(h, shares, each), pose, trajectory)
        return found

    def shares(self, phase: Tensor) -> Tensor:
        """Twice the weights [B, K] of `catmull_rom` at phases [B, 1] in radians."""
        away = phase * (1 / (2 * math.pi)) - self.places
        near = 1 - len(self.places) * (away - torch.round(away)).abs()  # 1 at the control point, 0 at the next ones
        wide, narrow = torch.relu(near + 1), torch.relu(near)
        return wide * wide * near + narrow * narrow * (2 - 4 * narrow)


class Blended(nn.Module):
    """A layer as one product: the inputs, repeated and scaled by each control point's share, with the weights of all. Of weights
    [K, O, I] and biases [K, O]; it takes `PfnnGraph.shares`."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter((weight / 2).transpose(1, 2).flatten(0, 1).detach().float().contiguous())
        self.bias = nn.Parameter((bias / 2).detach().float())

    def forward(self, x: Tensor, shares: Tensor, each: Tensor) -> Tensor:
        """x [B, I], shares [B, K] and, as [B, K, 1], each -> [B, O]."""
        return torch.addmm(shares @ self.bias, (each * x.unsqueeze(1)).flatten(1), self.weight)


def _by_point(layer: PhaseLinear) -> tuple[Tensor, Tensor]:
    """Weights [K, O, I] and biases [K, O] of the control points."""
    points, outputs = layer.bias.shape
    return layer.weight.double().reshape(points, -1, outputs).transpose(1, 2), layer.bias.double()
