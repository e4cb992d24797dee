"""The controller's losses in three groups, each term a mean over windows, steps and joints.

core  the next frame from the true one: world and parent-relative rotations (geodesic, rad), their change, orthogonality of the 6D
      rows, joints by forward kinematics, their movement over the ground, and the plain heads (pose, root, trajectory, contacts, phase)
aux   root's turn, the SO(3) logarithm of the error, flexion of knees and elbows
long  what a step fed with its own poses does (the core's terms on a free run), and latent consistency: the network's inner view
      of its own pose is that of the true one

There is no term for feet: where they stand follows from positions, their movement and the root's step together.
"""

from dataclasses import asdict, dataclass
from itertools import accumulate

import torch
from torch import Tensor
from torch.nn import functional as F

from motionwire.controller import layout
from motionwire.motion.skeleton import JOINT_NAMES, JOINTS
from motionwire_training.controller.configuration import ControllerConfig, Stage
from motionwire_training.controller.data import future_of
from motionwire_training.controller.model import ControllerNetwork, Noise, Prediction
from motionwire_training.controller.rollout import astray, free_pass, out_of_step, teacher_pass
from motionwire_training.loop import Batch
from motionwire_training.torch_motion import matrix_from_6d, product, world_of

TEACHER_FRAMES = 6  # of each window: neighbouring frames say much the same
KINEMATICS_SCALE = 0.1  # m
KNEES, ELBOWS = (slice(JOINT_NAMES.index(f"left_{joint}"), JOINT_NAMES.index(f"right_{joint}") + 1) for joint in ("knee", "elbow"))
SMALL = 1e-6


@dataclass(frozen=True, eq=False)
class Bodies:
    """Poses [..., 264] as matrices [..., 22, 3, 3], local and in the root's frame, and joints [..., 22, 3] by forward kinematics."""

    local: Tensor
    world: Tensor
    joints: Tensor

    @classmethod
    def of(cls, pose: Tensor) -> "Bodies":
        local = matrix_from_6d(pose[..., layout.ROTATIONS].unflatten(-1, (JOINTS, 6)))
        joints, world = world_of(local)
        return cls(local, world, joints + pose[..., None, :3])

    def __getitem__(self, frames: slice) -> "Bodies":
        """Some of the frames of [B, T, ...]."""
        return Bodies(self.local[:, frames], self.world[:, frames], self.joints[:, frames])


def losses(model: ControllerNetwork, batch: Batch, config: ControllerConfig, stage: Stage, forced: Tensor) -> dict[str, Tensor]:
    """The groups "core", "aux", "long" and, by name, what they are made of (those of the free run as free_NAME).

    stage: whether there is a free run; forced [B]: probability that a step of the free run is fed the true pose.
    """
    noise = Noise(config.pose_noise, config.trajectory_noise, config.phase_noise)
    batch = out_of_step(batch, noise)
    near = first_frames(batch, TEACHER_FRAMES)
    ahead = teacher_pass(model, near, noise)
    run, fed = free_pass(model, batch, astray(batch["pose"][:, 0]), forced) if stage.free_weight else (None, None)
    with torch.autocast(batch["pose"].device.type, enabled=False):
        truth, made, *own = bodies(batch["pose"], ahead.pose, *(() if run is None or fed is None else (run.pose, fed)))
        known = truth[: ahead.pose.shape[1] + 1]
        core = core_terms(model, ahead, made, known[:-1], known, near)
        aux = aux_terms(ahead, made, known[1:], near)
        out = {"core": weighted(core, asdict(config.core)), "aux": weighted(aux, asdict(config.aux)), **core, **aux}
    out["latent"] = latent_consistency(model, ahead.pose if run is None else run.pose, near if run is None else batch)
    out["long"] = config.latent * out["latent"]
    if run is not None:
        with torch.autocast(batch["pose"].device.type, enabled=False):
            run_made, run_fed = own
            free = core_terms(model, run, run_made, run_fed, truth, batch)
        out["long"] = out["long"] + weighted(free, asdict(config.core))
        out |= {f"free_{name}": value for name, value in free.items()}
    return out


def bodies(*poses: Tensor) -> list[Bodies]:
    """Bodies of several [B, T, 264], of any lengths T, at once: kinematics are many small steps, whatever they are done to."""
    found = Bodies.of(torch.cat(poses, dim=1))
    ends = list(accumulate(pose.shape[1] for pose in poses))
    return [found[end - pose.shape[1] : end] for end, pose in zip(ends, poses, strict=True)]


def first_frames(batch: Batch, count: int) -> Batch:
    """The windows cut to `count` steps."""
    whole = ("style",)
    return {name: value if name in whole else value[:, : count if name == "root_delta" else count + 1] for name, value in batch.items()}


def weighted(terms: dict[str, Tensor], weights: dict[str, float]) -> Tensor:
    """Sum of the terms times their weights."""
    return torch.stack([weights[name] * value for name, value in terms.items()]).sum()


