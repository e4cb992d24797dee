"""Running the network over windows: one frame ahead of true poses, all frames at once, and step by step on its own poses."""

from collections.abc import Iterator

import torch
from torch import Tensor

from motionwire_training.controller.film import Context
from motionwire_training.controller.model import ControllerNetwork, Noise, Prediction
from motionwire_training.loop import Batch

ASTRAY = 0.25  # most of the way from a window's first pose to another window's


def out_of_step(batch: Batch, noise: Noise) -> Batch:
    """The batch with noise on its phases, the same for all frames of a window."""
    phase = batch["phase"]
    return {**batch, "phase": phase + noise.phase * torch.randn_like(phase[:, :1])}


def teacher_pass(model: ControllerNetwork, batch: Batch, noise: Noise) -> Prediction:
    """Predictions [B, H, ...] from the true poses, all frames in one call."""
    return model.predict(batch["pose"][:, :-1], *conditions(batch), noise=noise)


def free_pass(model: ControllerNetwork, batch: Batch, start: Tensor, forced: Tensor) -> tuple[Prediction, Tensor]:
    """Predictions [B, H, ...] from the poses `start` [B, 264], each step fed its own last pose or, with probability `forced` [B], the true
    one; and the poses [B, H, 264] that the steps were fed. Without noise: a run on its own poses brings its own, and what noise moves
    would hide how the feet slide."""
    truth = model.standardised(batch["pose"][:, 1:])
    taught = torch.rand(*truth.shape[:2], 1, device=truth.device) < forced[:, None, None]
    own, kept = model.standardised(start), model.kept
    fed, found, raw = [], [], []
    for step, context in enumerate(contexts(model, batch)):
        fed.append(own)
        following, outputs = model.advance(own, context, kept)
        found.append(following)
        raw.append(outputs)
        own = torch.where(taught[:, step], truth[:, step], following)
    made = model.prediction(torch.stack(found, dim=1), torch.stack(raw, dim=1), batch["trajectory"][:, :-1])
    return made, torch.stack(fed, dim=1) * model.pose_std + model.pose_mean


def conditions(batch: Batch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Trajectory, gait, style and phase [B, H, ...] of all frames but the last."""
    trajectory, gait, phase = (batch[name][:, :-1] for name in ("trajectory", "gait", "phase"))
    return trajectory, gait, batch["style"][:, None].expand(-1, trajectory.shape[1], -1), phase


def contexts(model: ControllerNetwork, batch: Batch) -> Iterator[Context]:
    """What the trunk makes of all but the pose, found for all frames at once, then frame by frame: only the pose has to wait for the
    step before."""
    return zip(*(values.unbind(1) for values in model.context(*conditions(batch))), strict=True)


def astray(pose: Tensor) -> Tensor:
    """Poses [B, 264] a little off their own motion, toward other poses of the batch: a free run of a third of a second does not stray far
    enough by itself to learn the way back."""
    share = ASTRAY * torch.rand(len(pose), 1, device=pose.device).square()
    return pose + share * (pose.roll(1, dims=0) - pose)
