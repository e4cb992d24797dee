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
    terms: dict[str, list[Tensor]] = {name: [] for name in asdict(config.weights)}
    pose = batch["pose"][:, 0]
    for step in range(horizon):
        noisy = pose + config.pose_noise * torch.randn_like(pose) * model.pose_std
        trajectory = batch["trajectory"][:, step]
        trajectory = trajectory + config.trajectory_noise * torch.randn_like(trajectory) * model.trajectory_std
        phase = batch["phase"][:, step] + config.phase_noise * torch.randn_like(batch["phase"][:, step])
        predicted = model(noisy, trajectory, batch["gait"][:, step], batch["style"], phase)
        for name, value in _step_terms(model, predicted, batch, step).items():
            terms[name].append(value)
        own = (torch.rand_like(batch["free"]) < batch["free"])[:, None]
        pose = torch.where(own, predicted[0], batch["pose"][:, step + 1])
    means = {name: torch.stack(values).mean() for name, values in terms.items()}
    total = sum(getattr(config.weights, name) * value for name, value in means.items())
    return {"loss": torch.as_tensor(total), **means}


def _step_terms(model: PhaseFunctionedNetwork, predicted: tuple[Tensor, ...], batch: dict[str, Tensor], step: int) -> dict[str, Tensor]:
    pose, root, future, contacts, phase_delta = predicted
    truth = batch["pose"][:, step + 1]
    error = (pose - truth) / model.pose_std
    weight = batch["phase_weight"][:, step]
    phase_error = (phase_delta - batch["phase_delta"][:, step]) / model.phase_delta_std
    placed = forward_kinematics(pose) - truth[:, layout.POSITIONS].unflatten(1, (JOINTS, 3))
    return {
        "positions": _robust(error[:, layout.POSITIONS]),
        "velocities": _robust(error[:, layout.VELOCITIES]),
        "rotations": _robust(error[:, layout.ROTATIONS]),
        "root": _robust((root - batch["root_delta"][:, step]) / model.root_std),
        "trajectory": _robust((future - future_of(batch["trajectory"][:, step + 1])) / model.future_std),
        "contacts": F.binary_cross_entropy(contacts.float(), batch["contacts"][:, step + 1].clamp(0, 1)),
        "phase": (weight * phase_error.square().clamp_max(25)).mean() / weight.mean().clamp_min(1e-3),
        "kinematics": placed.norm(dim=-1).mean() / KINEMATICS_SCALE,
    }


def _robust(error: Tensor) -> Tensor:
    """Huber: squared up to one standard deviation, linear beyond."""
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
