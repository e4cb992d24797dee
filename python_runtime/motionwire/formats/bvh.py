"""BVH (Biovision hierarchy): reading. The writer is bvh_writer.py.

Layout after M. Meredith and S. Maddock, "Motion Capture File Formats Explained" (2001). What files leave open:
- Position channels replace a joint's OFFSET, as in Blender; an axis without a channel keeps its OFFSET.
- Rotation channels apply in the order listed: Zrotation Xrotation Yrotation is Rz * Rx * Ry, in degrees.
- A clip stays in the file's units and axes; motion/retarget.py makes it canonical.
- A frame time such as 0.0333333 means 30 fps: rates within 1e-4 of a whole number are taken as that number.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.formats import euler
from motionwire.formats.bvh_hierarchy import Hierarchy, line_of, parse_hierarchy, shown
from motionwire.formats.numbers import NumberError, number, parse_rows
from motionwire.formats.source import MAX_POSES, read_bytes
from motionwire.motion.clip import Clip

CHUNK = 2**15  # numbers converted at once, so that they stay in the processor's cache

_HEADER = re.compile(rb"\s*Frames\s*:\s*(\S+)\s+Frame\s*Time\s*:\s*(\S+)[ \t]*(\r\n|\r|\n|\Z)", re.IGNORECASE)
_BLANKS = bytes.maketrans(b"\t\v\f", b"   ")


def read(path: str | Path) -> Clip:
    """A BVH file as a clip in its own units on its own skeleton; raises InputError."""
    return parse(read_bytes(path), str(path))


def parse(data: bytes, name: str) -> Clip:
    """A BVH file's bytes as a clip; `name` stands in messages, and its stem names the clip."""
    hierarchy, position = parse_hierarchy(data, name)
    header = _HEADER.match(data, position)
    if header is None:
        raise InputError("after MOTION come 'Frames: N' and 'Frame Time: SECONDS'; not found", f"{name}: line {line_of(data, position)}")
    line = line_of(data, header.start(1))
    if not header[1].isdigit() or len(header[1]) > 12 or int(header[1]) == 0:
        raise InputError(f"{shown(header[1])} is not a count of frames above zero", f"{name}: line {line}")
    frames, channels = int(header[1]), hierarchy.channels
    fps = _frame_rate(header[2], f"{name}: line {line_of(data, header.start(2))}")
    left = len(data) - header.end()
    if frames * channels * 2 - 1 > left:
        raise InputError(f"{frames} frames of {channels} numbers cannot fit into the {left} bytes that are left", f"{name}: line {line}")
    if frames * len(hierarchy.skeleton) > MAX_POSES:
        raise InputError(f"{frames} frames of {len(hierarchy.skeleton)} joints are more than {MAX_POSES} poses", f"{name}: line {line}")
    body = data[header.end() :].translate(_BLANKS)
    while b"  " in body:
        body = body.replace(b"  ", b" ")
    return _convert(hierarchy, _Body(body, name, line_of(data, header.end())), frames, fps)


def _frame_rate(token: bytes, where: str) -> float:
    try:
        seconds = number(token)
    except ValueError as error:
        raise InputError(f"frame time {error}", where) from None
    if not 1e-4 <= seconds <= 1e4:
        raise InputError(f"frame time {seconds:g} s is not between 0.0001 and 10,000", where)
    fps = 1 / seconds
    return float(round(fps)) if abs(fps - round(fps)) < 1e-4 * fps else fps


@dataclass(frozen=True)
class _Body:
    """The frames as text: words separated by single blanks."""

    text: bytes
    name: str
    first_line: int  # in the file

    def frames(self, count: int, channels: int) -> list[bytes]:
        """One line of numbers for each frame; a file that wraps frames over several lines is put right."""
        lines = [line for raw in self.text.splitlines() if (line := raw.strip(b" "))]
        if len(lines) == count:
            return lines
        tokens = self.text.split()
        if len(tokens) == count * channels:
            return [b" ".join(tokens[start : start + channels]) for start in range(0, len(tokens), channels)]
        for index, line in enumerate(lines):
            if line.count(b" ") + 1 != channels:
                raise self.error(index, f"{line.count(b' ') + 1} numbers instead of {channels}")
        raise InputError(f"the header announces {count} frames, the file holds {len(lines)}", f"{self.name}: line {self.first_line}")

    def error(self, index: int, message: str) -> InputError:
        """An error about the index-th line with content, which is the frame of that number."""
        filled = [number for number, raw in enumerate(self.text.splitlines()) if raw.strip(b" ")]
        line = self.first_line + filled[min(index, len(filled) - 1)]
        return InputError(f"frame {index}: {message}", f"{self.name}: line {line}")


@dataclass
class _Columns:
    """Which columns of a frame feed what."""

    root: list[tuple[int, int]] = field(default_factory=list)  # (axis, column)
    translations: list[tuple[int, int, int]] = field(default_factory=list)  # (joint, axis, column)
    rotations: dict[str, tuple[list[int], list[list[int]]]] = field(default_factory=dict)  # order -> joints, their columns


def _columns(hierarchy: Hierarchy) -> _Columns:
    columns, start = _Columns(), 0
    for joint, names in enumerate(hierarchy.channel_names):
        turns = [(name[0], start + index) for index, name in enumerate(names) if name.endswith("rotation")]
        for index, name in enumerate(names):
            if name.endswith("position"):
                axis = "xyz".index(name[0])
                if joint == 0:
                    columns.root.append((axis, start + index))
                else:
                    columns.translations.append((joint, axis, start + index))
        if turns:
            joints, sources = columns.rotations.setdefault("".join(axis for axis, _ in turns), ([], []))
            joints.append(joint)
            sources.append([column for _, column in turns])
        start += len(names)
    return columns


def _convert(hierarchy: Hierarchy, body: _Body, frames: int, fps: float) -> Clip:
    skeleton, channels = hierarchy.skeleton, hierarchy.channels
    lines = body.frames(frames, channels)
    columns = _columns(hierarchy)
    root_positions = np.tile(skeleton.offsets[0], (frames, 1))
    rotations = np.tile(np.array([0, 0, 0, 1], dtype=np.float32), (frames, len(skeleton), 1))
    translations: NDArray[np.float32] | None = None
    if columns.translations:
        translations = np.tile(skeleton.offsets, (frames, 1, 1))
        joints, axes, sources = (list(values) for values in zip(*columns.translations, strict=True))
    step = max(1, CHUNK // channels)
    for start in range(0, frames, step):
        stop = min(start + step, frames)
        try:
            values = parse_rows(lines[start:stop], channels)
        except NumberError as error:
            raise body.error(start + error.line, str(error)) from None
        for axis, column in columns.root:
            root_positions[start:stop, axis] = values[:, column]
        if translations is not None:
            translations[start:stop, joints, axes] = values[:, sources]
        for order, (turning, turns) in columns.rotations.items():
            rotations[start:stop, turning] = euler.to_quaternion(np.radians(values[:, turns]), order)
    if translations is not None:
        translations[:, 0] = root_positions
    return Clip(skeleton, fps, root_positions, rotations, translations, Path(body.name).stem)
