"""Feet, jerk and joints of clips, real or generated, by the same code (jerk and joints as in the controller's scorecard)."""

from collections.abc import Sequence

import numpy as np

from motionwire.motion.clip import Clip
from motionwire.motion.contacts import CONTACT_JOINTS
from motionwire.motion.ground import levelled
from motionwire_training.evaluation.controller.dynamics import HIGH, MEDIAN, jerks
from motionwire_training.evaluation.controller.joint_ranges import JointRanges
from motionwire_training.evaluation.controller.recording import Motion
from motionwire_training.evaluation.text_to_motion.sliding import skating, slides

RATIOS = ("foot_skate_cm_s", "skating_percent", "jerk_p50_m_s3", "jerk_p95_m_s3", "penetration_cm")


def physics(clips: Sequence[Clip], ranges: JointRanges) -> dict[str, float]:
    """Means over all frames of the clips.

    foot_skate_cm_s: mean horizontal speed of feet that are down, and feet_down_percent, how often they are; never_down_clips: in so many
    clips no foot ever is, so that their feet count nowhere; skating_percent: frames in which a toe skates (sliding.py); penetration_cm:
    depth of the lowest foot joint; jerk: medians of the clips' percentiles; outside_range_percent: frames with a joint out of the range
    of the training clips and 5 degrees beyond. Feet slide over level ground, since heights tell which are down: captures float by half a
    centimetre or more, generated clips are level.
    """
    level = [levelled(clip) for clip in clips]
    depths, middle, high, outside = [], [], [], []
    speeds = [slides(clip) for clip in level]
    for clip in clips:
        motion = Motion(clip.root_positions[:, None], clip.rotations[:, None], clip.skeleton, clip.fps)
        depths.append(np.maximum(0, -motion.positions[:, 0, CONTACT_JOINTS, 1].astype(np.float64).min(axis=-1)))
        outside.append(np.any(ranges.outside(clip.rotations), axis=-1))
        if len(clip) > 3:
            percentiles = jerks(motion)
            middle.append(percentiles[MEDIAN])
            high.append(percentiles[HIGH])
    return {
        "foot_skate_cm_s": 100 * _mean(speeds),
        "feet_down_percent": 100 * sum(map(len, speeds)) / (2 * sum(map(len, clips))) if clips else float("nan"),
        "never_down_clips": sum(not len(own) for own in speeds),
        "skating_percent": 100 * _mean([skating(clip) for clip in level]),
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
