"""The FiLM controller as its graph computes it: the same function as `ControllerNetwork`, in fewer and cheaper operators.

See `folding`; besides, pose and trajectory enter the first layer as one product, and the modulation has a product of its own for every
factor and summand (no slices).
"""

import torch
from torch import Tensor, nn

from motionwire_export.folding import Ending, after_elu, elu_and_1, in_plain_units, linear, of_plain, plus_product
from motionwire_training.controller.film import FilmTrunk
from motionwire_training.controller.model import ControllerNetwork


class FilmGraph(nn.Module):
    """Made of a trained network with a FiLM trunk; inputs and outputs are those of `ControllerNetwork.forward`."""

    harmonics: Tensor

    def __init__(self, network: ControllerNetwork) -> None:
        super().__init__()
        trunk = network.trunk
        assert isinstance(trunk, FilmTrunk)
        weight, shift = of_plain(network, torch.cat((trunk.encoder.weight, trunk.path.weight), dim=1))
        self.first = linear(weight, trunk.encoder.bias + shift)
        self.second = linear(trunk.second.weight, after_elu(trunk.second.weight, trunk.second.bias))

        # One unit more, whose ELU + 1 is always 1: it carries the biases of the modulation.
        nothing = torch.zeros(1, trunk.condition.in_features)
        self.condition = linear(torch.cat((trunk.condition.weight, nothing)), torch.cat((trunk.condition.bias, nothing[0, :1])))
        biases = after_elu(trunk.modulation.weight, trunk.modulation.bias)
        gain_1, bias_1, gain_2, bias_2 = torch.cat((trunk.modulation.weight, biases[:, None]), dim=1).chunk(4)
        one = torch.zeros_like(gain_1)
        one[:, -1] = 1
        self.gain_1, self.bias_1, self.gain_2, self.bias_2 = map(linear, (gain_1 + one, bias_1, gain_2 + one, bias_2))
        self.third = linear(*in_plain_units(network, trunk.third.weight, after_elu(trunk.third.weight, trunk.third.bias)))
        self.ending = Ending(network)
        self.register_buffer("harmonics", trunk.harmonics.clone())

    def forward(
        self, pose: Tensor, trajectory: Tensor, gait: Tensor, style: Tensor, phase: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """pose [B, 264], trajectory [B, 60], gait [B, 3], style [B, S], phase [B, 1] rad -> next_pose, root_delta, future, contacts,
        phase_delta."""
        angles = phase * self.harmonics
        condition = elu_and_1(self.condition(torch.cat((gait, style, torch.sin(angles), torch.cos(angles)), dim=1)))
        h = self.first(torch.cat((pose, trajectory), dim=1)) * self.gain_1(condition)
        h = self.second(elu_and_1(plus_product(h, condition, self.bias_1))) * self.gain_2(condition)
        h = elu_and_1(plus_product(h, condition, self.bias_2))
        found: tuple[Tensor, Tensor, Tensor, Tensor, Tensor] = self.ending(self.third(h), pose, trajectory)
        return found
