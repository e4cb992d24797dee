"""Skeletons as two JSON files beside a clip: NAME.hierarchy.json and NAME.offsets.json.

    {"Bones": [{"Name": "pelvis", "Parent": null}, {"Name": "left_hip", "Parent": "pelvis"}, ...]}    parents first
    {"Offsets": {"pelvis": [0, 0.94, 0], "left_hip": [0.09, -0.07, 0], ...}}                          metres, rest pose

Bones stand in the order of the clip's rotations.
"""

from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np

from motionwire.errors import InputError
from motionwire.formats.bvh_hierarchy import MAX_JOINTS
from motionwire.formats.numbers import LIMIT
from motionwire.formats.source import read_bytes
from motionwire.motion.skeleton import Skeleton

T = TypeVar("T")

SUFFIX_HIERARCHY = ".hierarchy.json"
SUFFIX_OFFSETS = ".offsets.json"


class _Bone(msgspec.Struct, rename="pascal"):
    name: str
    parent: str | None


class _Hierarchy(msgspec.Struct, rename="pascal"):
    bones: list[_Bone]


class _Offsets(msgspec.Struct, rename="pascal"):
    offsets: dict[str, tuple[float, float, float]]


def decode(data: bytes, kind: type[T], where: str) -> T:
    """JSON bytes as a typed value; raises InputError that names the place in the document."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(str(error), where) from None


def beside(clip: Path) -> tuple[Path, Path]:
    """Where a clip's hierarchy and offsets lie: beside it, with its name."""
    return clip.with_name(clip.stem + SUFFIX_HIERARCHY), clip.with_name(clip.stem + SUFFIX_OFFSETS)


def read_skeleton(clip: Path) -> Skeleton | None:
    """The skeleton of a clip from the files beside it, None where there is neither; raises InputError where one is missing."""
    hierarchy, offsets = beside(clip)
    if not hierarchy.exists() and not offsets.exists():
        return None
    return parse_skeleton(read_bytes(hierarchy), read_bytes(offsets), str(hierarchy), str(offsets))


def parse_skeleton(hierarchy: bytes, offsets: bytes, hierarchy_name: str, offsets_name: str) -> Skeleton:
    """The bytes of both files as a skeleton; the names stand in messages."""
    bones = decode(hierarchy, _Hierarchy, hierarchy_name).bones
    vectors = decode(offsets, _Offsets, offsets_name).offsets
    if len(bones) > MAX_JOINTS:
        raise InputError(f"more than {MAX_JOINTS} bones", hierarchy_name)
    indices: dict[str, int] = {}
    parents, rows = [], []
    for index, bone in enumerate(bones):
        if bone.parent is not None and bone.parent not in indices:
            raise InputError(f"parent {bone.parent[:40]!r} of bone {bone.name[:40]!r} does not stand before it", hierarchy_name)
        if bone.name not in vectors:
            raise InputError(f"no offset for bone {bone.name[:40]!r}", offsets_name)
        if not all(abs(value) <= LIMIT for value in vectors[bone.name]):
            raise InputError(f"the offset of bone {bone.name[:40]!r} is beyond 1e9", offsets_name)
        parents.append(-1 if bone.parent is None else indices[bone.parent])
        rows.append(vectors[bone.name])
        indices[bone.name] = index
    try:
        return Skeleton(tuple(bone.name for bone in bones), tuple(parents), np.array(rows, dtype=np.float32).reshape(-1, 3))
    except InputError as error:
        raise InputError(str(error), hierarchy_name) from None


def encode_skeleton(skeleton: Skeleton) -> tuple[bytes, bytes]:
    """The bytes of the hierarchy and the offsets file."""
    bones = [
        {"Name": name, "Parent": None if parent < 0 else skeleton.names[parent]}
        for name, parent in zip(skeleton.names, skeleton.parents, strict=True)
    ]
    offsets = {name: offset for name, offset in zip(skeleton.names, skeleton.offsets.tolist(), strict=True)}
    return msgspec.json.encode({"Bones": bones}), msgspec.json.encode({"Offsets": offsets})
