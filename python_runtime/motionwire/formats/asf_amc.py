"""ASF/AMC (Acclaim): motion of an AMC file on the skeleton of its ASF file (asf.py).

A bone's local rotation is C * M * C^-1, with C the bone's own frame from the ASF and M the frame's angles, so that plain
forward kinematics with the rest offsets holds. Lengths stay in the file's units: those divided by the ASF's `:units length`
are inches (CMU: 0.45, so one file unit is 0.0254 / 0.45 m). The frame rate is not in the file; CMU recorded at 120.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.formats.asf import ROOT, AsfSkeleton, fixed_axes, parse_skeleton
from motionwire.formats.bvh import CHUNK
from motionwire.formats.numbers import NumberError, parse_rows
from motionwire.formats.source import MAX_POSES, read_bytes
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip


def read(path: str | Path, fps: float = 120.0) -> Clip:
    """An AMC file with the ASF that belongs to it, as a clip in file units; raises InputError."""
    path = Path(path)
    amc = read_bytes(path)
    asf = find_asf(path)
    return parse(read_bytes(asf), amc, str(path), fps, str(asf))


def find_asf(path: Path) -> Path:
    """The skeleton of an AMC file: `02_01.asf`, else `02.asf`, else the only .asf in its folder."""
    found = {other.stem.lower(): other for other in sorted(path.parent.iterdir()) if other.suffix.lower() == ".asf"}
    for stem in (path.stem.lower(), path.stem.lower().rpartition("_")[0]):
        if stem in found:
            return found[stem]
    if len(found) == 1:
        return next(iter(found.values()))
    raise InputError(f"no skeleton: neither {path.stem}.asf, the subject's own, nor a single .asf is in the folder", path)


def parse(asf: bytes, amc: bytes, name: str, fps: float = 120.0, asf_name: str | None = None) -> Clip:
    """The bytes of both files as a clip; `name` (the AMC's) and `asf_name` stand in messages."""
    bones = parse_skeleton(asf, asf_name or f"{name} (skeleton)")
    layout, rows, line_numbers, degrees = _frames(amc, bones, name)
    skeleton, stride, frames = bones.skeleton, len(layout) + 1, len(rows)
    if frames * len(skeleton) > MAX_POSES:
        raise InputError(f"{frames} frames of {len(skeleton)} joints are more than {MAX_POSES} poses", name)
    rotations = np.tile(np.array([0, 0, 0, 1], dtype=np.float32), (frames, len(skeleton), 1))
    root_positions = np.tile(bones.position.astype(np.float32), (frames, 1))
    columns = sum(len(bones.bones[joint].dof) for joint in layout)
    step = max(1, CHUNK // max(columns, 1))
    for start in range(0, frames, step):
        stop = min(start + step, frames)
        try:
            values = parse_rows(rows[start:stop], columns)
        except NumberError as error:
            frame = start + error.line
            raise InputError(f"frame {frame}: {error}", f"{name}: line {line_numbers[frame * stride]}") from None
        _convert(values, layout, bones, degrees, rotations[start:stop], root_positions[start:stop])
    return Clip(skeleton, fps, root_positions, rotations, name=Path(name).stem)


def _frames(amc: bytes, bones: AsfSkeleton, name: str) -> tuple[list[int], list[bytes], list[int], bool]:
    """Joints in the order of the lines of a frame, one row of numbers for each frame, line numbers, angles in degrees?"""
    degrees, lines, numbers = bones.degrees, [], []
    for line_number, raw in enumerate(amc.split(b"\n"), 1):
        line = b" ".join(raw.split())
        if line.startswith(b":"):
            keyword = line.upper()
            degrees = keyword == b":DEGREES" or (degrees and keyword != b":RADIANS")
        elif line and not line.startswith(b"#"):
            lines.append(line)
            numbers.append(line_number)
    if not lines:
        raise InputError("the file holds no frames", name)
    stride = next((index for index, line in enumerate(lines) if index and line.isdigit()), len(lines))
    layout = [_joint_of(line, bones, f"{name}: line {numbers[index]}") for index, line in enumerate(lines[:stride]) if index]
    if not lines[0].isdigit() or not layout or len(set(layout)) != len(layout):
        raise InputError("a frame is its number, then a line for each moving bone", f"{name}: line {numbers[0]}")
    expected = [(bones.skeleton.names[joint].encode() + b" ", len(bones.bones[joint].dof)) for joint in layout]
    for index, line in enumerate(lines):
        place = index % stride
        if place == 0:
            good = line.isdigit()
        else:
            prefix, count = expected[place - 1]
            good = line.startswith(prefix) and line.count(b" ") == count
        if not good:
            shown = repr(line[:40].decode("utf-8", "replace"))
            wanted = "a frame number" if place == 0 else f"bone {bones.skeleton.names[layout[place - 1]]!r} with {count} numbers"
            raise InputError(f"frame {index // stride}: {shown} stands where {wanted} should", f"{name}: line {numbers[index]}")
    if len(lines) % stride:
        raise InputError(f"frame {len(lines) // stride} is incomplete; the file is truncated", f"{name}: line {numbers[-1]}")
    bare = [b"" if index % stride == 0 else line[len(expected[index % stride - 1][0]) :] for index, line in enumerate(lines)]
    return layout, [b" ".join(bare[start + 1 : start + stride]) for start in range(0, len(bare), stride)], numbers, degrees


def _joint_of(line: bytes, bones: AsfSkeleton, where: str) -> int:
    word = line.split(b" ")[0].decode("utf-8", "replace")
    if word not in bones.skeleton.names:
        raise InputError(f"bone {word[:40]!r} is not in the skeleton", where)
    joint = bones.skeleton.names.index(word)
    if not bones.bones[joint].dof:
        raise InputError(f"bone {word!r} has no degree of freedom in the skeleton", where)
    return joint


def _convert(
    values: NDArray[np.float64],
    layout: list[int],
    bones: AsfSkeleton,
    degrees: bool,
    rotations: NDArray[np.float32],
    root_positions: NDArray[np.float32],
) -> None:
    """Numbers [n, columns] into rotations [n, J, 4] and root positions [n, 3], in place."""
    start = 0
    for joint in layout:
        dof = bones.bones[joint].dof
        turns = [(kind[1], start + index) for index, kind in enumerate(dof) if kind[0] == "r"]
        if bones.bones[joint].name == ROOT:
            for index, kind in enumerate(dof):
                if kind[0] == "t":
                    root_positions[:, "xyz".index(kind[1])] += values[:, start + index]
        angles = values[:, [column for _, column in turns]]
        motion = fixed_axes(np.radians(angles) if degrees else angles, "".join(axis for axis, _ in turns))
        frame = bones.frames[joint]
        rotations[:, joint] = rot.multiply(rot.multiply(frame, motion), rot.inverse(frame))
        start += len(dof)
