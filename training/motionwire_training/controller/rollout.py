"""Running the network over windows: one frame ahead of true poses, all frames at once, and step by step on its own poses."""

import torch
from torch import Tensor

from motionwire_training.controller.model import ControllerNetwork, Noise, Prediction

ASTRAY = 0.25  # most of the way from a window's first pose to another window's


Batch = dict[str, Tensor]  # see `data.Windows.batch`


def out_of_step(batch: Batch, noise: Noise) -> Batch:
    """The batch with noise on its phases, the same for all frames of a window."""
    phase = batch["phase"]
    return {**batch, "phase": phase + noise.phase * torch.randn_like(phase[:, :1])}


def teacher_pass(model: ControllerNetwork, batch: Batch, noise: Noise) -> Prediction:
    """Predictions [B, H, ...] from the true poses, all frames in one call."""
    pose = batch["pose"][:, :-1]
    windows, horizon = pose.shape[:2]
    style = batch["style"][:, None].expand(-1, horizon, -1)
    inputs = (pose, batch["trajectory"][:, :-1], batch["gait"][:, :-1], style, batch["phase"][:, :-1])
    found = model.predict(*(value.flatten(0, 1) for value in inputs), noise=noise)
    return Prediction(*(value.unflatten(0, (windows, horizon)) for value in found))


def free_pass(model: ControllerNetwork, batch: Batch, start: Tensor, forced: float) -> tuple[Prediction, Tensor]:
    """Predictions [B, H, ...] from the poses `start` [B, 264], each step fed its own last pose or, with probability `forced`, the true
    one; and the poses [B, H, 264] that the steps were fed. Without noise: a run on its own poses brings its own, and what noise moves
    would hide how the feet slide."""
    pose = start
    fed, steps = [], []
    for step in range(batch["pose"].shape[1] - 1):
        fed.append(pose)
        inputs = (batch["trajectory"][:, step], batch["gait"][:, step], batch["style"], batch["phase"][:, step])
        steps.append(model.predict(pose, *inputs))
        true = torch.rand(len(pose), 1, device=pose.device) < forced
        pose = torch.where(true, batch["pose"][:, step + 1], steps[-1].pose)
    return Prediction(*(torch.stack(values, dim=1) for values in zip(*steps, strict=True))), torch.stack(fed, dim=1)


def astray(pose: Tensor) -> Tensor:
    """Poses [B, 264] a little off their own motion, toward other poses of the batch: a free run of a third of a second does not stray far
    enough by itself to learn the way back."""
    share = ASTRAY * torch.rand(len(pose), 1, device=pose.device).square()
    return pose + share * (pose.roll(1, dims=0) - pose)


@torch.no_grad()
def run_in(model: ControllerNetwork, batch: Batch, frames: int) -> tuple[Batch, Tensor]:
    """The windows without their first `frames` steps, and the poses [B, 264] that the network itself has come to by then: what it drifts
    into over a second is what it has to learn the way back from, and no recording shows it."""
    pose = astray(batch["pose"][:, 0])
    for step in range(frames):
        inputs = (batch["trajectory"][:, step], batch["gait"][:, step], batch["style"], batch["phase"][:, step])
        pose = model.predict(pose, *inputs).pose
    return {name: value if name == "style" else value[:, frames:] for name, value in batch.items()}, pose
