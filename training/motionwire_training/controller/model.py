"""The controller network on plain units, whatever its trunk: normalisation, the root's step, the pose's inertia and its bounds.

Two trunks share this interface and the exported graph's signature: `pfnn` and `film`.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from motionwire.controller import layout
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.film import Context, FilmTrunk
from motionwire_training.controller.pfnn import PhaseFunctionedTrunk

Trunk = PhaseFunctionedTrunk | FilmTrunk
HEADS = (layout.POSE, 3, layout.FUTURE_TRAJECTORY, layout.CONTACTS, 1, len(layout.GAITS))
INERTIA = 0.9  # the largest share of the present pose in the next one: with more, errors of the pose would hardly die away


class Prediction(NamedTuple):
    """pose [..., 264], root_delta [..., 3], future [..., 30], contacts [..., 4] and gait [..., 3] as logits, phase_delta [..., 1]."""

    pose: Tensor
    root_delta: Tensor
    future: Tensor
    contacts: Tensor
    phase_delta: Tensor
    gait: Tensor


class Noise(NamedTuple):
    """Standard deviations of what disturbs the inputs in training: pose and trajectory in standardised units, phase in rad."""

    pose: float
    trajectory: float
    phase: float


def root_step(trajectory: Tensor) -> Tensor:
    """The root's step over one frame (dx, dz, dyaw) [..., 3] that the trajectory [..., 60] has around the present, by the five-point
    stencil; the network adds what that misses. Sines of the headings stand for the headings, which differ little."""
    n, now = layout.SAMPLES, layout.PRESENT
    x = torch.stack((trajectory[..., 0 : 2 * n : 2], trajectory[..., 1 : 2 * n : 2], trajectory[..., 2 * n : 4 * n : 2]), dim=-2)
    near, far = x[..., now + 1] - x[..., now - 1], x[..., now + 2] - x[..., now - 2]
    return (8 * near - far) / (12 * layout.SAMPLE_STEP)


class ControllerNetwork(nn.Module):
    """Inputs and outputs are those of `controller.layout`; normalisation is inside."""

    pose_mean: Tensor
    pose_std: Tensor
    trajectory_mean: Tensor
    trajectory_std: Tensor
    root_mean: Tensor
    root_std: Tensor
    future_mean: Tensor
    future_std: Tensor
    phase_delta_mean: Tensor
    phase_delta_std: Tensor
    pose_low: Tensor
    pose_high: Tensor

    def __init__(self, trunk: Trunk, pose_influence: float, recall: float) -> None:
        super().__init__()
        self.trunk, self.pose_influence, self.recall = trunk, pose_influence, recall
        for name, size in self._normalised().items():
            self.register_buffer(f"{name}_mean", torch.zeros(size))
            self.register_buffer(f"{name}_std", torch.ones(size))
        self.register_buffer("pose_low", torch.full((layout.POSE,), -math.inf))
        self.register_buffer("pose_high", torch.full((layout.POSE,), math.inf))
        self.inertia = nn.Parameter(torch.full((layout.POSE,), 3.0))  # logit, of INERTIA

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

    def standardised(self, pose: Tensor) -> Tensor:
        """Poses [..., 264] in standard deviations from their mean."""
        return (pose - self.pose_mean) / self.pose_std

    def latent(self, pose: Tensor, trajectory: Tensor, gait: Tensor, style: Tensor, phase: Tensor) -> Tensor:
        """The trunk's own view [..., hidden] of a pose."""
        return self.trunk.latent(self.standardised(pose) * self.pose_influence, self.context(trajectory, gait, style, phase))

    def context(self, trajectory: Tensor, gait: Tensor, style: Tensor, phase: Tensor, noise: float = 0.0) -> Context:
        """What the trunk makes of all but the pose, of any number of frames at once; noise: of the standardised trajectory."""
        path = (trajectory - self.trajectory_mean) / self.trajectory_std
        if noise:
            path = path + noise * torch.randn_like(path)
        return self.trunk.context(path, torch.cat((gait, style), dim=-1), phase)

    @property
    def kept(self) -> Tensor:
        """How much of the present pose [264] goes into the next one."""
        return INERTIA * torch.sigmoid(self.inertia)

    def advance(self, own: Tensor, context: Context, kept: Tensor) -> tuple[Tensor, Tensor]:
        """One frame ahead of standardised poses [..., 264]: the next ones, standardised, and the trunk's raw outputs for `prediction`."""
        raw = self.trunk(own * self.pose_influence, context).float()
        return torch.addcmul(raw[..., : layout.POSE], kept, own), raw

    def prediction(self, own: Tensor, raw: Tensor, trajectory: Tensor) -> Prediction:
        """What `advance` found, in plain units; trajectory [..., 60] before the step."""
        _, root, future, contacts, phase_delta, gait = raw.split(HEADS, dim=-1)
        return Prediction(
            own * self.pose_std + self.pose_mean,
            root_step(trajectory) + root * self.root_std + self.root_mean,
            future * self.future_std + self.future_mean,
            contacts,
            phase_delta * self.phase_delta_std + self.phase_delta_mean,
            gait,
        )

    def predict(
        self, pose: Tensor, trajectory: Tensor, gait: Tensor, style: Tensor, phase: Tensor, noise: Noise | None = None
    ) -> Prediction:
        """pose [..., 264], trajectory [..., 60], gait [..., 3], style [..., S], phase [..., 1] rad -> the next frame."""
        own = self.standardised(pose)
        if noise is not None:
            own = own + noise.pose * torch.randn_like(own)
        found, raw = self.advance(own, self.context(trajectory, gait, style, phase, noise.trajectory if noise else 0.0), self.kept)
        return self.prediction(found, raw, trajectory)

    def forward(
        self, pose: Tensor, trajectory: Tensor, gait: Tensor, style: Tensor, phase: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """The exported graph: next_pose, root_delta, future, contacts (probabilities), phase_delta."""
        # A pose drawn a little toward the mean in every frame: what drifts over tens of seconds, longer than any window, dies away.
        found = self.predict(torch.lerp(self.pose_mean, pose, self.recall), trajectory, gait, style, phase)
        # What no recorded figure ever did is no pose: a bound against drift, however long it runs.
        bounded = torch.minimum(torch.maximum(found.pose, self.pose_low), self.pose_high)
        return bounded, found.root_delta, found.future, torch.sigmoid(found.contacts), found.phase_delta


def build(config: ControllerConfig, styles: int) -> ControllerNetwork:
    """The network of a configuration, before normalisation is set."""
    sizes = (layout.POSE, layout.TRAJECTORY, len(layout.GAITS) + styles, sum(HEADS), config.hidden)
    trunk = FilmTrunk(*sizes) if config.architecture == "film" else PhaseFunctionedTrunk(*sizes, config.control_points)
    return ControllerNetwork(trunk, config.pose_influence, config.recall)
