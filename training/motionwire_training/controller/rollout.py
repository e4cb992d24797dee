"""Running the network over windows: one frame ahead of true poses, all frames at once, and step by step on its own poses."""

from dataclasses import dataclass

import torch
from torch import Tensor

from motionwire_training.controller.model import ControllerNetwork, Prediction


@dataclass(frozen=True)
class Noise:
    """Standard deviations: of the fed pose and of the trajectory in standardised units; of a window's phase in rad."""

    pose: float
    trajectory: float
    phase: float


Batch = dict[str, Tensor]  # see `data.Windows.batch`


def disturbed(model: ControllerNetwork, batch: Batch, noise: Noise) -> Batch:
    """The batch with noise on its trajectories, and on its phases the same for all frames of a window."""
    trajectory, phase = batch["trajectory"], batch["phase"]
    return {
        **batch,
        "trajectory": trajectory + noise.trajectory * torch.randn_like(trajectory) * model.trajectory_std,
        "phase": phase + noise.phase * torch.randn_like(phase[:, :1]),
    }


def teacher_pass(model: ControllerNetwork, batch: Batch, noise: Noise) -> Prediction:
    """Predictions [B, H, ...] from the true poses, all frames in one call."""
    pose = batch["pose"][:, :-1]
    windows, horizon = pose.shape[:2]
    noisy = pose + noise.pose * torch.randn_like(pose) * model.pose_std
    style = batch["style"][:, None].expand(-1, horizon, -1)
    inputs = (noisy, batch["trajectory"][:, :-1], batch["gait"][:, :-1], style, batch["phase"][:, :-1])
    found = model.predict(*(value.flatten(0, 1) for value in inputs))
    return Prediction(*(value.unflatten(0, (windows, horizon)) for value in found))


def free_pass(model: ControllerNetwork, batch: Batch, noise: Noise, forced: float) -> tuple[Prediction, Tensor]:
    """Predictions [B, H, ...], each step fed its own last pose or, with probability `forced`, the true one; and the poses [B, H, 264]
    that the steps were fed, before noise."""
    pose = batch["pose"][:, 0]
    fed, steps = [], []
    for step in range(batch["pose"].shape[1] - 1):
        noisy = pose + noise.pose * torch.randn_like(pose) * model.pose_std
        fed.append(pose)
        inputs = (batch["trajectory"][:, step], batch["gait"][:, step], batch["style"], batch["phase"][:, step])
        steps.append(model.predict(noisy, *inputs))
        true = torch.rand(len(pose), 1, device=pose.device) < forced
        pose = torch.where(true, batch["pose"][:, step + 1], steps[-1].pose)
    return Prediction(*(torch.stack(values, dim=1) for values in zip(*steps, strict=True))), torch.stack(fed, dim=1)
