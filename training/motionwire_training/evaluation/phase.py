"""The soft phase against foot strikes that are found without contacts (`phase_truth`), by content of the validation clips.

All clips: low_confidence_percent (share of frames below one half), fastest_hz and slowest_hz (speed of the phase between two frames).
Clips of steady gait: cycle_s (by the strikes); cycle_error_percent_mean, _max (of a clip's cycle length by the phase, against the
strikes); angle_error_percent_max (against the joint angles); truth_error_percent_max (the two truths against each other);
single_cycle_error_percent_p95; strike_spread_percent (standard deviation of the phase at which a foot strikes, of a cycle);
speed_deviation_percent (standard deviation of the phase's speed within a clip: 0 is unit speed); jumps (frames in which the phase
moves at less than half or more than twice its clip's speed).
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motionwire.formats.atomic import write_atomically
from motionwire_training.controller.actions import action_of
from motionwire_training.data.shards import read_shards
from motionwire_training.evaluation.phase_picture import draw_phase
from motionwire_training.evaluation.phase_reading import Reading, read
from motionwire_training.evaluation.phase_truth import angle_cycle
from motionwire_training.folders import make_folder

SPLIT = "val"
ALL = "all"
LOW_CONFIDENCE = 0.5
JUMP = 2.0  # times the clip's speed


def cycle_of(reading: Reading) -> tuple[float, float]:
    """Cycle length in s by the strikes and by the phase, over the time between the first and last strike of each foot."""
    pairs = [
        (strikes[-1] - strikes[0], len(strikes) - 1, at[-1] - at[0])
        for strikes, at in zip((reading.strikes.left, reading.strikes.right), reading.at_strikes(), strict=True)
        if len(strikes) > 1
    ]
    seconds, cycles, turns = np.sum(pairs, axis=0)
    return float(seconds / cycles), float(seconds / turns)


def summary(readings: list[Reading]) -> dict[str, float]:
    """Figures over clips of a kind; see the module's first lines. Those of steady gait are left out where there is none."""
    steady = [reading for reading in readings if reading.strikes.steady]
    low = np.concatenate([reading.confidence < LOW_CONFIDENCE for reading in readings])
    speeds = np.concatenate([reading.speed for reading in readings])
    out = {
        "clips": len(readings),
        "frames": len(low),
        "low_confidence_percent": 100 * float(low.mean()),
        "slowest_hz": float(speeds.min()),
        "fastest_hz": float(speeds.max()),
        "steady_clips": len(steady),
    }
    if not steady:
        return out
    truth, ours = np.array([cycle_of(reading) for reading in steady]).T
    angles = np.array([angle_cycle(reading.clip) or np.nan for reading in steady])
    turns = np.concatenate([np.diff(at) for reading in steady for at in reading.at_strikes()])
    relative = [reading.speed * cycle for reading, cycle in zip(steady, ours, strict=True)]
    spread = [_spread(at) for reading in steady for at in reading.at_strikes() if len(at) > 1]
    return out | {
        "cycles": len(turns),
        "cycle_s": float(truth.mean()),
        "cycle_error_percent_mean": 100 * float(np.mean(np.abs(ours / truth - 1))),
        "cycle_error_percent_max": 100 * float(np.max(np.abs(ours / truth - 1))),
        "angle_error_percent_max": _largest(ours / angles - 1),
        "truth_error_percent_max": _largest(truth / angles - 1),
        "single_cycle_error_percent_p95": 100 * float(np.percentile(np.abs(turns - 1), 95)),
        "strike_spread_percent": 100 * float(np.mean(spread)),
        "speed_deviation_percent": 100 * float(np.mean([values.std() for values in relative])),
        "jumps": sum(int(((values > JUMP) | (values < 1 / JUMP)).sum()) for values in relative),
    }


def _spread(turns: NDArray[np.float64]) -> float:
    """Circular standard deviation, in cycles."""
    length = np.abs(np.exp(2j * np.pi * turns).mean())
    return float(np.sqrt(-2 * np.log(max(length, 1e-9)))) / (2 * np.pi)


def _largest(errors: NDArray[np.float64]) -> float:
    """In percent, of those there are."""
    return 100 * float(np.nanmax(np.abs(errors), initial=0))


def by_content(readings: Iterable[Reading]) -> dict[str, list[Reading]]:
    """Readings sorted by what is done in them, ALL last."""
    found: dict[str, list[Reading]] = {}
    for reading in readings:
        found.setdefault(reading.content, []).append(reading)
    return {**dict(sorted(found.items())), ALL: [reading for group in found.values() for reading in group]}


COLUMNS = {
    "clips": "clips", "low_confidence_percent": "low %", "fastest_hz": "max Hz", "steady_clips": "steady", "cycles": "cycles",
    "cycle_s": "cycle s", "cycle_error_percent_mean": "err %", "cycle_error_percent_max": "max %", "truth_error_percent_max": "truth %",
    "single_cycle_error_percent_p95": "one %", "strike_spread_percent": "strike %", "speed_deviation_percent": "speed %", "jumps": "jumps",
}  # fmt: skip


def table(figures: dict[str, dict[str, float]]) -> str:
    """The figures as text, one line per content."""
    lines = ["content".ljust(28) + "".join(title.rjust(9) for title in COLUMNS.values())]
    for content, values in figures.items():
        cells = ((f"{values[name]:.2f}".removesuffix(".00") if name in values else "").rjust(9) for name in COLUMNS)
        lines.append(content[:27].ljust(28) + "".join(cells))
    return "\n".join(lines)


def main(data: Path, json_file: str, pictures: Path | None) -> None:
    """Measure the validation clips of a data set; print the table, write the figures ({"data", "contents"}) and one picture per content."""
    groups = by_content(read(sample.clip, action_of(sample.labels) or "unlabelled") for sample in read_shards(data, SPLIT))
    figures = {content: summary(readings) for content, readings in groups.items()}
    text = json.dumps({"data": str(data), "split": SPLIT, "contents": figures})
    print(text if json_file == "-" else table(figures))
    if json_file not in ("", "-"):
        write_atomically(Path(json_file), text.encode() + b"\n")
    if pictures is not None:
        draw_longest(groups, pictures)


def draw_longest(groups: dict[str, list[Reading]], folder: Path) -> None:
    """CONTENT.png of the longest clip of each content."""
    make_folder(folder)
    for content, readings in groups.items():
        if content != ALL:
            draw_phase(max(readings, key=lambda reading: len(reading.phase)), folder / f"{re.sub(r'[^a-z0-9]+', '-', content.lower())}.png")
