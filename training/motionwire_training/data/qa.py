"""Is a canonical clip fit for training? Measures of one clip, reasons to reject it, and flags that only mark it.

Rejected is what no skeleton did: joints that flip, a body of impossible size, a figure that never touches or stands far
below the ground. Flagged is what is rare but real: climbers are in the air for seconds, dancers cartwheel.
"""

from dataclasses import dataclass

import numpy as np

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import CONTACT_JOINTS, CONTACT_NAMES, soft_contacts
from motionwire.motion.skeleton import JOINT_NAMES, Skeleton

SPINE = [JOINT_NAMES.index(name) for name in ("spine1", "spine2", "spine3", "neck", "head")]
HEAD_TOP = 0.20  # m from the head joint to the crown, and 0.08 m from the ankle to the sole: only to judge the body's height
SOLE = 0.08
MOVING = 0.2  # m/s of the pelvis from which a direction of travel means something


@dataclass(frozen=True)
class Limits:
    """Beyond these a clip is rejected. Lengths in metres."""

    seconds: float = 0.5  # shorter holds no step
    flip_degrees: float = 90.0  # a joint that turns further within one frame did not move, it was solved anew
    flips: int = 1  # flipping steps that reject a clip
    leg: tuple[float, float] = (0.55, 1.15)  # thigh + shin; adults measure 0.70-0.95, a child of six 0.55
    height: tuple[float, float] = (1.05, 2.30)  # from sole to crown
    floating: float = 0.25  # lowest stance of the clip's feet; CMU's walks on uneven terrain keep within 0.15 of the floor,
    sunken: float = -0.25  # and so do dancers who point their toes
    airborne_share: float = 0.10  # share of frames with both feet 0.3 m up that flags (not rejects) a clip
    airborne_height: float = 0.30


LIMITS = Limits()


def measure(clip: Clip) -> dict[str, float]:
    """Measures of a canonical clip; keys carry their unit. All finite."""
    positions, _ = clip.world()
    positions = positions.astype(np.float64)
    seconds = clip.seconds
    steps = np.diff(positions[:, 0][:, [0, 2]], axis=0)
    speeds = np.linalg.norm(steps, axis=1) * clip.fps if len(steps) else np.zeros(1)
    moving = speeds > MOVING
    facing = np.stack((np.sin(yaw := rot.yaw_of(clip.rotations[:, 0].astype(np.float64))), np.cos(yaw)), axis=-1)
    ahead = np.sum(steps * facing[:-1], axis=1) * clip.fps / np.maximum(speeds, 1e-9) if len(steps) else np.zeros(1)
    heading = np.unwrap(yaw)
    turns = rot.angle_between(clip.rotations[1:].astype(np.float64), clip.rotations[:-1].astype(np.float64))
    degrees = np.degrees(turns) if len(turns) else np.zeros((1, len(clip.skeleton)))
    lowest = positions[:, CONTACT_JOINTS, 1].min(axis=1)
    contacts = soft_contacts(clip).astype(np.float64)
    return {
        "frames": float(len(clip)),
        "fps": float(clip.fps),
        "seconds": seconds,
        "speed_mean_m_s": float(speeds.mean()),
        "speed_max_m_s": float(speeds.max()),
        "distance_m": float(np.linalg.norm(steps, axis=1).sum()),
        "moving": float(moving.mean()),
        "forward": float((ahead[moving] > 0.7).mean()) if moving.any() else 0.0,
        "turn_total_deg": float(np.degrees(heading[-1] - heading[0])),
        "turn_rate_deg_s": float(np.degrees(np.abs(np.diff(heading)).sum()) / seconds),
        "joint_speed_deg_s": float(degrees.mean() * clip.fps),
        "joint_step_max_deg": float(degrees.max()),
        "flips": float((degrees.max(axis=1) > LIMITS.flip_degrees).sum()),
        "leg_m": clip.skeleton.leg_length(),
        "height_m": body_height(clip.skeleton),
        "root_height_m": float(np.median(positions[:, 0, 1])),
        "floor_m": float(np.percentile(lowest, 2)),
        "lowest_m": float(lowest.min()),
        "airborne": float((lowest > LIMITS.airborne_height).mean()),
        **{f"contact_{name}": float(rate) for name, rate in zip(CONTACT_NAMES, contacts.mean(axis=0), strict=True)},
    }


def body_height(skeleton: Skeleton) -> float:
    """Height in metres from sole to crown of a canonical skeleton standing upright."""
    bones = np.linalg.norm(skeleton.offsets.astype(np.float64), axis=1)
    hips_drop = float(abs(skeleton.offsets[[1, 2], 1]).mean())
    return float(bones[SPINE].sum()) + skeleton.leg_length() + hips_drop + SOLE + HEAD_TOP


def wrong_scale(skeleton: Skeleton) -> str:
    """Why no human has this canonical skeleton; empty when one could."""
    if not LIMITS.leg[0] <= skeleton.leg_length() <= LIMITS.leg[1]:
        return f"legs of {skeleton.leg_length():.2f} m"
    if not LIMITS.height[0] <= body_height(skeleton) <= LIMITS.height[1]:
        return f"a height of {body_height(skeleton):.2f} m"
    return ""


def judge(measures: dict[str, float]) -> tuple[str, str]:
    """Reason and detail for rejecting a clip; two empty strings when it is fit."""
    if measures["seconds"] < LIMITS.seconds:
        return "too_short", f"{measures['seconds']:.2f} s, needs {LIMITS.seconds} s"
    if measures["flips"] >= LIMITS.flips:
        return "joint_flips", f"{measures['flips']:.0f} steps, the largest {measures['joint_step_max_deg']:.0f} degrees in one frame"
    if measures["floor_m"] > LIMITS.floating:
        return "floating_feet", f"the lowest foot joint stays {measures['floor_m']:.2f} m above the ground"
    if measures["floor_m"] < LIMITS.sunken:
        return "sunken_feet", f"foot joints down to {measures['floor_m']:.2f} m"
    return "", ""


def flags(measures: dict[str, float]) -> list[str]:
    """What is unusual about a clip that is kept."""
    marks = {
        "airborne": measures["airborne"] > LIMITS.airborne_share,
        "bridged": measures["bridged_frames"] > 0,
        "cut": measures["cut_frames"] > 0,
    }
    return [name for name, holds in marks.items() if holds]
