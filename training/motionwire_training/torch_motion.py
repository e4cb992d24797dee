"""Differentiable motion: 6D to matrices, forward kinematics and the root's path from features, as torch losses need them."""

from functools import cache

import torch
from torch import Tensor
from torch.nn.functional import normalize

from motionwire.motion import features
from motionwire.motion.skeleton import JOINTS, PARENTS, REFERENCE


def matrix_from_6d(six: Tensor) -> Tensor:
    """[..., 6] (two rows) to rotation matrices [..., 3, 3] by Gram-Schmidt (Zhou et al. 2019)."""
    first = normalize(six[..., :3], dim=-1)
    second = six[..., 3:]
    second = normalize(second - (first * second).sum(-1, keepdim=True) * first, dim=-1)
    return torch.stack((first, second, torch.linalg.cross(first, second)), dim=-2)


def _levels() -> list[tuple[list[int], list[int]]]:
    """Joints by depth below the root, each with its parents: a whole level is multiplied at once."""
    depth = [0] * JOINTS
    for joint in range(1, JOINTS):
        depth[joint] = depth[PARENTS[joint]] + 1
    by_depth = [[j for j in range(JOINTS) if depth[j] == d] for d in range(1, max(depth) + 1)]
    return [(joints, [PARENTS[j] for j in joints]) for joints in by_depth]


LEVELS = _levels()


def forward_kinematics(rotations: Tensor, offsets: Tensor | None = None) -> Tensor:
    """Joint positions [..., 22, 3] relative to the pelvis, from local rotation matrices [..., 22, 3, 3].

    offsets [22, 3] in metres, the reference skeleton's when None.
    """
    return world_of(rotations, offsets)[0]


def world_of(rotations: Tensor, offsets: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Joint positions [..., 22, 3] relative to the pelvis and world rotations [..., 22, 3, 3], as in `forward_kinematics`."""
    if offsets is None:
        offsets = _reference_offsets(rotations.dtype, rotations.device)
    local, offset = rotations.unbind(-3), offsets.unbind(0)  # no lists as indices: each would wait for the device
    world: list[Tensor] = [local[0]] * JOINTS
    positions: list[Tensor] = [torch.zeros_like(local[0][..., 0])] * JOINTS
    for joints, parents in LEVELS:
        parent_world = torch.stack([world[p] for p in parents], dim=-3)
        turned = product(parent_world, torch.stack([offset[j] for j in joints])[..., None])
        level_positions = torch.stack([positions[p] for p in parents], dim=-2) + turned.squeeze(-1)
        level_world = product(parent_world, torch.stack([local[j] for j in joints], dim=-3))
        for joint, place, turn in zip(joints, level_positions.unbind(-2), level_world.unbind(-3), strict=True):
            positions[joint], world[joint] = place, turn
    return torch.stack(positions, dim=-2), torch.stack(world, dim=-3)


def product(a: Tensor, b: Tensor) -> Tensor:
    """Matrix product of small matrices [..., 3, 3] and [..., 3, K], in full precision: a GPU's matrix units round to TF32 (a millimetre at
    arm's length, which speeds and accelerations multiply)."""
    return (a[..., :, :, None] * b[..., None, :, :]).sum(-2) if a.is_cuda else a @ b


@cache
def _reference_offsets(dtype: torch.dtype, device: torch.device) -> Tensor:
    return torch.as_tensor(REFERENCE.offsets, dtype=dtype, device=device)


def local_rotations(values: Tensor, place: slice = features.ROTATIONS) -> Tensor:
    """Local rotation matrices [..., 22, 3, 3] of features [..., 276], or of other vectors that hold them in `place`; the root's has its
    heading removed."""
    return matrix_from_6d(values[..., place].unflatten(-1, (JOINTS, 6)))


def root_path(values: Tensor, began: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The root's way over the ground: positions x, z [..., T, 2] in m and headings [..., T] in rad; began [..., 3]: x, z and heading before
    the first frame, zero when None."""
    six = values[..., features.HEADING]
    change = -torch.atan2(six[..., 2], six[..., 0])
    heading = change.cumsum(-1)
    if began is not None:
        heading = heading + began[..., 2:]
    before = heading - change
    x, z = values[..., 0], values[..., 1]
    sine, cosine = before.sin(), before.cos()
    steps = torch.stack((cosine * x + sine * z, cosine * z - sine * x), dim=-1)
    path = steps.cumsum(-2)
    return path if began is None else path + began[..., None, :2], heading


def turn_by(positions: Tensor, heading: Tensor) -> Tensor:
    """Positions [..., T, J, 3] turned about +Y by headings [..., T]."""
    sine, cosine = heading.sin()[..., None], heading.cos()[..., None]
    x, y, z = positions.unbind(-1)
    return torch.stack((cosine * x + sine * z, y, cosine * z - sine * x), dim=-1)


def rotation_degrees(a: Tensor, b: Tensor) -> Tensor:
    """Angle [...] in degrees between rotation matrices [..., 3, 3], accurate near zero: |a - b| = sqrt(8) sin(angle / 2)."""
    chord = (a - b).flatten(-2).norm(dim=-1) / 8**0.5
    return torch.rad2deg(2 * torch.asin(chord.clamp(max=1.0)))