def core_terms(model: ControllerNetwork, found: Prediction, made: Bodies, before: Bodies, truth: Bodies, batch: Batch) -> dict[str, Tensor]:
    """Terms of predictions [B, H, ...] with bodies `made`, from bodies `before`; truth: of all H + 1 frames."""
    after = truth[1:]
    wanted = batch["pose"][:, 1:]
    error = (found.pose - wanted) / model.pose_std
    weight = batch["phase_weight"][:, :-1]
    phase_error = (found.phase_delta - batch["phase_delta"][:, :-1]) / model.phase_delta_std
    change = (made.local - before.local) - (after.local - truth[:-1].local)
    movement = carried(made.joints, found.root_delta) - before.joints
    true_movement = carried(after.joints, batch["root_delta"]) - truth[:-1].joints
    return {
        "rotation": angle_between(made.world, after.world).mean(),
        "local_rotation": angle_between(made.local, after.local).mean(),
        "rotation_change": _length(change.flatten(-2)).mean() * layout.FPS,
        "orthogonality": orthogonality(found.pose),
        "kinematics": _length(made.joints - after.joints).mean() / KINEMATICS_SCALE,
        "movement": _length(movement - true_movement).mean() * layout.FPS,
        "pose": robust(error),
        "root": robust((found.root_delta - batch["root_delta"]) / model.root_std),
        "trajectory": robust((found.future - future_of(batch["trajectory"][:, 1:])) / model.future_std),
        "contacts": F.binary_cross_entropy_with_logits(found.contacts, batch["contacts"][:, 1:].clamp(0, 1)),
        "phase": (weight * phase_error.square().clamp_max(25)).mean() / weight.mean().clamp_min(1e-3),
        "gait": -(batch["gait"][:, 1:] * F.log_softmax(found.gait, dim=-1)).sum(-1).mean(),
    }


def aux_terms(found: Prediction, made: Bodies, after: Bodies, batch: Batch) -> dict[str, Tensor]:
    """Terms that matter less often: the root's turn (rad/s), the squared SO(3) logarithm (rad2), flexion of the limbs' hinges (rad)."""
    turn = (found.root_delta[..., 2] - batch["root_delta"][..., 2]) * layout.FPS
    return {
        "turn": turn.abs().mean(),
        "so3": so3_log(product(made.world.mT, after.world)).square().sum(-1).mean(),
        "hinge": (flexion(made.local) - flexion(after.local)).abs().mean(),
    }


def latent_consistency(model: ControllerNetwork, pose: Tensor, batch: Batch) -> Tensor:
    """Mean squared difference of the latents of predicted poses [B, H, 264] and of the true ones."""
    style = batch["style"][:, None].expand(-1, pose.shape[1], -1)
    rest = (batch["trajectory"][:, 1:], batch["gait"][:, 1:], style, batch["phase"][:, 1:])
    with torch.no_grad():
        goal = model.latent(batch["pose"][:, 1:], *rest)
    return (model.latent(pose, *rest) - goal).float().square().mean()


def carried(joints: Tensor, step: Tensor) -> Tensor:
    """Joints [..., 22, 3] of a frame seen from the root one frame earlier, which made `step` [..., 3] (dx, dz, dyaw)."""
    sine, cosine = step[..., 2:3].sin(), step[..., 2:3].cos()
    x, y, z = joints.unbind(-1)
    return torch.stack((cosine * x + sine * z + step[..., 0:1], y, cosine * z - sine * x + step[..., 1:2]), dim=-1)


def angle_between(a: Tensor, b: Tensor) -> Tensor:
    """Geodesic distance [...] in rad of rotation matrices [..., 3, 3]: |a - b| = sqrt(8) sin(angle / 2)."""
    return 2 * torch.asin((_length((a - b).flatten(-2)) / 8**0.5).clamp(max=1 - SMALL))


def so3_log(matrix: Tensor) -> Tensor:
    """Rotation vectors [..., 3] of rotation matrices [..., 3, 3], short of half a turn."""
    m = matrix - matrix.mT
    skew = torch.stack((m[..., 2, 1], m[..., 0, 2], m[..., 1, 0]), dim=-1)
    sine = _length(skew) / 2
    cosine = (matrix.diagonal(dim1=-2, dim2=-1).sum(-1) - 1) / 2
    return skew / 2 * (torch.atan2(sine, cosine) / sine.clamp_min(SMALL))[..., None]


def flexion(local: Tensor) -> Tensor:
    """Angles [..., 4] in rad of knees about their own X (left-right) and of elbows about their own Y: the hinges' axes in a T-pose."""
    knees, elbows = local[..., KNEES, :, :], local[..., ELBOWS, :, :]
    return torch.cat((torch.atan2(knees[..., 2, 1], knees[..., 2, 2]), torch.atan2(elbows[..., 0, 2], elbows[..., 0, 0])), dim=-1)


def orthogonality(pose: Tensor) -> Tensor:
    """How far the 6D rows are from orthonormal: mean of (|a| - 1)^2 + (|b| - 1)^2 + (a b)^2."""
    six = pose[..., layout.ROTATIONS].unflatten(-1, (JOINTS, 2, 3))
    lengths = _length(six)
    return ((lengths - 1).square().sum(-1) + (six[..., 0, :] * six[..., 1, :]).sum(-1).square()).mean()


def robust(error: Tensor) -> Tensor:
    """Huber: half squared up to one standard deviation, linear beyond."""
    return F.huber_loss(error, torch.zeros_like(error))


def _length(v: Tensor) -> Tensor:
    return (v.square().sum(-1) + SMALL**2).sqrt()
