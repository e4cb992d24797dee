"""What both forms of the controller's graph share.

What a runtime spends beside the matrix products is memory traffic and exponentials, so
- normalisation, the pose's influence and recall, and the outputs' units stand in the weights of the layers beside them;
- what the trajectory says of the root's step is a product too, and what is added to a product is added inside it;
- ELU(x) is max(x, 0) + exp(min(x, 0)) - 1, whose -1 goes into the next layer's bias: onnxruntime's exp is ten times as fast as its ELU;
- the gait's head, which nothing reads at run time, is left out.
"""

import torch
from torch import Tensor, nn

from motionwire.controller import layout
from motionwire_training.controller.model import HEADS, INERTIA, ControllerNetwork, root_step

READ = HEADS[:-1]  # pose, root, future, contacts, phase: the heads that the graph gives out


class Ending(nn.Module):
    """What is made of the last layer's outputs, which `in_plain_units` says."""

    kept: Tensor
    low: Tensor
    high: Tensor

    def __init__(self, network: ControllerNetwork) -> None:
        super().__init__()
        self.step = linear(root_step(torch.eye(layout.TRAJECTORY)).T)
        for name, value in {"kept": _kept(network).float(), "low": network.pose_low, "high": network.pose_high}.items():
            self.register_buffer(name, value.clone())

    def forward(self, last: Tensor, pose: Tensor, trajectory: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """last [B, sum(READ)], pose [B, 264], trajectory [B, 60] -> next_pose, root_delta, future, contacts, phase_delta."""
        change, root, future, contacts, phase_delta = last.split(READ, dim=1)
        next_pose = torch.minimum(torch.maximum(change + self.kept * pose, self.low), self.high)
        return next_pose, root + self.step(trajectory), future, torch.sigmoid(contacts), phase_delta


def in_plain_units(network: ControllerNetwork, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """Weights [..., sum(READ), I] and biases [..., sum(READ)] of the last layer, from those [..., sum(HEADS), I] and [..., sum(HEADS)]
    that were trained on standardised outputs."""
    ones, zeros = torch.ones(layout.CONTACTS), torch.zeros(layout.CONTACTS)
    scale = torch.cat((network.pose_std, network.root_std, network.future_std, ones, network.phase_delta_std)).double()
    centre = ((1 - _kept(network)) * network.pose_mean, network.root_mean, network.future_mean, zeros, network.phase_delta_mean)
    read = len(scale)
    return weight[..., :read, :].double() * scale[:, None], bias[..., :read].double() * scale + torch.cat(centre)


def _kept(network: ControllerNetwork) -> Tensor:
    """The share [264] of a pose in the next one, recall included."""
    return INERTIA * torch.sigmoid(network.inertia.double()) * network.recall


def of_plain(network: ControllerNetwork, weight: Tensor) -> tuple[Tensor, Tensor]:
    """For plain pose and trajectory the weights [O, 324], and what they add to the bias [O], of a layer that was trained on
    standardised ones."""
    scale = torch.cat((network.pose_influence * network.recall / network.pose_std.double(), 1 / network.trajectory_std.double()))
    plain = weight.double() * scale
    return plain, -plain @ torch.cat((network.pose_mean, network.trajectory_mean)).double()


def elu_and_1(x: Tensor) -> Tensor:
    """ELU(x) + 1."""
    return torch.relu(x) + torch.exp(torch.clamp(x, max=0))


def after_elu(weight: Tensor, bias: Tensor) -> Tensor:
    """The bias [..., O] of a layer with weights [..., O, I] that gets ELU + 1 where it was trained on ELU."""
    return bias.double() - weight.double().sum(dim=-1)


def plus_product(summand: Tensor, x: Tensor, layer: nn.Linear) -> Tensor:
    """summand + layer(x), of a layer without bias, as one operator."""
    return torch.addmm(summand, x, layer.weight.T)


def linear(weight: Tensor, bias: Tensor | None = None) -> nn.Linear:
    """The layer with weights [O, I] and biases [O]."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    layer.weight = nn.Parameter(weight.detach().float().contiguous())
    if bias is not None:
        layer.bias = nn.Parameter(bias.detach().float())
    return layer
