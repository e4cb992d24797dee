"""Explicit phase labels from files, for who has them, in place of the soft phase.

    phases.csv      one file for a data set; columns: clip, time_s, and phase_cycles or phase_rad
    phases/         a folder of CLIP.phase, one number a line and one line a frame of the recording, in cycles 0..1, as
                    PFNN's own data has them (Holden et al. 2017)

Clips are named as in the data set's clips.jsonl. Times count from the imported clip's start; between them the phase is interpolated,
so one row for each foot's step is enough. A value below the one before it belongs to the next cycle; values may count cycles on instead.
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.motion.clip import Clip
from motionwire.motion.phase import FASTEST_STRIDE

UNITS = {"phase_cycles": 1.0, "phase_rad": 2 * np.pi}  # column: units in a cycle
LEAST_FPS = 10.0  # of a .phase file: fewer lines are those of another clip
SURE = 0.5  # confidence of the soft phase from which labels are turned to agree with it


@dataclass(frozen=True, eq=False)
class Label:
    """One clip's labels: cycles [N], never falling, at times [N] in s; times is None where they lie evenly over the clip."""

    cycles: NDArray[np.float64]
    times: NDArray[np.float64] | None
    where: str

    def at(self, times: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
        """Cycles [T] at times [T] (s) of a clip that lasts `seconds`, NaN outside of what is labelled."""
        own = self.times
        if own is None:
            if len(self.cycles) < LEAST_FPS * seconds:
                raise InputError(f"{len(self.cycles)} values are not one for each frame of {seconds:.1f} s", self.where)
            own = np.arange(len(self.cycles)) * seconds / len(self.cycles)
            _check_speed(self.cycles, own, self.where)
        return np.interp(times, own, self.cycles, left=np.nan, right=np.nan)


@dataclass(frozen=True, eq=False)
class PhaseLabels:
    """Labels by clip; digest changes with any of them."""

    clips: dict[str, Label]
    digest: str

    def of(self, clip: Clip, times: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Cycles [T] of an imported clip at times [T] (s), as `Label.at`; None where it has no labels."""
        label = self.clips.get(clip.name)
        return None if label is None else label.at(times, clip.seconds)


NO_LABELS = PhaseLabels({}, "")


def read_phase_labels(path: Path) -> PhaseLabels:
    """Labels of a CSV or of a folder of .phase files; raises InputError naming the line that is wrong."""
    files = sorted(path.glob("*.phase")) if path.is_dir() else [path]
    if not files:
        raise InputError("no .phase file in this folder", path)
    try:
        contents = [file.read_bytes() for file in files]
        texts = [content.decode("utf-8-sig") for content in contents]
    except (OSError, UnicodeError) as error:
        raise InputError(f"cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}", path) from None
    if path.is_dir():
        clips = {file.stem: _read_lines(text, file) for file, text in zip(files, texts, strict=True)}
    else:
        clips = _read_table(texts[0], path)
    return PhaseLabels(clips, hashlib.sha256(b"\0".join(contents) + json.dumps(sorted(clips)).encode()).hexdigest()[:16])


def check_names(labels: PhaseLabels, data: Path) -> None:
    """Raise InputError where a label is of no clip that clips.jsonl of the data set lists."""
    if not labels.clips:
        return
    try:
        known = {json.loads(line)["key"] for line in (data / "clips.jsonl").read_text(encoding="utf-8").splitlines()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"cannot be read: {error}", data / "clips.jsonl") from None
    for name, label in labels.clips.items():
        if name not in known:
            raise InputError(f"labels {name!r}, which is no clip of {data}", label.where)


def labelled_phase(
    cycles: NDArray[np.float64], phase: NDArray[np.float32], confidence: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Phase [T] (rad, 0..2 pi) and confidence [T] from labels [T] in cycles, NaN outside of what is labelled, and the soft phase.

    Labels are certain. Before and after them the soft phase goes on from where they begin and end. Where a cycle begins is the
    labeller's choice: they are turned as a whole to agree with the soft phase where that is sure, because other clips have only that.
    """
    inside = np.flatnonzero(np.isfinite(cycles))
    if not len(inside):
        return phase, confidence
    soft, sure = np.unwrap(phase.astype(np.float64)), np.where(confidence[inside] > SURE, confidence[inside], 0)
    first, last = inside[0], inside[-1]
    out = soft.copy()
    out[inside] = 2 * np.pi * cycles[inside]
    out[inside] += np.angle(np.sum(sure * np.exp(1j * (soft[inside] - out[inside])))) if sure.any() else 0.0
    out[:first] += out[first] - soft[first]
    out[last + 1 :] += out[last] - soft[last]
    certain = confidence.copy()
    certain[inside] = 1
    return np.mod(out, 2 * np.pi).astype(np.float32), certain


def _read_table(text: str, path: Path) -> dict[str, Label]:
    rows: dict[str, list[tuple[float, float]]] = {}
    try:
        reader = csv.DictReader(text.splitlines())
        fields = list(reader.fieldnames or ())
        found = [unit for unit in UNITS if unit in fields]
        if not {"clip", "time_s"} <= set(fields) or len(found) != 1:
            raise InputError(f"needs the columns clip, time_s and one of {', '.join(UNITS)}", path)
        for row in reader:
            where = f"{path}, line {reader.line_num}"
            if None in row or None in row.values():
                raise InputError("has more or fewer fields than the header", where)
            time, value = _number(row["time_s"], where), _number(row[found[0]], where)
            earlier = rows.setdefault(row["clip"], [])
            if earlier and time <= earlier[-1][0]:
                raise InputError(f"{time:g} s of {row['clip']!r} does not come after {earlier[-1][0]:g} s", where)
            earlier.append((time, value / UNITS[found[0]]))
    except csv.Error as error:
        raise InputError(f"is no table: {error}", path) from None
    if not rows:
        raise InputError("holds no label", path)
    return {clip: _label(values, path, clip) for clip, values in rows.items()}


def _label(rows: list[tuple[float, float]], path: Path, clip: str) -> Label:
    times, values = np.array(rows).T
    cycles, where = _counted(values), f"{path}: {clip}"
    _check_speed(cycles, times, where)
    return Label(cycles, times, where)


def _read_lines(text: str, path: Path) -> Label:
    values = [_number(line, f"{path}, line {number}") for number, line in _filled(text.splitlines())]
    if not values:
        raise InputError("holds no number", path)
    if wrong := [value for value in values if not 0 <= value <= 1]:
        raise InputError(f"{wrong[0]:g} is not in 0..1: a .phase file counts in cycles", path)
    return Label(_counted(np.array(values)), None, str(path))


def _filled(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise InputError(f"{text.strip()[:40]!r} is no number", where)
    return value


def _counted(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cycles counted on: whole ones are added where a value is below the one before it."""
    steps = np.diff(values)
    return values[0] + np.concatenate(([0.0], np.cumsum(steps + np.ceil(np.maximum(-steps, 0)))))


def _check_speed(cycles: NDArray[np.float64], times: NDArray[np.float64], where: str) -> None:
    """Raise InputError at the first step that is faster than anybody runs."""
    fast = np.flatnonzero(np.diff(cycles) > FASTEST_STRIDE * np.diff(times) + 1e-9)
    if len(fast):
        at, step = times[fast[0]], np.diff(cycles)[fast[0]]
        raise InputError(
            f"the phase moves by {step:.2f} cycles within {np.diff(times)[fast[0]]:.3f} s at {at:.2f} s: does it run back?", where
        )
