"""What the controller gets wrong on held-out windows: one frame ahead of true poses (teacher_*), and fed its own poses (free_*).

Both see the true trajectory, gait and phase, so the figures tell of the pose and of the root's step alone. Angles are in degrees.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from motionwire.controller import layout
from motionwire.motion.skeleton import JOINT_NAMES
from motionwire_training.torch_motion import local_rotations, product, rotation_degrees

BEST = "free_geo_deg"  # picks the checkpoint to keep, and the best of a study
KEY_BONES = {  # what is reported one by one: those that carry a gait, both sides together
    name: [JOINT_NAMES.index(joint) for joint in joints]
    for name, joints in {
        "pelvis": ("pelvis",),
        "spine": ("spine1", "spine2", "spine3"),
        "head": ("neck", "head"),
        **{bone: (f"left_{bone}", f"right_{bone}") for bone in ("hip", "knee", "ankle", "shoulder", "elbow")},
    }.items()
}
LAST_FRAMES = 6  # the window's end, at which free run and teacher are compared


@dataclass(frozen=True, eq=False)
class Predictions:
    """Of H steps: pose [B, H, 264], root step [B, H, 3], contacts [B, H, 4], and the poses [B, H, 264] that they were made from."""

    pose: Tensor
    root: Tensor
    contacts: Tensor
    fed: Tensor


@torch.no_grad()
def validation_metrics(model: nn.Module, batch: dict[str, Tensor]) -> dict[str, float]:
    """Figures of windows [B, H + 1, ...] (see `data.Windows.read`), the most telling first.

    geo_deg: geodesic error, mean over the joints. yaw_abs_deg: error of the pelvis's heading over the ground, which a free run sums up.
    root_vel_mae_m_s: of the root's velocity. contact_agreement: share of feet and frames that both call down, or both up;
    contact_duty: share that are down. BONE_deg, BONE_deg_s: error of a key bone's angle and of its angular velocity.
    free_teacher_ratio_1s: geo_deg of the free run by the teacher's at the end of the window, which lasts a second.
    """
    teacher, free = (predict(model, batch, free=free) for free in (False, True))
    (near, near_error), (far, far_error) = compare(teacher, batch, summed=False), compare(free, batch, summed=True)
    last = slice(-LAST_FRAMES, None)
    both = {f"{kind}_{name}": float(figures[name]) for name in near for kind, figures in (("teacher", near), ("free", far))}
    return {
        "free_teacher_ratio_1s": float(far_error[:, last].mean() / near_error[:, last].mean()),
        **both,
        "data_contact_duty": float((batch["contacts"][:, 1:] > 0.5).float().mean()),
    }


def predict(model: nn.Module, batch: dict[str, Tensor], *, free: bool) -> Predictions:
    """Step through the windows, each step fed the true pose or, `free`, the network's own."""
    made, fed, pose = [], [], batch["pose"][:, 0]
    for step in range(batch["pose"].shape[1] - 1):
        fed.append(pose)
        made.append(model(pose, batch["trajectory"][:, step], batch["gait"][:, step], batch["style"], batch["phase"][:, step]))
        pose = made[-1][0] if free else batch["pose"][:, step + 1]
    poses, roots, _, contacts, _ = (torch.stack(values, dim=1) for values in zip(*made, strict=True))
    return Predictions(poses, roots, contacts, torch.stack(fed, dim=1))


def compare(found: Predictions, batch: dict[str, Tensor], *, summed: bool) -> tuple[dict[str, Tensor], Tensor]:
    """Figures by name and the geodesic error [B, H]; `summed` adds the steps of the heading up along the window."""
    truth = local_rotations(batch["pose"], layout.ROTATIONS)
    made, fed = (local_rotations(pose, layout.ROTATIONS) for pose in (found.pose, found.fed))
    angles = rotation_degrees(made, truth[:, 1:])  # [B, H, J]
    turns = rotation_degrees(product(fed.mT, made), product(truth[:, :-1].mT, truth[:, 1:])) * layout.FPS
    step = found.root - batch["root_delta"]
    heading = step[..., 2].cumsum(1) if summed else step[..., 2]
    yaw = heading + yaw_of(made[:, :, 0]) - yaw_of(truth[:, 1:, 0])
    down, truly_down = found.contacts > 0.5, batch["contacts"][:, 1:] > 0.5
    figures = {
        "geo_deg": angles.mean(),
        "yaw_abs_deg": torch.rad2deg(torch.atan2(yaw.sin(), yaw.cos()).abs()).mean(),
        "root_vel_mae_m_s": step[..., :2].norm(dim=-1).mean() * layout.FPS,
        "contact_agreement": (down == truly_down).float().mean(),
        "contact_duty": down.float().mean(),
        **{f"{name}_deg": angles[..., joints].mean() for name, joints in KEY_BONES.items()},
        **{f"{name}_deg_s": turns[..., joints].mean() for name, joints in KEY_BONES.items()},
    }
    return figures, angles.mean(-1)


def yaw_of(matrix: Tensor) -> Tensor:
    """Heading [...] in rad of matrices [..., 3, 3]: where they take +Z, seen from above."""
    return torch.atan2(matrix[..., 0, 2], matrix[..., 2, 2])
