"""The FiLM trunk: its condition modulates, its encoder looks at the pose alone, and its phase enters as whole cycles."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from motionwire_training.controller.film import HARMONICS, FilmTrunk

POSE, PATH, CONDITION, OUTPUTS, HIDDEN, BATCH = 7, 5, 4, 3, 6, 9


def made() -> tuple[FilmTrunk, list[Tensor]]:
    """A trunk, and pose, trajectory, condition and phase of a batch."""
    torch.manual_seed(0)
    trunk = FilmTrunk(POSE, PATH, CONDITION, OUTPUTS, HIDDEN)
    return trunk, [torch.randn(BATCH, size) for size in (POSE, PATH, CONDITION, 1)]


def test_layers_are_scaled_and_shifted_by_what_the_condition_says() -> None:
    trunk, (pose, path, condition, phase) = made()
    waves = [function(k * phase) for function in (torch.sin, torch.cos) for k in range(1, HARMONICS + 1)]
    modulation = trunk.modulation(F.elu(trunk.condition(torch.cat((condition, *waves), dim=1))))
    gain, shift, gain_2, shift_2 = (modulation[:, n * HIDDEN : (n + 1) * HIDDEN] for n in range(4))
    first = pose @ trunk.encoder.weight.T + trunk.encoder.bias + path @ trunk.path.weight.T
    hidden = F.elu(first * (1 + gain) + shift)
    hidden = F.elu((hidden @ trunk.second.weight.T + trunk.second.bias) * (1 + gain_2) + shift_2)
    torch.testing.assert_close(trunk(pose, trunk.context(path, condition, phase)), trunk.third(hidden))


def test_the_latent_is_the_pose_alone() -> None:
    trunk, (pose, *rest) = made()
    context = trunk.context(*rest)
    latent = trunk.latent(pose, context)
    assert latent.shape == (BATCH, HIDDEN)
    torch.testing.assert_close(latent, trunk.latent(pose, trunk.context(*(value + 1 for value in rest))))
    assert (latent - trunk.latent(pose + 1, context)).abs().max() > 1e-3


def test_every_input_matters_and_a_whole_cycle_does_not() -> None:
    trunk, inputs = made()

    def call(pose: Tensor, *rest: Tensor) -> Tensor:
        return trunk(pose, trunk.context(*rest))

    found = call(*inputs)
    for index in range(len(inputs)):
        changed = [value + (index == other) for other, value in enumerate(inputs)]
        assert (call(*changed) - found).abs().max() > 1e-4
    torch.testing.assert_close(call(*inputs[:3], inputs[3] + 2 * math.pi), found, atol=1e-5, rtol=1e-4)
