"""Prepared training frames on disk: what the network is shown and what it is asked for, frame by frame, read back by memory map.

Preparation runs once per data version and settings, clip by clip, into DATA/controller-LICENCE-SPLIT-HASH; training reads
only the windows it draws, so the data may be larger than memory.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motionwire.controller import layout
from motionwire.controller.encoding import RootTrack, encode, extend, local_samples
from motionwire.errors import InputError
from motionwire.motion.contacts import feet_down
from motionwire.motion.phase import soft_phase
from motionwire.motion.runs import runs_of
from motionwire_training.columns import build, read_columns, read_description
from motionwire_training.controller.clips import Take
from motionwire_training.controller.configuration import CATEGORIES, STEERED
from motionwire_training.controller.ground import level_contacts
from motionwire_training.controller.phase_labels import labelled_phase

VERSION = 12  # raise when prepared frames change their meaning
PADDING = max(layout.PAST_FRAMES, layout.FUTURE_FRAMES) + 1  # and one more for speeds
COLUMNS: dict[str, tuple[str, int]] = {  # per frame: dtype, width
    "poses": ("<f4", layout.POSE),
    "trajectory": ("<f4", layout.TRAJECTORY),
    "gait": ("<f4", len(layout.GAITS)),
    "root_delta": ("<f4", 3),  # to the next frame
    "contacts": ("<f4", layout.CONTACTS),
    "phase": ("<f4", 1),  # rad
    "phase_delta": ("<f4", 1),  # rad to the next frame
    "phase_weight": ("<f4", 1),  # confidence in phase_delta, 0..1
    "last": ("<i8", 1),  # index of the clip's last frame
    "style": ("<i2", 1),
    "category": ("<i2", 1),
    "mirror_ok": ("<u1", 1),
    "take": ("<i4", 1),
}
STANDING_FRAMES = 21  # both feet down for this long at no speed is standing
STANDING_SPEED = 0.2  # m/s
FAST = 2.0  # m/s, of a run
LOOK = 36  # frames ahead and back that tell starts and stops

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Frames:
    """N prepared frames, memory-mapped; columns as in COLUMNS, width-1 columns flat; by_category: the frames of each of CATEGORIES."""

    columns: dict[str, NDArray[Any]]
    by_category: tuple[NDArray[np.int64], ...]
    styles: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.columns["last"])


def write_frames(encoded: Iterable[tuple[str, Columns]], folder: Path, styles: tuple[str, ...]) -> None:
    """Write takes, each its style and what `encode_take` made of it, into `folder`."""
    with build(folder, {**COLUMNS, **dict.fromkeys(map(rows_of, CATEGORIES), ("<i8", 1))}) as table:
        table.description = {"styles": list(styles)}
        for number, (style, columns) in enumerate(encoded):
            frames, before = len(columns["poses"]), table.rows["last"]
            whole = {"last": before + frames - 1, "style": styles.index(style), "take": number}
            for name in COLUMNS:
                table.append(name, np.full(frames, whole[name]) if name in whole else columns[name])
            for index, name in enumerate(CATEGORIES):
                table.append(rows_of(name), before + np.flatnonzero(columns["category"] == index))


def rows_of(category: str) -> str:
    """Name of the column that lists a category's frames."""
    return f"rows_{category}"


def read_frames(folder: Path) -> Frames:
    """Map prepared frames; raises InputError where there are none or no frame is in them."""
    columns, description = read_columns(folder), read_description(folder)
    if description is None or len(columns["last"]) == 0:
        raise InputError("holds no clips that walk, run or stand by their labels (`content` of a manifest)", folder)
    by_category = tuple(columns.pop(rows_of(name)) for name in CATEGORIES)
    return Frames(columns, by_category, tuple(description["styles"]))


def encode_take(take: Take) -> Columns:
    """COLUMNS of one take that do not depend on the takes around it."""
    poses, track = encode(take.clip)
    contacts = level_contacts(take.clip)
    padded = extend(track, PADDING, PADDING)
    phase, confidence = soft_phase(contacts, float(layout.FPS))
    if take.cycles is not None:
        phase, confidence = labelled_phase(take.cycles, phase, confidence)
    standing = standing_frames(contacts, np.linalg.norm(track.velocities(), axis=1))
    phase, delta, weight = hold_phase(phase, confidence, standing)
    return {
        "poses": poses,
        **around(padded),
        "contacts": contacts,
        "phase": phase,
        "phase_delta": delta,
        "phase_weight": weight,
        "mirror_ok": np.full(len(poses), take.mirror_ok),
        "category": steered_categories(padded) if take.steered else categories(padded),
    }


