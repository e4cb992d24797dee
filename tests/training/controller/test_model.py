"""The phase-functioned network: its blending is the paper's formula, it is cyclic, it normalises inside."""

import math

import numpy as np
import pytest
import torch

from motionwire.controller import layout
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.model import ControllerNetwork, build, root_step
from motionwire_training.controller.pfnn import PhaseLinear, catmull_rom


def paper_weights(control: np.ndarray, phase: float) -> np.ndarray:
    """Equation 6 of Holden et al. 2017, with the control points [4, ...] as they are written there."""
    position = 4 * phase / (2 * np.pi)
    w = position % 1
    k = [(int(position) + n - 1) % 4 for n in range(4)]
    a0, a1, a2, a3 = (control[index] for index in k)
    return (
        a1
        + w * (0.5 * a2 - 0.5 * a0)
        + w * w * (a0 - 2.5 * a1 + 2 * a2 - 0.5 * a3)
        + w * w * w * (1.5 * a1 - 1.5 * a2 + 0.5 * a3 - 0.5 * a0)
    )


def test_layer_equals_blended_weights_of_the_paper() -> None:
    torch.manual_seed(0)
    layer = PhaseLinear(4, 5, 3).double()
    layer.bias.data.normal_()
    control = layer.weight.detach().numpy().reshape(4, 5, 3)
    bias = layer.bias.detach().numpy()
    rng = np.random.default_rng(0)
    for phase in (0.0, 0.3, np.pi / 2, 2.0, 4.0, 6.2):
        x = rng.normal(size=5)
        wanted = x @ paper_weights(control, phase) + paper_weights(bias, phase)
        found = layer(torch.tensor(x)[None], catmull_rom(torch.tensor([[phase]], dtype=torch.float64), 4))
        np.testing.assert_allclose(found[0].detach().numpy(), wanted, atol=1e-10)


def test_coefficients_sum_to_one_and_are_cyclic() -> None:
    phase = torch.linspace(-7, 14, 200, dtype=torch.float64)[:, None]
    coefficients = catmull_rom(phase, 4)
    torch.testing.assert_close(coefficients.sum(1), torch.ones(200, dtype=torch.float64))
    torch.testing.assert_close(coefficients, catmull_rom(phase + 2 * math.pi, 4))


def untrained(architecture: str) -> ControllerNetwork:
    """A small network that knows two styles."""
    torch.manual_seed(0)
    return build(ControllerConfig(data="d", out="o", licence="free", architecture=architecture, hidden=8), 2).eval()


@pytest.mark.parametrize("architecture", ["film", "pfnn"])
def test_untrained_network_gives_the_mean_and_stays_in_range(architecture: str) -> None:
    model = untrained(architecture)
    mean = torch.arange(layout.POSE, dtype=torch.float32)
    zero, one = torch.zeros, torch.ones
    model.set_normalisation(
        {
            "pose": (mean, one(layout.POSE)),
            "trajectory": (zero(layout.TRAJECTORY), one(layout.TRAJECTORY)),
            "root": (torch.tensor([0.1, 0.2, 0.3]), one(3)),
            "future": (zero(layout.FUTURE_TRAJECTORY), one(layout.FUTURE_TRAJECTORY)),
            "phase_delta": (torch.tensor([0.05]), one(1)),
            "pose_range": (mean - 0.5, mean + 0.5),
        }
    )
    third = model.trunk.third
    third.weight.data.zero_()
    third.bias.data.zero_()
    inputs = (mean[None], zero(1, layout.TRAJECTORY), zero(1, 3), zero(1, 2), zero(1, 1))
    pose, root, _, contacts, phase = model(*inputs)
    torch.testing.assert_close(pose[0], mean)
    torch.testing.assert_close(root[0], torch.tensor([0.1, 0.2, 0.3]))
    torch.testing.assert_close(contacts, torch.full((1, 4), 0.5))
    torch.testing.assert_close(phase, torch.full((1, 1), 0.05))
    third.bias.data.fill_(100)
    torch.testing.assert_close(model(*inputs)[0][0], mean + 0.5)


@pytest.mark.parametrize("architecture", ["film", "pfnn"])
def test_phase_is_cyclic_and_matters(architecture: str) -> None:
    model = untrained(architecture)
    inputs = [torch.randn(3, size) for size in (layout.POSE, layout.TRAJECTORY, 3, 2)]
    phase = torch.rand(3, 1)
    now, cycle_later, half_cycle_later = (model(*inputs, phase + turn)[0] for turn in (0, 2 * math.pi, math.pi))
    torch.testing.assert_close(now, cycle_later, atol=1e-4, rtol=1e-4)
    assert (now - half_cycle_later).abs().max() > 1e-3


def test_root_step_is_exact_for_a_path_of_third_order() -> None:
    times = layout.SAMPLE_FRAMES.astype(np.float64)
    x, z, heading = (0.01 * times - 1e-7 * times**3, 0.03 * times + 2e-4 * times**2, np.zeros_like(times))
    trajectory = layout.pack_trajectory(np.stack((x, z), -1), np.stack((np.sin(heading), np.cos(heading)), -1), np.zeros(layout.SAMPLES))
    torch.testing.assert_close(root_step(torch.from_numpy(trajectory)), torch.tensor([0.01, 0.03, 0.0], dtype=torch.float64))
