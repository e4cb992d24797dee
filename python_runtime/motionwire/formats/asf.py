"""ASF (Acclaim skeleton file): the skeleton half of an ASF/AMC pair.

Format: J. Lander, "Working with Motion Capture File Formats", Game Developer, January 1998, and the files of the CMU
database (mocap.cs.cmu.edu). An ASF bone runs from its parent's tip along `direction` for `length`, both given in the
root's rest frame. Here each joint is the START of its bone: its offset is the parent bone's direction * length, bones that
hang on the root start at the root, and a bone without children leaves its tip as an end site.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.formats import euler
from motionwire.formats.bvh_hierarchy import MAX_JOINTS
from motionwire.formats.numbers import number
from motionwire.motion.skeleton import Skeleton

ROOT = "root"
_ROTATIONS = ("rx", "ry", "rz")
_TRANSLATIONS = ("tx", "ty", "tz")


@dataclass
class Bone:
    """One bone as the file states it; the root is a bone of no length."""

    name: str
    direction: NDArray[np.float64] = field(default_factory=lambda: np.zeros(3))
    length: float = 0.0
    axis: NDArray[np.float64] = field(default_factory=lambda: np.zeros(3))  # angles about x, y, z of the bone's own frame, file's unit
    order: str = "xyz"  # in which those of `axis` are applied, about fixed axes
    dof: tuple[str, ...] = ()  # the numbers an AMC line of this bone holds, in order


@dataclass(frozen=True)
class AsfSkeleton:
    """skeleton: joints in hierarchy order; bones: one for each joint; frames: float64 [J, 4], each bone's own frame C."""

    skeleton: Skeleton
    bones: tuple[Bone, ...]
    frames: NDArray[np.float64]
    position: NDArray[np.float64]  # [3] where the root starts, file units
    degrees: bool


def fixed_axes(angles: NDArray[np.float64], order: str) -> NDArray[np.float64]:
    """Rotations [..., 4] about fixed axes, the first listed applied first: "xyz" is Rz * Ry * Rx; angles in radians."""
    return euler.to_quaternion(angles[..., ::-1], order[::-1])