def around(padded: RootTrack) -> Columns:
    """Trajectory, gait and the root's step to the next frame of each frame between the paddings."""
    positions, headings = padded.positions, padded.headings
    centres = np.arange(PADDING, len(headings) - PADDING)
    samples = centres[:, None] + layout.SAMPLE_FRAMES
    speeds = np.linalg.norm(positions[samples + 1] - positions[samples - 1], axis=-1) / 2 * layout.FPS
    local = local_samples(positions[samples], headings[samples], positions[centres], headings[centres])
    roots = np.concatenate((positions, headings[:, None]), axis=1)[PADDING : len(headings) - PADDING + 1]
    return {
        "trajectory": layout.pack_trajectory(*local, speeds).astype(np.float32),
        "gait": layout.gait_of(speeds[:, layout.PRESENT :]).astype(np.float32),
        "root_delta": root_deltas(roots).astype(np.float32),
    }


def root_deltas(roots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Step from each root [..., T, 3] (x, z, heading) to the next in its own frame [..., T - 1, 3]."""
    step = np.diff(roots, axis=-2)
    sine, cosine = np.sin(roots[..., :-1, 2]), np.cos(roots[..., :-1, 2])
    return np.stack((cosine * step[..., 0] - sine * step[..., 1], sine * step[..., 0] + cosine * step[..., 1], step[..., 2]), axis=-1)


def standing_frames(contacts: NDArray[np.float32], speed: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Frames [T] in which both feet stay down for STANDING_FRAMES or more while the root hardly moves."""
    left, right = feet_down(contacts)
    still = (left * right > 0.5) & (speed < STANDING_SPEED)
    out = np.zeros(len(still), bool)
    for first, last in runs_of(still):
        out[first:last] = last - first >= min(STANDING_FRAMES, len(still))
    return out


def hold_phase(
    phase: NDArray[np.float32], confidence: NDArray[np.float32], standing: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Phase, its step to the next frame and the weight of that step, with the phase at rest while standing.

    A stand keeps the phase it came with for its first half and has that of the next step for its second half; the jump between
    is given no weight. A stand at a clip's end has one side only.
    """
    phase = np.unwrap(phase.astype(np.float64))
    delta = np.diff(phase, append=phase[-1:])
    weight = np.maximum(confidence.astype(np.float64), 0.02)
    weight[-1] = 0
    for first, last in runs_of(standing):
        middle = first if first == 0 else last if last == len(phase) else (first + last) // 2
        phase[first:middle] = phase[first]
        phase[middle:last] = phase[last - 1]
        delta[first:last] = 0
        weight[first:last] = 1
        if 0 < middle < len(phase):
            weight[middle - 1] = 0
    return np.mod(phase, 2 * np.pi).astype(np.float32), delta.astype(np.float32), weight.astype(np.float32)


def steered_categories(padded: RootTrack) -> NDArray[np.int16]:
    """Category index [T] of a steered take's frames between the paddings: all of them walk, or all run."""
    fast = np.median(np.linalg.norm(padded.velocities(), axis=1)) > FAST
    return np.full(len(padded.headings) - 2 * PADDING, CATEGORIES.index(STEERED[int(fast)]), np.int16)


def categories(padded: RootTrack) -> NDArray[np.int16]:
    """Category index [T] of each frame between the paddings, from speed, course and turning of the root."""
    velocities = padded.velocities()
    speed = gaussian_filter1d(np.linalg.norm(velocities, axis=1), 4)
    course = np.angle(np.exp(1j * (np.arctan2(velocities[:, 0], velocities[:, 1]) - padded.headings)))
    turning = np.abs(gaussian_filter1d(np.gradient(padded.headings) * layout.FPS, 12))
    inner = slice(PADDING, len(speed) - PADDING)
    ahead, back = np.roll(speed, -LOOK)[inner], np.roll(speed, LOOK)[inner]
    speed, course, turning = speed[inner], np.abs(course[inner]), turning[inner]
    fast = speed > FAST
    rules = (
        ("turn", (speed < 0.35) & (turning > np.radians(20)) & (ahead < 0.5) & (back < 0.5)),
        ("start", (ahead > 0.5) & (speed < 0.6 * ahead)),
        ("stop", (back > 0.5) & (speed < 0.6 * back) & (ahead < 0.5)),
        ("stand", speed < 0.25),
        ("backward", course > np.radians(115)),
        ("sideways", course > np.radians(30)),
        ("run_turn", fast & (turning > np.radians(20))),
        ("run", fast),
        ("walk_turn", turning > np.radians(25)),
    )
    out = np.full(len(speed), CATEGORIES.index("walk"), np.int16)
    for name, rule in reversed(rules):
        out[rule] = CATEGORIES.index(name)
    return out
