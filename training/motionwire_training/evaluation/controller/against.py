"""A recording beside recorded motion of the same kind: distributions, joint ranges, and what the foot lock adds."""

from motionwire_training.evaluation.controller import dynamics
from motionwire_training.evaluation.controller.recorded import Recorded, kind_of
from motionwire_training.evaluation.controller.recording import Recording


def against(recording: Recording, figures: dict[str, float], recorded: Recorded) -> dict[str, float]:
    """Of a recording with its own `figures`: those that need the data; only what the data has is compared.

    outside_range_percent: frames with a joint out of its range; *_gap: distance of distributions over the data's mean;
    added_acceleration_ratio: of the foot lock, by the 99th percentile of recorded feet; liveliness_ratio: at rest.
    """
    out = {}
    if recorded.ranges is not None:
        out["outside_range_percent"] = 100 * float(recorded.ranges.outside(recording.shown.rotations).any(axis=-1).mean())
    kind = kind_of(recording.drive.speed)
    if (data := recorded.figures.get(kind)) is None:
        return out
    jerks, speeds = recorded.jerks[kind], recorded.joint_speeds[kind]
    ratios = {
        "jerk_gap": (dynamics.distance(dynamics.jerks(recording.shown), jerks), jerks.mean()),
        "joint_speed_gap": (dynamics.distance(dynamics.joint_speeds(recording.shown), speeds), speeds.mean()),
    }
    if steps := recorded.figures.get("walk" if kind == "stand" else kind):  # who turns on the spot steps
        ratios["added_acceleration_ratio"] = (figures["added_acceleration_m_s2"], steps["foot_acceleration_p99_m_s2"])
    if "liveliness_deg_s" in figures:
        ratios["liveliness_ratio"] = (figures["liveliness_deg_s"], data["liveliness_deg_s"])
    return out | {name: float(value / whole) for name, (value, whole) in ratios.items() if whole > 0}
