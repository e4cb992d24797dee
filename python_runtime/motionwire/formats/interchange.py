"""The interchange clip that JSON (json_clip.py) and NPZ (npz.py) share: heading and ground speed of the root, local 6D rotations.

Metres, seconds, radians, Y up, facing +Z at yaw 0:
    root_yaw [T]           heading: where the root's +Z points on the ground, atan2(x, z)
    root_velocity [T, 2]   ground velocity in m/s that brought the root from the frame before to this one, seen in the heading of
                           the frame before: X is left, Y is forward; zero in the first frame
    rotations_6d [T, N, 6] local rotations, the first two ROWS of the matrix; the root's with its heading removed
    soft_contacts [T, 2]   left and right foot, 0..1: how likely it is planted, the larger of heel and toe
The root's height is not part of it. Where a file has nothing better, reading places the softly contacting foot on the
ground (root_height below); start and ground position are then the origin.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.formats.numbers import LIMIT
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import soft_contacts
from motionwire.motion.kinematics import forward_kinematics
from motionwire.motion.skeleton import JOINT_NAMES, JOINTS, REFERENCE, Skeleton

LEFT_FOOT = [JOINT_NAMES.index("left_ankle"), JOINT_NAMES.index("left_foot")]
RIGHT_FOOT = [JOINT_NAMES.index("right_ankle"), JOINT_NAMES.index("right_foot")]
EVIDENCE = 0.5  # sum of both feet's contacts from which a frame says where the ground is


@dataclass(frozen=True)
class Interchange:
    """Arrays as the module describes them."""

    fps: float
    root_yaw: NDArray[np.floating]
    root_velocity: NDArray[np.floating]
    rotations_6d: NDArray[np.floating]
    soft_contacts: NDArray[np.floating]


def checked_fps(fps: float, where: str) -> float:
    """The frame rate, or InputError when no clip can have it."""
    if not 0 < fps <= 10_000:
        raise InputError(f"frame rate {fps} is not between 0 and 10,000", where)
    return fps


def from_clip(clip: Clip) -> Interchange:
    """A canonical clip as interchange arrays; raises InputError for any other clip."""
    if not clip.skeleton.is_canonical or clip.translations is not None:
        raise InputError("JSON and NPZ hold canonical clips (retarget it first)", clip.name or None)
    rotations = rot.normalize(clip.rotations.astype(np.float64))
    yaw = rot.yaw_of(rotations[:, 0])
    facing_away = rot.from_yaw(-yaw)
    velocity = np.zeros((len(clip), 2))
    steps = np.diff(clip.root_positions.astype(np.float64), axis=0)
    velocity[1:] = rot.rotate(facing_away[:-1], steps)[:, [0, 2]] * clip.fps
    rotations[:, 0] = rot.multiply(facing_away, rotations[:, 0])
    contacts = soft_contacts(clip).astype(np.float64)
    feet = np.stack((contacts[:, :2].max(axis=1), contacts[:, 2:].max(axis=1)), axis=1)
    return Interchange(clip.fps, yaw, velocity, rot.to_6d(rotations), feet)


def to_clip(
    data: Interchange, skeleton: Skeleton | None, name: str, where: str, root_positions: NDArray[np.floating] | None = None
) -> Clip:
    """The clip of interchange arrays. skeleton None: the canonical one where there are 22 bones; raises InputError otherwise.

    root_positions [T, 3] in metres stand for the integrated velocities and the recovered height where a file holds them.
    """
    frames, bones = data.rotations_6d.shape[:2]
    if frames == 0 or bones == 0:
        raise InputError("a clip needs at least one frame and one bone", where)
    if skeleton is None:
        if bones != JOINTS:
            raise InputError(f"{bones} bones and no hierarchy beside it; without one, only the {JOINTS} canonical bones are known", where)
        skeleton = REFERENCE
    if len(skeleton) != bones:
        raise InputError(f"{bones} bones, but the hierarchy has {len(skeleton)}", where)
    for label in ("root_yaw", "root_velocity", "rotations_6d", "soft_contacts"):
        wrong = ~(np.abs(getattr(data, label)) <= LIMIT)
        if wrong.any():
            raise InputError(f"{label} is not a number within 1e9", f"{where}: frame {int(np.argwhere(wrong)[0][0])}")
    six = data.rotations_6d
    area = np.linalg.norm(np.cross(six[..., :3], six[..., 3:]), axis=-1)
    if (flat := np.argwhere(area < 1e-3)).size:
        frame, bone = flat[0].tolist()
        raise InputError(f"bone {skeleton.names[bone]!r} has two parallel or zero rows, which is no rotation", f"{where}: frame {frame}")
    rotations = rot.from_6d(six)
    facing = rot.from_yaw(data.root_yaw)
    rotations[:, 0] = rot.multiply(facing, rotations[:, 0])
    if root_positions is None:
        steps = np.zeros((frames, 3))
        steps[1:, [0, 2]] = data.root_velocity[1:] / data.fps
        steps[1:] = rot.rotate(facing[:-1], steps[1:])
        root_positions = np.cumsum(steps, axis=0)
        root_positions[:, 1] = root_height(skeleton, rotations, data.soft_contacts)
    return Clip(skeleton, data.fps, root_positions.astype(np.float32), rot.continuous(rotations).astype(np.float32), name=name)


def root_height(skeleton: Skeleton, rotations: NDArray[np.floating], contacts: NDArray[np.floating]) -> NDArray[np.floating]:
    """Height [T] of the root in metres that puts the contacting feet at the height they have in the rest pose.

    rotations [T, N, 4] with heading; contacts [T, 2]. Frames without evidence lie between their neighbours that have some; a clip
    without any stands on its lowest joint. On a skeleton that is not canonical, the lowest joint counts as both feet.
    """
    heights = forward_kinematics(skeleton, rotations, np.zeros((len(rotations), 3)))[0][..., 1]
    feet = [[*range(len(skeleton))]] * 2
    if skeleton.is_canonical:
        feet = [LEFT_FOOT, RIGHT_FOOT]
        rest = np.tile(rot.IDENTITY.astype(np.float64), (len(skeleton), 1))
        heights -= np.maximum(forward_kinematics(skeleton, rest, skeleton.offsets[0].astype(np.float64))[0][:, 1], 0)
    needed = np.stack([-heights[:, joints].min(axis=1) for joints in feet], axis=1)
    weight = np.clip(contacts, 0, 1)
    total = weight.sum(axis=1)
    known = total >= EVIDENCE
    if not known.any():
        return needed.max(axis=1)
    frames = np.arange(len(heights))
    return np.interp(frames, frames[known], (needed * weight).sum(axis=1)[known] / total[known])
