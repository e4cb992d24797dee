"""Jerk and joint-velocity distributions of a motion, as percentiles, and how far they lie from those of recorded motion."""

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire_training.evaluation.controller.recording import Motion

Percentiles = NDArray[np.floating]

PERCENTILES = np.arange(1, 100)
MEDIAN, HIGH = 49, 94  # where the 50th and the 95th stand


def jerks(motion: Motion) -> Percentiles:
    """Percentiles [99] of the joints' third derivative in the world, m/s3, over joints and frames."""
    jerk = np.linalg.norm(np.diff(motion.positions.astype(np.float64), n=3, axis=0), axis=-1) * motion.fps**3
    return np.percentile(jerk, PERCENTILES)


def joint_speeds(motion: Motion) -> Percentiles:
    """Percentiles [99] of the speed at which joints turn against their parents, deg/s, over joints and frames, the pelvis left out."""
    turned = rot.angle_between(motion.rotations[1:, :, 1:], motion.rotations[:-1, :, 1:])
    return np.percentile(np.degrees(turned) * motion.fps, PERCENTILES)


def liveliness(motion: Motion) -> float:
    """Mean speed at which joints turn against their parents, deg/s."""
    return float(np.degrees(rot.angle_between(motion.rotations[1:, :, 1:], motion.rotations[:-1, :, 1:])).mean()) * motion.fps


def distance(measured: Percentiles, recorded: Percentiles) -> float:
    """1-Wasserstein distance of two distributions, by their percentiles."""
    return float(np.abs(measured - recorded).mean())


def dynamics(motion: Motion) -> dict[str, float]:
    """Middle and high jerk and joint speed."""
    jerk, speed = jerks(motion), joint_speeds(motion)
    return {
        "jerk_p50_m_s3": float(jerk[MEDIAN]),
        "jerk_p95_m_s3": float(jerk[HIGH]),
        "joint_speed_p50_deg_s": float(speed[MEDIAN]),
        "joint_speed_p95_deg_s": float(speed[HIGH]),
    }
