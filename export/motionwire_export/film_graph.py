"""The FiLM controller as its graph computes it: the same function as `ControllerNetwork`, in fewer and cheaper operators.

What a runtime spends beside the matrix products is memory traffic and exponentials, so
- normalisation, the pose's influence and recall, and the outputs' units stand in the weights of the layers beside them;
- pose and trajectory enter the first layer as one product, and what the trajectory says of the root's step is a product too;
- the modulation has a product of its own for every factor and summand (no slices), and a summand is added inside its product;
- ELU(x) is max(x, 0) + exp(min(x, 0)) - 1, whose -1 goes into the next layer's bias: onnxruntime's exp is ten times as fast as its ELU;
- the gait's head, which nothing reads at run time, is left out.
"""

import torch
from torch import Tensor, nn

from motionwire.controller import layout
from motionwire_training.controller.film import FilmTrunk
from motionwire_training.controller.model import HEADS, INERTIA, ControllerNetwork, root_step

READ = HEADS[1:-1]  # root, future, contacts, phase: the heads beside the pose that the graph gives out


class FilmGraph(nn.Module):
    """Made of a trained network with a FiLM trunk; inputs and outputs are those of `ControllerNetwork.forward`."""

    def __init__(self, network: ControllerNetwork) -> None:
        super().__init__()
        trunk = network.trunk
        assert isinstance(trunk, FilmTrunk)
        mean, std = network.pose_mean.double(), network.pose_std.double()
        own = network.recall / std  # standardised pose: own * (pose - mean)
        weight = trunk.encoder.weight.double() * (network.pose_influence * own)
        path = trunk.path.weight.double() / network.trajectory_std.double()
        shift = trunk.encoder.bias.double() - weight @ mean - path @ network.trajectory_mean.double()
        self.first = _linear(torch.cat((weight, path), dim=1), shift)
        self.second = _linear(trunk.second.weight, _after_elu(trunk.second))

        # One unit more, whose ELU + 1 is always 1: it carries the biases of the modulation.
        nothing = torch.zeros(1, trunk.condition.in_features)
        self.condition = _linear(torch.cat((trunk.condition.weight, nothing)), torch.cat((trunk.condition.bias, nothing[0, :1])))
        gain_1, bias_1, gain_2, bias_2 = torch.cat((trunk.modulation.weight, _after_elu(trunk.modulation)[:, None]), dim=1).chunk(4)
        one = torch.zeros_like(gain_1)
        one[:, -1] = 1
        self.gain_1, self.bias_1, self.gain_2, self.bias_2 = map(_linear, (gain_1 + one, bias_1, gain_2 + one, bias_2))

        kept = INERTIA * torch.sigmoid(network.inertia.double()) * std * own
        of_pose, of_rest, _ = trunk.third.weight.double().split((HEADS[0], sum(READ), HEADS[-1]))
        pose_bias, rest_bias, _ = _after_elu(trunk.third).split((HEADS[0], sum(READ), HEADS[-1]))
        self.pose = _linear(of_pose * std[:, None], pose_bias * std + (1 - kept) * mean)
        scale = torch.cat((network.root_std, network.future_std, torch.ones(layout.CONTACTS), network.phase_delta_std)).double()
        offset = torch.cat((network.root_mean, network.future_mean, torch.zeros(layout.CONTACTS), network.phase_delta_mean))
        self.rest = _linear(of_rest * scale[:, None])
        steps = torch.zeros(sum(READ), layout.TRAJECTORY)
        steps[: READ[0]] = root_step(torch.eye(layout.TRAJECTORY)).T
        self.step = _linear(steps, rest_bias * scale + offset)
        for name, value in {"kept": kept.float(), "low": network.pose_low, "high": network.pose_high, "harmonics": trunk.harmonics}.items():
            self.register_buffer(name, value.clone())

    def forward(
        self, pose: Tensor, trajectory: Tensor, gait: Tensor, style: Tensor, phase: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """pose [B, 264], trajectory [B, 60], gait [B, 3], style [B, S], phase [B, 1] rad -> next_pose, root_delta, future, contacts,
        phase_delta."""
        angles = phase * self.harmonics
        condition = _elu_and_1(self.condition(torch.cat((gait, style, torch.sin(angles), torch.cos(angles)), dim=1)))
        h = self.first(torch.cat((pose, trajectory), dim=1)) * self.gain_1(condition)
        h = self.second(_elu_and_1(_plus_product(h, condition, self.bias_1))) * self.gain_2(condition)
        h = _elu_and_1(_plus_product(h, condition, self.bias_2))
        next_pose = self.pose(h) + self.kept * pose
        rest = _plus_product(self.step(trajectory), h, self.rest)
        root, future, contacts, phase_delta = rest.split(READ, dim=1)
        return torch.minimum(torch.maximum(next_pose, self.low), self.high), root, future, torch.sigmoid(contacts), phase_delta


def _elu_and_1(x: Tensor) -> Tensor:
    """ELU(x) + 1."""
    return torch.relu(x) + torch.exp(torch.clamp(x, max=0))


def _after_elu(layer: nn.Linear) -> Tensor:
    """The bias of a layer that gets ELU + 1 where it was trained on ELU."""
    return layer.bias.double() - layer.weight.double().sum(dim=1)


def _plus_product(summand: Tensor, x: Tensor, layer: nn.Linear) -> Tensor:
    """summand + layer(x), of a layer without bias, as one operator."""
    return torch.addmm(summand, x, layer.weight.T)


def _linear(weight: Tensor, bias: Tensor | None = None) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    layer.weight = nn.Parameter(weight.detach().float().contiguous())
    if bias is not None:
        layer.bias = nn.Parameter(bias.detach().float())
    return layer