class _Reader:
    """Walks the sections of the file; every error knows its line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.line = 0
        self.degrees = True
        self.position = np.zeros(3)
        self.root = Bone(ROOT, dof=_TRANSLATIONS + _ROTATIONS)
        self.bones: dict[str, Bone] = {ROOT: self.root}
        self.children: dict[str, list[str]] = {}
        self.placed: set[str] = {ROOT}
        self._bone: Bone | None = None

    def error(self, message: str) -> InputError:
        return InputError(message, f"{self.name}: line {self.line}")

    def numbers(self, words: list[str], count: int, what: str) -> NDArray[np.float64]:
        if len(words) < count:
            raise self.error(f"{what} needs {count} numbers")
        try:
            return np.array([number(word.encode()) for word in words[:count]])
        except ValueError as error:
            raise self.error(f"{what}: {error}") from None

    def rotation_order(self, words: list[str]) -> str:
        order = words[0].lower() if words else "xyz"
        if sorted(order) != ["x", "y", "z"]:
            raise self.error(f"axis order {order[:20]!r} is not an order of x, y and z")
        return order

    def degrees_of_freedom(self, words: list[str], allowed: Iterable[str]) -> tuple[str, ...]:
        dof = tuple(word.lower() for word in words)
        wrong = next((word for word in dof if word not in allowed), None)
        if wrong is not None:
            raise self.error(f"degree of freedom {wrong[:20]!r} is not among {', '.join(allowed)}")
        if len(set(dof)) != len(dof):
            raise self.error("a degree of freedom occurs twice")
        return dof

    def units(self, words: list[str]) -> None:
        if words[0].lower() == "angle":
            unit = " ".join(words[1:]).lower()
            if not unit.startswith(("deg", "rad")):
                raise self.error(f"angle unit {unit[:20]!r} is neither deg nor rad")
            self.degrees = unit.startswith("deg")

    def root_entry(self, words: list[str]) -> None:
        key = words[0].lower()
        if key == "order":
            self.root.dof = self.degrees_of_freedom(words[1:], _TRANSLATIONS + _ROTATIONS)
        elif key == "axis":
            self.root.order = self.rotation_order(words[1:])
        elif key == "position":
            self.position = self.numbers(words[1:], 3, "position")
        elif key == "orientation":
            self.root.axis = self.numbers(words[1:], 3, "orientation")

    def bone_entry(self, words: list[str]) -> None:
        key = words[0].lower()
        if key == "begin":
            self._bone = Bone("")
        elif self._bone is None:
            raise self.error(f"{words[0][:40]!r} stands where begin should")
        elif key == "end":
            if not self._bone.name:
                raise self.error("a bone without a name")
            self.bones[self._bone.name] = self._bone
            self._bone = None
        elif key == "name":
            self._name_bone(" ".join(words[1:]))
        elif key == "direction":
            self._bone.direction = self.numbers(words[1:], 3, "direction")
        elif key == "length":
            self._bone.length = float(self.numbers(words[1:], 1, "length")[0])
        elif key == "axis":
            self._bone.axis = self.numbers(words[1:], 3, "axis")
            self._bone.order = self.rotation_order(words[4:])
        elif key == "dof":
            self._bone.dof = self.degrees_of_freedom(words[1:], _ROTATIONS)

    def _name_bone(self, name: str) -> None:
        if not name or not name.isprintable() or " " in name or len(name) > 256:
            raise self.error(f"bone name {name[:40]!r} is not one printable word")
        if name in self.bones:
            raise self.error(f"bone name {name!r} occurs twice")
        if len(self.bones) >= MAX_JOINTS:
            raise self.error(f"more than {MAX_JOINTS} bones")
        assert self._bone is not None
        self._bone.name = name

    def hierarchy_entry(self, words: list[str]) -> None:
        if words[0] in ("begin", "end") and len(words) == 1:
            return
        for word in words:
            if word not in self.bones:
                raise self.error(f"no bone {word[:40]!r} in :bonedata")
        for child in words[1:]:
            if child in self.placed:
                raise self.error(f"bone {child!r} has two parents or is its own")
            self.placed.add(child)
            self.children.setdefault(words[0], []).append(child)


def parse_skeleton(data: bytes, name: str) -> AsfSkeleton:
    """An ASF file's bytes; `name` stands in messages. Raises InputError."""
    reader = _Reader(name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reader.line = data[: error.start].count(b"\n") + 1
        raise reader.error("not UTF-8 text") from None
    sections = {"units": reader.units, "root": reader.root_entry, "bonedata": reader.bone_entry, "hierarchy": reader.hierarchy_entry}
    section, seen = "", set()
    for reader.line, raw in enumerate(text.split("\n"), 1):
        words = raw.split("#")[0].split()
        if not words or words[0].startswith("("):  # second and third line of `limits`, which we do not enforce
            continue
        if words[0].startswith(":"):
            section = words[0][1:].lower()
            seen.add(section)
        elif section in sections:
            sections[section](words)
    for needed in ("root", "bonedata", "hierarchy"):
        if needed not in seen:
            raise InputError(f"no :{needed} section; truncated, or not an ASF file", name)
    return _build(reader)


def _build(reader: _Reader) -> AsfSkeleton:
    names: list[str] = []
    parents: list[int] = []
    stack = [(ROOT, -1)]
    while stack:
        bone, parent = stack.pop()
        index = len(names)
        names.append(bone)
        parents.append(parent)
        stack.extend((child, index) for child in reversed(reader.children.get(bone, [])))
    lost = next(iter(reader.bones.keys() - set(names)), None)
    if lost is not None:
        raise InputError(f"bone {lost!r} has no place in :hierarchy", reader.name)
    bones = tuple(reader.bones[bone] for bone in names)
    tips = np.array([bone.direction / max(float(np.linalg.norm(bone.direction)), 1e-12) * bone.length for bone in bones])
    offsets = np.array([tips[parent] if parent >= 0 else np.zeros(3) for parent in parents])
    inner = set(parents)
    leaves = {index: (float(x), float(y), float(z)) for index, (x, y, z) in enumerate(tips) if index and index not in inner}
    scale = np.pi / 180 if reader.degrees else 1.0
    frames = np.array([fixed_axes(bone.axis[["xyz".index(axis) for axis in bone.order]] * scale, bone.order) for bone in bones])
    skeleton = Skeleton(tuple(names), tuple(parents), offsets, leaves)
    return AsfSkeleton(skeleton, bones, frames, reader.position, reader.degrees)
