"""Feet, jerk and joints of clips, real or generated, by the same code (the measures are the controller scorecard's)."""

from collections.abc import Sequence

import numpy as np

from motionwire.motion.clip import Clip
from motionwire.motion.contacts import CONTACT_JOINTS, soft_contacts
from motionwire_training.evaluation.controller.dynamics import HIGH, MEDIAN, jerks
from motionwire_training.evaluation.controller.feet import planted_speeds, rest_heights
from motionwire_training.evaluation.controller.joint_ranges import JointRanges
from motionwire_training.evaluation.controller.recording import Motion

LOW, FAST = 0.025, 0.5  # m over its rest height, m/s: a foot that is that low and that fast skates, whatever its contact says
RATIOS = ("foot_skate_cm_s", "skating_percent", "jerk_p50_m_s3", "jerk_p95_m_s3", "penetration_cm")


def physics(clips: Sequence[Clip], ranges: JointRanges) -> dict[str, float]:
    """Means over all frames of the clips.

    foot_skate_cm_s: mean horizontal speed of feet in contact (soft contacts above one half); skating_percent: frames with a foot joint
    near the ground and fast (Karunratanakul et al. 2023); penetration_cm: depth of the lowest foot joint; jerk: medians of the clips'
    percentiles; outside_range_percent: frames with a joint out of the range of the training clips and 5 degrees beyond.
    """
    slides, skating, depths, middle, high, outside = [], [], [], [], [], []
    for clip in clips:
        motion = Motion(clip.root_positions[:, None], clip.rotations[:, None], clip.skeleton, clip.fps)
        slides.append(planted_speeds(motion, soft_contacts(clip)[:, None]) if len(clip) > 1 else np.empty(0))
        feet = motion.positions[:, 0, CONTACT_JOINTS].astype(np.float64)
        depths.append(np.maximum(0, -feet[..., 1].min(axis=-1)))
        outside.append(ranges.outside(clip.rotations).any(axis=-1))
        if len(clip) > 3:
            percentiles = jerks(motion)
            middle.append(percentiles[MEDIAN])
            high.append(percentiles[HIGH])
            fast = np.linalg.norm(np.gradient(feet[..., ::2], 1 / clip.fps, axis=0), axis=-1) > FAST
            skating.append((fast & (feet[..., 1] < rest_heights(clip.skeleton) + LOW)).any(axis=-1))
    return {
        "foot_skate_cm_s": 100 * _mean(slides),
        "skating_percent": 100 * _mean(skating),
        "penetration_cm": 100 * _mean(depths),
        "jerk_p50_m_s3": float(np.median(middle)) if middle else float("nan"),
        "jerk_p95_m_s3": float(np.median(high)) if high else float("nan"),
        "outside_range_percent": 100 * _mean(outside),
    }


def ratios(made: dict[str, float], real: dict[str, float]) -> dict[str, float]:
    """The generated clips' figures over the real ones'."""
    return {name: made[name] / real[name] for name in RATIOS if real[name] > 0}


def _mean(parts: list[np.ndarray]) -> float:
    every = np.concatenate(parts) if parts else np.empty(0)
    return float(every.mean()) if every.size else float("nan")
