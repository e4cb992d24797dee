"""What a data set holds for the controller: how much, how long, how fast, which ways it turns and how varied its poses are."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from motionwire.controller import layout
from motionwire.controller.encoding import extend, root_track
from motionwire.motion.clip import Clip
from motionwire_training.controller.clips import takes
from motionwire_training.controller.configuration import CATEGORIES
from motionwire_training.controller.frames import PADDING, categories
from motionwire_training.data.complexity import pose_dimensions
from motionwire_training.data.qa import measure
from motionwire_training.data.report import summary
from motionwire_training.data.sample import Sample


@dataclass
class _Tally:
    """What is counted clip by clip."""

    measures: list[dict[str, float]] = field(default_factory=list)  # of every clip
    learned: int = 0  # clips that walk, run or stand
    takes: int = 0
    heading_ranges: list[float] = field(default_factory=list)  # degrees, one a take that travels
    speeds: list[np.ndarray] = field(default_factory=list)  # m/s of the root, one a frame of those
    kinds: Counter[str] = field(default_factory=Counter)  # frames at 60 fps
    styles: Counter[str] = field(default_factory=Counter)  # the same

    def watch(self, samples: Iterable[Sample]) -> Iterator[Sample]:
        """The samples, each counted on its way."""
        for sample in samples:
            self.measures.append(measure(sample.clip))
            found = list(takes([(sample.clip, sample.labels)], [1.0]))
            self.learned += bool(found)
            for take in found:
                self._count(take.clip, take.style, take.standing)
            yield sample

    def _count(self, clip: Clip, style: str, standing: bool) -> None:
        self.takes += 1
        self.styles[style] += len(clip)
        track = root_track(clip)
        found = np.bincount(categories(extend(track, PADDING, PADDING)), minlength=len(CATEGORIES))
        self.kinds.update(dict(zip(CATEGORIES, found.tolist(), strict=True)))
        if not standing:
            self.speeds.append(np.linalg.norm(track.velocities(), axis=1))
            self.heading_ranges.append(float(np.degrees(np.ptp(track.headings))))


def profile(samples: Iterable[Sample]) -> dict[str, Any]:
    """Figures of a stream of samples, keys with their units; `controller` is what the controller learns from of all of it."""
    tally = _Tally()
    complexity = pose_dimensions(tally.watch(samples))
    seconds = np.array([measures["seconds"] for measures in tally.measures])
    speeds = np.concatenate(tally.speeds) if tally.speeds else np.zeros(0)
    joints = np.array([measures["joint_speed_deg_s"] for measures in tally.measures])
    return {
        "clips": len(seconds),
        "frames": int(sum(measures["frames"] for measures in tally.measures)),
        "minutes": round(float(seconds.sum()) / 60, 2),
        "mean_seconds": round(float(seconds.mean()), 2) if len(seconds) else 0.0,
        "complexity": {**complexity, "joint_speed_deg_s": round(float((joints * seconds).sum() / max(seconds.sum(), 1e-9)), 1)},
        "controller": {
            "clips": tally.learned,
            "takes": tally.takes,
            "minutes": _minutes(sum(tally.styles.values())),
            "styles": len(tally.styles),
            "rarest_style_minutes": _minutes(min(tally.styles.values(), default=0)),
            "speed_m_s": summary(speeds),
            "heading_range_deg": summary(np.array(tally.heading_ranges)),
            "minutes_by_kind": {name: _minutes(tally.kinds[name]) for name in CATEGORIES},
        },
    }


def _minutes(frames: int) -> float:
    return round(frames / layout.FPS / 60, 2)
