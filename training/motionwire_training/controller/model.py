"""Phase-functioned neural network for character control (Holden, Komura, Saito 2017, https://doi.org/10.1145/3072959.3073663).

Three layers with ELU whose weights are a cyclic Catmull-Rom spline over control points in the phase:
W(p) = sum_k c_k(p) W_k. Applied to x, sum_k (c_k x) W_k is one matrix product of the input repeated per control point and
scaled, [B, K I] x [K I, O]: a whole batch with different phases costs one product per layer instead of B blended matrices.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from motionwire.controller import layout


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


def root_step(trajectory: Tensor) -> Tensor:
    """The root's step over one frame (dx, dz, dyaw) [..., 3] that the trajectory [..., 60] has around the present, by central
    differences; the network adds what that misses. Sines of the headings stand for the headings, which differ little."""
    before, after = layout.PRESENT - 1, layout.PRESENT + 1
    directions = 2 * layout.SAMPLES
    travel = trajectory[..., 2 * after : 2 * after + 2] - trajectory[..., 2 * before : 2 * before + 2]
    turn = (
        trajectory[..., directions + 2 * after : directions + 2 * after + 1]
        - trajectory[..., directions + 2 * before : directions + 2 * before + 1]
    )
    return torch.cat((travel, turn), dim=-1) / (2 * layout.SAMPLE_STEP)


class PhaseLinear(nn.Module):
    """A linear layer with weights blended by phase coefficients [B, K]; weight is [K * inputs, outputs]."""

    def __init__(self, points: int, inputs: int, outputs: int) -> None:
        super().__init__()
        bound = math.sqrt(6 / (inputs + outputs))
        self.weight = nn.Parameter(torch.empty(points * inputs, outputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(points, outputs))

    def forward(self, x: Tensor, coefficients: Tensor) -> Tensor:
        scaled = (coefficients.unsqueeze(2) * x.unsqueeze(1)).flatten(1)  # [B, K, I] -> [B, K I]
        return scaled @ self.weight + coefficients @ self.bias


class PhaseFunctionedNetwork(nn.Module):
    """The controller network on plain units: normalisation is inside. Inputs and outputs are those of `controller.layout`."""

    OUTPUTS = (layout.POSE, 3, layout.FUTURE_TRAJECTORY, layout.CONTACTS, 1)

    def __init__(self, styles: int, hidden: int = 256, control_points: int = 4, dropout: float = 0.0, pose_influence: float = 0.3) -> None:
        super().__init__()
        inputs = layout.POSE + layout.TRAJECTORY + len(layout.GAITS) + styles
        self.control_points, self.dropout, self.pose_influence = control_points, dropout, pose_influence
        for name, size in self._normalised().items():
            self.register_buffer(f"{name}_mean", torch.zeros(size))
            self.register_buffer(f"{name}_std", torch.ones(size))
        self.register_buffer("pose_low", torch.full((layout.POSE,), -math.inf))
        self.register_buffer("pose_high", torch.full((layout.POSE,), math.inf))
        self.first = PhaseLinear(control_points, inputs, hidden)
        self.second = PhaseLinear(control_points, hidden, hidden)
        self.third = PhaseLinear(control_points, hidden, sum(self.OUTPUTS))

    @staticmethod
    def _normalised() -> dict[str, int]:
        return {
            "pose": layout.POSE,
            "trajectory": layout.TRAJECTORY,
            "root": 3,
            "future": layout.FUTURE_TRAJECTORY,
            "phase_delta": 1,
        }

    def set_normalisation(self, statistics: dict[str, tuple[Tensor, Tensor]]) -> None:
        """Means and standard deviations per name of `_normalised`; under "pose_range" the lowest and highest values of a pose."""
        for name in self._normalised():
            mean, std = statistics[name]
            getattr(self, f"{name}_mean").copy_(mean)
            getattr(self, f"{name}_std").copy_(std)
        self.pose_low.copy_(statistics["pose_range"][0])
        self.pose_high.copy_(statistics["pose_range"][1])

    def forward(
        self, pose: Tensor, trajectory: Tensor, gait: Tensor, style: Tensor, phase: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """pose [B, 264], trajectory [B, 60], gait [B, 3], style [B, S], phase [B, 1] -> pose, root_delta [B, 3], trajectory [B, 30],
        contacts [B, 4], phase_delta [B, 1]."""
        x = torch.cat(
            (
                (pose - self.pose_mean) / self.pose_std * self.pose_influence,
                (trajectory - self.trajectory_mean) / self.trajectory_std,
                gait,
                style,
            ),
            dim=1,
        )
        coefficients = catmull_rom(phase, self.control_points)
        h = F.elu(self.first(F.dropout(x, self.dropout, self.training), coefficients))
        h = F.elu(self.second(F.dropout(h, self.dropout, self.training), coefficients))
        next_pose, root, future, contacts, phase_delta = self.third(h, coefficients).split(self.OUTPUTS, dim=1)
        next_pose = next_pose * self.pose_std + self.pose_mean
        if not self.training:  # what no recorded figure ever did is no pose: a bound against drift, however long it runs
            next_pose = torch.minimum(torch.maximum(next_pose, self.pose_low), self.pose_high)
        return (
            next_pose,
            root_step(trajectory) + root * self.root_std + self.root_mean,
            future * self.future_std + self.future_mean,
            torch.sigmoid(contacts),
            phase_delta * self.phase_delta_std + self.phase_delta_mean,
        )
