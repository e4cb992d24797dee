"""A canonical walk made by formula: tests need motion with steps, turns and contacts that is nobody's recording."""

import numpy as np

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINT_NAMES, JOINTS, REFERENCE

DUTY = 0.6  # share of the stride that a foot is planted
ROOT_HEIGHT = 0.86
THIGH = float(np.linalg.norm(REFERENCE.offsets[JOINT_NAMES.index("left_knee")]))
SHIN = float(np.linalg.norm(REFERENCE.offsets[JOINT_NAMES.index("left_ankle")]))


def walking_clip(
    seconds: float = 3.0, fps: float = 30.0, speed: float = 1.0, turn: float = 0.0, stride_hz: float = 0.95, name: str = "synthetic walk"
) -> Clip:
    """A walk of `speed` m/s that turns by `turn` rad/s: planted feet stay where they are, knees bend, arms swing."""
    frames = max(1, round(seconds * fps))
    time = np.arange(frames) / fps
    heading = turn * time
    rotations = np.tile(rot.IDENTITY.astype(np.float64), (frames, JOINTS, 1))
    for side, shift in (("left", 0.0), ("right", 0.5)):
        hip, knee, ankle = _leg(np.mod(stride_hz * time + shift, 1.0), speed / stride_hz)
        for joint, angle in (("hip", hip), ("knee", knee), ("ankle", ankle)):
            rotations[:, JOINT_NAMES.index(f"{side}_{joint}")] = rot.from_axis_angle((1.0, 0.0, 0.0), angle)
        sign = 1.0 if side == "left" else -1.0
        hanging = rot.from_axis_angle((0.0, 0.0, 1.0), np.full(frames, -sign * 1.3))
        swinging = rot.from_axis_angle((1.0, 0.0, 0.0), -0.4 * hip)
        rotations[:, JOINT_NAMES.index(f"{side}_shoulder")] = rot.multiply(swinging, hanging)
    rotations[:, 0] = rot.from_yaw(heading)
    radius = speed / turn if turn else 0.0
    along = (radius * (1 - np.cos(heading)), radius * np.sin(heading)) if turn else (np.zeros(frames), speed * time)
    root = np.stack((along[0], np.full(frames, ROOT_HEIGHT), along[1]), axis=-1)
    return Clip(REFERENCE, fps, root.astype(np.float32), rotations.astype(np.float32), name=name)


def _leg(cycle: np.ndarray, stride: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pitch of hip, knee and ankle (rad) over the cycle 0..1: planted until DUTY, then swung forward with a lift."""
    reach = stride * DUTY / 2
    swing = np.clip((cycle - DUTY) / (1 - DUTY), 0, 1)
    forward = np.where(cycle < DUTY, reach - stride * cycle, -reach * np.cos(np.pi * swing))
    lift = 0.10 * np.sin(np.pi * swing)
    down = ROOT_HEIGHT + REFERENCE.offsets[1, 1] - 0.05 - lift
    distance = np.minimum(np.hypot(forward, down), THIGH + SHIN - 1e-4)
    knee = np.pi - np.arccos((THIGH**2 + SHIN**2 - distance**2) / (2 * THIGH * SHIN))
    inner = np.arccos((THIGH**2 + distance**2 - SHIN**2) / (2 * THIGH * distance))
    hip = -np.arctan2(forward, down) - inner
    return hip, knee, -hip - knee


def swaying_clip(seconds: float = 3.0, fps: float = 30.0, speed: float = 1.0, turn: float = 0.0, name: str = "synthetic sway") -> Clip:
    """Motion without a kink: the root goes on an arc at `speed` m/s and `turn` rad/s and bobs, every joint swings by up to 20 degrees."""
    time = np.arange(max(1, round(seconds * fps))) / fps
    random = np.random.default_rng(0)
    axes = rot.normalize(random.normal(size=(JOINTS, 3)))
    angles = 0.35 * np.sin(2 * np.pi * (0.6 * time[:, None] + random.random(JOINTS)))
    rotations = np.concatenate((np.sin(angles / 2)[..., None] * axes, np.cos(angles / 2)[..., None]), axis=-1)
    heading = turn * time
    rotations[:, 0] = rot.multiply(rot.from_yaw(heading), rot.from_axis_angle((1.0, 0.0, 0.0), angles[:, 0] / 3))
    steps = rot.rotate(rot.from_yaw(heading), np.array([0, 0, speed / fps]))
    root = np.cumsum(steps, axis=0) - steps[0] + [0, ROOT_HEIGHT, 0]
    root[:, 1] += 0.02 * np.sin(2 * np.pi * time)
    return Clip(REFERENCE, fps, root.astype(np.float32), rotations.astype(np.float32), name=name)
