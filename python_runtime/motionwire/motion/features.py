"""The 272-dimensional motion features of MotionMillion (Fan et al. 2025; MotionStreamer, Xiao et al. 2025) and 4 contacts.

    0:2      root velocity on the ground (x, z), m/frame, de-rotated by the previous frame's heading
    2:8      6D of the yaw rotation by MINUS the heading change since the previous frame
    8:74     joint positions 22x3, m, heading removed, x and z relative to the root; so index 9 is the root's height
    74:140   their differences to the previous frame 22x3, m/frame
    140:272  local rotations 22x6, the first two rows of the matrix; the root's with its heading removed
    272:276  soft contacts: left heel, left toe, right heel, right toe, 0..1

6D is always the first two rows of a matrix. Frame 0 has zero velocities and an identity heading change: where a clip stood
and which way it faced at its start is not part of the features. Recovery integrates heading and root and copies the
rotations: no inverse kinematics.
"""

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import soft_contacts
from motionwire.motion.kinematics import forward_kinematics
from motionwire.motion.skeleton import JOINTS, PARENTS, Skeleton, canonical

DIM = 276
MOTIONMILLION_DIM = 272
ROOT_VELOCITY = slice(0, 2)
HEADING = slice(2, 8)
POSITIONS = slice(8, 74)
VELOCITIES = slice(74, 140)
ROTATIONS = slice(140, 272)
CONTACTS = slice(272, 276)
ROOT_HEIGHT = 9
FPS = 30.0


def encode(clip: Clip) -> NDArray[np.float32]:
    """Features float32 [T, 276] of a canonical clip, at the clip's own rate (30 fps for data that mixes with MotionMillion's).

    Raises InputError when the clip is not canonical.
    """
    if not clip.skeleton.is_canonical or clip.translations is not None:
        raise InputError("features need a canonical clip (retarget it first)", clip.name or None)
    rotations = clip.rotations.astype(np.float64)
    rotations /= np.linalg.norm(rotations, axis=-1, keepdims=True)
    root = clip.root_positions.astype(np.float64)
    world, _ = forward_kinematics(clip.skeleton, rotations, root)

    heading = np.unwrap(rot.yaw_of(rotations[:, 0]))
    facing_away = rot.from_yaw(-heading)  # turns world vectors into the heading frame
    local = world - root[:, None] * np.array([1.0, 0.0, 1.0])
    local = rot.rotate(facing_away[:, None], local)
    out = np.zeros((len(clip), DIM))
    out[1:, ROOT_VELOCITY] = rot.rotate(facing_away[:-1], np.diff(root, axis=0))[:, [0, 2]]
    out[0, HEADING] = (1, 0, 0, 0, 1, 0)
    out[1:, HEADING] = rot.to_6d(rot.from_yaw(-np.diff(heading)))
    out[:, POSITIONS] = local.reshape(len(clip), -1)
    out[1:, VELOCITIES] = np.diff(local, axis=0).reshape(len(clip) - 1, -1)
    rotations[:, 0] = rot.multiply(facing_away, rotations[:, 0])
    out[:, ROTATIONS] = rot.to_6d(rotations).reshape(len(clip), -1)
    out[:, CONTACTS] = soft_contacts(clip)
    return out.astype(np.float32)


def joint_steps(features: NDArray[np.floating]) -> NDArray[np.floating]:
    """How far the joints went since each previous frame [T, 22, 3], m, by their differences and the root's step (turns left out)."""
    steps = features[:, VELOCITIES].reshape(-1, JOINTS, 3).copy()
    steps[..., ::2] += features[:, None, ROOT_VELOCITY]
    return steps


def raised(features: NDArray[np.float32], by: NDArray[np.floating], before: float | None = None) -> NDArray[np.float32]:
    """Features [T, 276] of the same motion with each frame higher by so much [T], m; before: by how much the frame before the first
    was (None: by as much as the first)."""
    out = features.copy()
    out[:, POSITIONS][:, 1::3] += by[:, None]
    out[:, VELOCITIES][:, 1::3] += np.diff(by, prepend=by[0] if before is None else before)[:, None]
    return out


def heading_changes(features: NDArray[np.floating]) -> NDArray[np.float64]:
    """Heading change [T] in radians from each frame's 6D (entries 02 and 00 of the matrix of the inverse turn)."""
    six = features[..., HEADING].astype(np.float64)
    return -np.arctan2(six[..., 2], six[..., 0])


def decode(
    features: NDArray[np.floating],
    skeleton: Skeleton | None = None,
    fps: float = FPS,
    heading: float = 0.0,
    origin: tuple[float, float] = (0.0, 0.0),
    name: str = "",
) -> Clip:
    """The canonical clip of features [T, 272 or 276], starting at `origin` (x, z in m) and `heading` (rad).

    skeleton: bone lengths to use; None solves them from the features, which hold both positions and rotations.
    Raises InputError on a wrong shape or on values that are not finite.
    """
    if features.ndim != 2 or features.shape[1] not in (MOTIONMILLION_DIM, DIM) or len(features) == 0:
        raise InputError(f"features have shape {features.shape}, expected [frames, 272 or 276]", name or None)
    if not np.isfinite(features).all():
        frame = int(np.argwhere(~np.isfinite(features))[0][0])
        raise InputError(f"features hold NaN or infinity in frame {frame}", name or None)
    frames = len(features)
    values = features.astype(np.float64)
    changes = heading_changes(values)
    headings = heading + np.cumsum(changes)
    facing = rot.from_yaw(headings)
    local_steps = np.zeros((frames, 3))
    local_steps[:, [0, 2]] = values[:, ROOT_VELOCITY]
    root = np.cumsum(rot.rotate(rot.from_yaw(headings - changes), local_steps), axis=0) + np.array([origin[0], 0.0, origin[1]])
    root[:, 1] = values[:, ROOT_HEIGHT]

    local_rotations = rot.from_6d(values[:, ROTATIONS].reshape(frames, JOINTS, 6))
    if skeleton is None:
        skeleton = _solve_skeleton(values, local_rotations)
    local_rotations[:, 0] = rot.multiply(facing, local_rotations[:, 0])
    return Clip(skeleton, fps, root.astype(np.float32), rot.continuous(local_rotations).astype(np.float32), name=name)


def _solve_skeleton(values: NDArray[np.float64], local_rotations: NDArray[np.floating]) -> Skeleton:
    """Bone offsets [22, 3]: each child's position seen from its parent's frame, the median over time."""
    positions = values[:, POSITIONS].reshape(len(values), JOINTS, 3)
    world = local_rotations.copy()
    offsets = np.zeros((JOINTS, 3))
    offsets[0, 1] = np.median(positions[:, 0, 1])
    for joint, parent in enumerate(PARENTS):
        if parent < 0:
            continue
        world[:, joint] = rot.multiply(world[:, parent], local_rotations[:, joint])
        offsets[joint] = np.median(rot.rotate(rot.inverse(world[:, parent]), positions[:, joint] - positions[:, parent]), axis=0)
    return canonical(offsets)
