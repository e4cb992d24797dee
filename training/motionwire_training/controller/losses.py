"""Losses of a window rolled out step by step: each step is fed the true pose or, while free-running, the network's own."""

from dataclasses import asdict

import torch
from torch import Tensor
from torch.nn import functional as F

from motionwire.controller import layout
from motionwire.motion.skeleton import JOINTS, PARENTS, REFERENCE
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.data import future_of
from motionwire_training.controller.model import PhaseFunctionedNetwork

KINEMATICS_SCALE = 0.1  # m


def rollout_losses(model: PhaseFunctionedNetwork, batch: dict[str, Tensor], config: ControllerConfig) -> dict[str, Tensor]:
    """Weighted sum "loss" and its terms, means over windows and steps. batch: see `data.Windows.batch`."""
    horizon = batch["pose"].shape[1] - 1
    steps = []
    pose = batch["pose"][:, 0]
    for step in range(horizon):
        noisy = pose + config.pose_noise * torch.randn_like(pose) * model.pose_std
        trajectory = batch["trajectory"][:, step]
        trajectory = trajectory + config.trajectory_noise * torch.randn_like(trajectory) * model.trajectory_std
        phase = batch["phase"][:, step] + config.phase_noise * torch.randn_like(batch["phase"][:, step])
        steps.append(model(noisy, trajectory, batch["gait"][:, step], batch["style"], phase))
        own = (torch.rand_like(batch["free"]) < batch["free"])[:, None]
        pose = torch.where(own, steps[-1][0], batch["pose"][:, step + 1])
    predicted = tuple(torch.stack(values, dim=1) for values in zip(*steps, strict=True))
    terms = _terms(model, predicted, batch)
    total = sum(getattr(config.weights, name) * terms[name] for name in asdict(config.weights))
    return {"loss": torch.as_tensor(total), **terms}


def _terms(model: PhaseFunctionedNetwork, predicted: tuple[Tensor, ...], batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Loss terms of predictions [B, H, ...], in the order of the network's outputs."""
    pose, root, future, contacts, phase_delta = predicted
    truth = batch["pose"][:, 1:]
    error = (pose - truth) / model.pose_std
    weight = batch["phase_weight"][:, :-1]
    phase_error = (phase_delta - batch["phase_delta"][:, :-1]) / model.phase_delta_std
    # Where the rotations put the joints: what is shown, and what feet slide by when it is wrong.
    misplaced = forward_kinematics(pose.flatten(0, 1)).unflatten(0, pose.shape[:2]) - truth[..., layout.POSITIONS].unflatten(2, (JOINTS, 3))
    return {
        "positions": _robust(error[..., layout.POSITIONS]),
        "velocities": _robust(error[..., layout.VELOCITIES]),
        "rotations": _robust(error[..., layout.ROTATIONS]),
        "root": _robust((root - batch["root_delta"]) / model.root_std),
        "trajectory": _robust((future - future_of(batch["trajectory"][:, 1:])) / model.future_std),
        "contacts": F.binary_cross_entropy(contacts.float(), batch["contacts"][:, 1:].clamp(0, 1)),
        "phase": (weight * phase_error.square().clamp_max(25)).mean() / weight.mean().clamp_min(1e-3),
        "kinematics": misplaced.norm(dim=-1).mean() / KINEMATICS_SCALE,
        "motion": misplaced.diff(dim=1).norm(dim=-1).mean() * layout.FPS if pose.shape[1] > 1 else misplaced.sum() * 0,
    }


def _robust(error: Tensor) -> Tensor:
    """Huber: half squared up to one standard deviation, linear beyond."""
    return F.huber_loss(error, torch.zeros_like(error))


def matrices(six: Tensor) -> Tensor:
    """Rotation matrices [..., 3, 3] of 6D [..., 6] (two rows) by Gram-Schmidt."""
    first = F.normalize(six[..., :3], dim=-1)
    second = six[..., 3:] - (first * six[..., 3:]).sum(-1, keepdim=True) * first
    second = F.normalize(second, dim=-1)
    return torch.stack((first, second, torch.linalg.cross(first, second, dim=-1)), dim=-2)


def _levels() -> list[tuple[list[int], list[int]]]:
    """Joints by depth in the tree, with their parents: one batched product per level."""
    depth = [0] * JOINTS
    for joint, parent in enumerate(PARENTS):
        depth[joint] = 0 if parent < 0 else depth[parent] + 1
    levels = [[joint for joint in range(JOINTS) if depth[joint] == d] for d in range(1, max(depth) + 1)]
    return [(joints, [PARENTS[joint] for joint in joints]) for joints in levels]


LEVELS = _levels()


def forward_kinematics(pose: Tensor) -> Tensor:
    """Joint positions [B, 22, 3] in the root's frame, from the pose's [B, 264] rotations and pelvis position, on the reference skeleton."""
    local = matrices(pose[:, layout.ROTATIONS].unflatten(1, (JOINTS, 6)))
    offsets = torch.as_tensor(REFERENCE.offsets, device=pose.device)
    rotations: list[Tensor] = [local[:, 0]] * JOINTS
    positions: list[Tensor] = [pose[:, :3]] * JOINTS
    for joints, parents in LEVELS:
        parent_rotation = torch.stack([rotations[p] for p in parents], dim=1)
        world = parent_rotation @ local[:, joints]
        place = torch.stack([positions[p] for p in parents], dim=1) + (parent_rotation @ offsets[joints, :, None])[..., 0]
        for column, joint in enumerate(joints):
            rotations[joint], positions[joint] = world[:, column], place[:, column]
    return torch.stack(positions, dim=1)
