"""The JSON clip: one file of frames, its skeleton in two files beside it (hierarchy_json.py); meaning in interchange.py.

    {"FPS": 60, "Frames": [{"RootYaw": rad, "RootVelocityXY": [left, forward] m/s, "BoneRotations": [[6 floats] per bone],
                            "FootEvidence": {"L": {"soft_contact_score": 0..1}, "R": {"soft_contact_score": 0..1}}}, ...]}

Without skeleton files, 22 bones are the canonical ones with reference lengths. Unknown keys are ignored.
"""

from pathlib import Path

import msgspec
import numpy as np

from motionwire.errors import InputError
from motionwire.formats import interchange
from motionwire.formats.atomic import write_together
from motionwire.formats.hierarchy_json import beside, decode, encode_skeleton, read_skeleton
from motionwire.formats.source import read_bytes
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import Skeleton

MAX_JSON_BYTES = 2**28  # decoded, JSON takes several times its size
Six = tuple[float, float, float, float, float, float]


class _Foot(msgspec.Struct):
    soft_contact_score: float


class _Feet(msgspec.Struct, rename="upper"):
    l: _Foot  # noqa: E741
    r: _Foot


class _Frame(msgspec.Struct, rename={"yaw": "RootYaw", "velocity": "RootVelocityXY", "rotations": "BoneRotations", "feet": "FootEvidence"}):
    yaw: float
    velocity: tuple[float, float]
    rotations: list[Six]
    feet: _Feet


class _Clip(msgspec.Struct, rename={"fps": "FPS", "frames": "Frames"}):
    fps: float
    frames: list[_Frame]


def read(path: str | Path) -> Clip:
    """A JSON clip with the skeleton beside it, else the canonical one; raises InputError."""
    path = Path(path)
    data = read_bytes(path, MAX_JSON_BYTES)
    return parse(data, str(path), read_skeleton(path))


def parse(data: bytes, name: str, skeleton: Skeleton | None = None) -> Clip:
    """The bytes of a JSON clip; `name` stands in messages."""
    content = decode(data, _Clip, name)
    frames = content.frames
    if not frames:
        raise InputError("the clip has no frames", name)
    bones = len(frames[0].rotations)
    wrong = next((index for index, frame in enumerate(frames) if len(frame.rotations) != bones), None)
    if wrong is not None:
        raise InputError(f"{len(frames[wrong].rotations)} bone rotations, the first frame has {bones}", f"{name}: frame {wrong}")
    arrays = interchange.Interchange(
        fps=interchange.checked_fps(content.fps, name),
        root_yaw=np.array([frame.yaw for frame in frames]),
        root_velocity=np.array([frame.velocity for frame in frames]),
        rotations_6d=np.array([frame.rotations for frame in frames], dtype=np.float64).reshape(len(frames), bones, 6),
        soft_contacts=np.array([(frame.feet.l.soft_contact_score, frame.feet.r.soft_contact_score) for frame in frames]),
    )
    return interchange.to_clip(arrays, skeleton, Path(name).stem, name)


def write(clip: Clip, path: str | Path) -> None:
    """Write a canonical clip and its two skeleton files; where it stood at the start and the root's height are not kept."""
    path = Path(path)
    content = to_bytes(clip)
    write_together(dict(zip((*beside(path), path), (*encode_skeleton(clip.skeleton), content), strict=True)))


def to_bytes(clip: Clip) -> bytes:
    """The frames file of a canonical clip."""
    data = interchange.from_clip(clip)
    columns = (data.root_yaw.tolist(), data.root_velocity.tolist(), data.rotations_6d.tolist(), data.soft_contacts.tolist())
    frames = [
        _Frame(yaw, (x, y), rotations, _Feet(_Foot(left), _Foot(right)))
        for yaw, (x, y), rotations, (left, right) in zip(*columns, strict=True)
    ]
    return msgspec.json.encode(_Clip(data.fps, frames))
