"""The container of a GLB file, checked: its JSON, its nodes as a tree, and its accessors as arrays. Nothing outside the file is opened."""

import struct
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.formats.numbers import LIMIT

MAX_NODES = 2**16
JSON_CHUNK, BINARY_CHUNK = 0x4E4F534A, 0x004E4942
_COMPONENTS = {5120: np.int8, 5121: np.uint8, 5122: np.int16, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


@dataclass(frozen=True)
class GltfFile:
    """document: the JSON; binary: the buffer; parents: of each node, -1 for roots; name: for messages."""

    document: dict[str, Any]
    binary: bytes
    parents: list[int]
    name: str

    def items(self, key: str) -> list[dict[str, Any]]:
        """A list of objects in the document, empty where there is none; raises InputError for anything else."""
        found = self.document.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise InputError(f"{key!r} is not a list of objects", self.name)
        return found

    def item(self, key: str, index: object) -> dict[str, Any]:
        """An entry of such a list; raises InputError for an index that is none."""
        items = self.items(key)
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(items):
            raise InputError(f"{index!r} is no index into its {len(items)} {key}", self.name)
        return items[index]

    def array(self, index: object, width: int) -> NDArray[np.float64]:
        """The accessor as float64 [N, width], normalised integers as fractions; raises InputError where it does not fit the file."""
        accessor = self.item("accessors", index)
        where = f"{self.name}: accessor {index}"
        kind, component = accessor.get("type"), accessor.get("componentType")
        if not isinstance(component, int) or component not in _COMPONENTS or not isinstance(kind, str) or _WIDTHS.get(kind) != width:
            raise InputError(f"type {kind!r} of component {component!r} where {width} numbers are needed", where)
        if "sparse" in accessor:
            raise InputError("sparse accessors are not read", where)
        view = self.item("bufferViews", accessor.get("bufferView"))
        if view.get("buffer") != 0:
            raise InputError("its data is not in the file's own buffer", where)
        dtype = np.dtype(_COMPONENTS[component])
        count = self._size(accessor.get("count"), where)
        size = dtype.itemsize * width
        stride = self._size(view.get("byteStride", size), where)
        start = self._size(view.get("byteOffset", 0), where) + self._size(accessor.get("byteOffset", 0), where)
        if count == 0 or stride < size or start + stride * (count - 1) + size > len(self.binary):
            raise InputError(f"{count} entries do not fit the {len(self.binary)} bytes of the buffer", where)
        raw = np.ndarray((count, width), dtype.newbyteorder("<"), self.binary, start, (stride, dtype.itemsize))
        values = raw.astype(np.float64)
        if accessor.get("normalized") is True and dtype.kind in "iu":
            values = np.maximum(values / (2.0 ** (8 * dtype.itemsize - (dtype.kind == "i")) - 1), -1)
        if not (np.abs(values) <= LIMIT).all():
            raise InputError("holds NaN, infinity or values beyond 1e9", where)
        return values

    def _size(self, value: object, where: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 2**31:
            raise InputError(f"{value!r} is not a size", where)
        return value

    def numbers(self, node: int, key: str, default: list[float]) -> NDArray[np.float64]:
        """A vector of a node; raises InputError unless it has as many finite numbers as the default."""
        found = self.items("nodes")[node].get(key, default)
        if (
            not isinstance(found, list)
            or len(found) != len(default)
            or not all(type(value) in (int, float) and abs(value) <= LIMIT for value in found)
        ):
            raise InputError(f"node {node}: {key} is not {len(default)} numbers", self.name)
        return np.array(found, dtype=np.float64)


def open_glb(data: bytes, name: str) -> GltfFile:
    """The bytes of a GLB file, its chunks and its node tree checked; raises InputError."""
    if len(data) < 20 or data[:4] != b"glTF":
        raise InputError("not a GLB file (no 'glTF' at its start)", name)
    version, length = struct.unpack_from("<II", data, 4)
    if version != 2:
        raise InputError(f"glTF version {version}, not 2", name)
    if length > len(data):
        raise InputError(f"{len(data)} bytes of {length}: the file is cut off", name)
    chunks: dict[int, bytes] = {}
    at = 12
    while at + 8 <= length:
        size, kind = struct.unpack_from("<II", data, at)
        if at + 8 + size > length:
            raise InputError(f"the chunk at byte {at} is longer than the file", name)
        chunks.setdefault(kind, data[at + 8 : at + 8 + size])
        at += 8 + size
    try:
        document = msgspec.json.decode(chunks.get(JSON_CHUNK, b""))
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise InputError(f"its JSON is broken: {str(error)[:80]}", name) from None
    if not isinstance(document, dict):
        raise InputError("its JSON is not an object", name)
    file = GltfFile(document, chunks.get(BINARY_CHUNK, b""), [], name)
    file.parents.extend(_parents(file))
    return file


def _parents(file: GltfFile) -> list[int]:
    nodes = file.items("nodes")
    if len(nodes) > MAX_NODES:
        raise InputError(f"{len(nodes)} nodes are more than {MAX_NODES}", file.name)
    parents = [-1] * len(nodes)
    for index, node in enumerate(nodes):
        children = node.get("children", [])
        if not isinstance(children, list):
            raise InputError(f"node {index}: children is not a list", file.name)
        for child in children:
            file.item("nodes", child)
            if parents[child] >= 0 or child == index:
                raise InputError(f"node {child} has two parents", file.name)
            parents[child] = index
    known = [parent < 0 for parent in parents]
    order = [index for index, root in enumerate(known) if root]
    for index in order:
        for child in nodes[index].get("children", []):
            known[child] = True
            order.append(child)
    if not all(known):  # what no root leads to is a circle
        raise InputError(f"node {known.index(False)} is its own ancestor", file.name)
    return parents
