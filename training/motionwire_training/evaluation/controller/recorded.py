"""What recorded motion itself measures, by the same code as the controller's: the figures to compare with.

Clips are taken as they were recorded, on their own bones, at the controller's frame rate; contacts are those that the
network learns from. Walks and runs come from the `val` split, standing and joint ranges from `train`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.encoding import root_track
from motionwire.motion.clip import Clip
from motionwire_training.controller.actions import kind_of_action
from motionwire_training.controller.clips import at_60_fps, standing_parts
from motionwire_training.controller.ground import level_contacts
from motionwire_training.data.sample import Sample
from motionwire_training.data.shards import read_shards
from motionwire_training.evaluation.controller import dynamics
from motionwire_training.evaluation.controller.feet import foot_accelerations, heights, planted_speeds
from motionwire_training.evaluation.controller.joint_ranges import JointRanges, joint_ranges
from motionwire_training.evaluation.controller.recording import Motion

KINDS = ("stand", "walk", "run")
WALKING, RUNNING = 0.3, 1.9  # m/s, mean over a clip, from which it is a walk, a run
SHORTEST = 30  # frames
EVERY = 2  # of the training frames, for the joint ranges


@dataclass(frozen=True, eq=False)
class Recorded:
    """figures by kind of motion; jerks and joint speeds as percentiles by kind; ranges of the joints."""

    figures: dict[str, dict[str, float]] = field(default_factory=dict)
    jerks: dict[str, dynamics.Percentiles] = field(default_factory=dict)
    joint_speeds: dict[str, dynamics.Percentiles] = field(default_factory=dict)
    ranges: JointRanges | None = None


def samples(data: Path, split: str, sources: Iterable[str]) -> Iterator[Sample]:
    """The locomotion and standing clips of a split that come from these sources (any where none is named), ground level; none where the
    data set has no such split, as one of a few files may be."""
    wanted = set(sources)
    if not any((data / "shards").glob(f"{split}-*.tar")):
        return
    for sample in read_shards(data, split):
        if wanted and sample.labels.get("source") not in wanted:
            continue
        if kind_of_action(sample.labels):
            yield sample


def measure_recorded(data: Path, sources: Iterable[str] = ()) -> Recorded:
    """The figures of a data set's clips; where `val` has no walk or no run, those of `train`."""
    sources = tuple(sources)
    moving, standing = _clips(data, "train", sources)
    held_out, _ = _clips(data, "val", sources)
    chosen = {"stand": standing, **_by_kind(held_out)}
    if len(chosen) < len(KINDS):
        chosen = {**_by_kind(moving), **chosen}
    every = [clip.rotations[::EVERY] for clip in moving + standing]
    found = Recorded(ranges=joint_ranges(every) if every else None)
    for kind in KINDS:
        if clips := chosen.get(kind):
            _add(found, kind, clips)
            if found.ranges is not None:
                outside = [found.ranges.outside(clip.rotations).any(axis=-1) for clip in clips]
                found.figures[kind]["outside_range_percent"] = 100 * float(np.concatenate(outside).mean())
    return found


def _clips(data: Path, split: str, sources: Iterable[str]) -> tuple[list[Clip], list[Clip]]:
    """The locomotion clips of a split and the standing parts of the others, at the controller's frame rate."""
    moving, standing = [], []
    for sample in samples(data, split, sources):
        clip = at_60_fps(sample.clip)
        if kind_of_action(sample.labels) == "standing":
            standing += standing_parts(clip)
        elif len(clip) >= SHORTEST:
            moving.append(clip)
    return moving, standing


def _by_kind(clips: Iterable[Clip]) -> dict[str, list[Clip]]:
    """Walks and runs by their speed."""
    found: dict[str, list[Clip]] = {}
    for clip in clips:
        if (kind := kind_of(speed_of(clip))) != "stand":
            found.setdefault(kind, []).append(clip)
    return found


def kind_of(speed: float) -> str:
    """Whether a speed in m/s is a stand, a walk or a run."""
    return KINDS[int(speed >= WALKING) + int(speed >= RUNNING)]


def speed_of(clip: Clip) -> float:
    """Mean speed of the root over the ground, m/s."""
    return float(np.linalg.norm(root_track(clip).velocities(), axis=1).mean())


def _add(found: Recorded, kind: str, clips: list[Clip]) -> None:
    """Figures of clips as means over their frames, percentiles of all their frames together."""
    motions = [Motion(clip.root_positions[:, None], clip.rotations[:, None], clip.skeleton) for clip in clips]
    contacts = [level_contacts(clip)[:, None] for clip in clips]
    slides = np.concatenate([planted_speeds(motion, contact) for motion, contact in zip(motions, contacts, strict=True)])
    accelerations = np.concatenate([np.linalg.norm(foot_accelerations(motion), axis=-1).ravel() for motion in motions])
    feet = [heights(motion, contact) for motion, contact in zip(motions, contacts, strict=True)]
    frames = [len(clip) for clip in clips]
    found.jerks[kind] = _pooled([dynamics.jerks(motion) for motion in motions], frames)
    found.joint_speeds[kind] = _pooled([dynamics.joint_speeds(motion) for motion in motions], frames)
    found.figures[kind] = {
        "clips": float(len(clips)),
        "foot_skate_cm_s": 100 * float(slides.mean()) if slides.size else 0.0,
        "foot_acceleration_p99_m_s2": float(np.percentile(accelerations, 99)),
        **{name: float(np.average([f[name] for f in feet], weights=frames)) for name in feet[0]},
        "jerk_p50_m_s3": float(found.jerks[kind][dynamics.MEDIAN]),
        "jerk_p95_m_s3": float(found.jerks[kind][dynamics.HIGH]),
        "joint_speed_p50_deg_s": float(found.joint_speeds[kind][dynamics.MEDIAN]),
        "joint_speed_p95_deg_s": float(found.joint_speeds[kind][dynamics.HIGH]),
        "liveliness_deg_s": float(np.average([dynamics.liveliness(motion) for motion in motions], weights=frames)),
    }


def _pooled(percentiles: list[NDArray[np.floating]], weights: list[int]) -> NDArray[np.float64]:
    """Percentiles [99] of clips taken together, from those of each: every one stands for as many values as the clip has frames."""
    values, shares = np.concatenate(percentiles), np.repeat(weights, len(dynamics.PERCENTILES)).astype(float)
    order = np.argsort(values)
    way = np.cumsum(shares[order]) - shares[order] / 2
    return np.interp(dynamics.PERCENTILES / 100, way / shares.sum(), values[order])
