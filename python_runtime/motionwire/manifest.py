"""What bundle.json says: graphs with their tensors and hashes, licence, training data, skeleton, measured quality."""

import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from motionwire.errors import InputError
from motionwire.motion.skeleton import JOINTS, Skeleton

FORMAT_VERSION = 1
MAX_MANIFEST_BYTES = 4 * 2**20
MAX_GRAPH_BYTES = 2**30
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class TensorSpec(msgspec.Struct, frozen=True):
    """One named input or output. shape: a number per axis, or the axis's name where its length varies (batch, time)."""

    name: str
    dtype: str
    shape: list[int | str]
    unit: str = ""


class GraphEntry(msgspec.Struct, frozen=True):
    """One ONNX file of the bundle."""

    file: str
    sha256: str
    bytes: int
    opset: int
    inputs: list[TensorSpec]
    outputs: list[TensorSpec]


class TrainingData(msgspec.Struct, frozen=True):
    """A source that the weights were trained on."""

    source: str
    licence: str
    clips: int


class SkeletonSpec(msgspec.Struct, frozen=True):
    """The skeleton that the models move; offsets in metres."""

    names: list[str]
    parents: list[int]
    offsets: list[tuple[float, float, float]]

    def build(self) -> Skeleton:
        return Skeleton(tuple(self.names), tuple(self.parents), self.offsets)  # type: ignore[arg-type]


class TextEncoderReference(msgspec.Struct, frozen=True):
    """A text encoder that several bundles share: the folder beside this one, and the hash of its bundle.json."""

    bundle: str
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """bundle.json as a whole. fps: {"controller": 60, "generator": 30}; quality: figures per graph family, measured on `val`."""

    format_version: int
    name: str
    version: str
    licence: str
    commercial_use: bool
    graphs: dict[str, GraphEntry]
    training_data: list[TrainingData] = []
    skeleton: SkeletonSpec | None = None
    fps: dict[str, int] = {}
    quality: dict[str, Any] = {}
    recipe: dict[str, Any] = {}
    styles: list[str] = []
    codebook: dict[str, Any] = {}
    suggestions: list[str] = []
    sampling: dict[str, float] = {}  # of text-to-motion, where nothing is asked for: guidance, temperature, top_p, some or none of them
    files: dict[str, str] = {}  # other files of the folder and their sha256: the text encoder's tokenizer.json
    text_encoder: TextEncoderReference | None = None
    notice: str = ""


def read_manifest(path: Path) -> Manifest:
    """bundle.json of a folder, checked; raises InputError that names file and place."""
    try:
        if path.exists() and not path.is_file():
            raise InputError("is not a file", path)
        size = path.stat().st_size
        if size > MAX_MANIFEST_BYTES:
            raise InputError(f"is {size} bytes, more than {MAX_MANIFEST_BYTES} allowed", path)
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise InputError("no such bundle: the folder has no bundle.json", path.parent) from None
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", path) from None
    try:
        version = msgspec.json.decode(data, type=dict[str, msgspec.Raw]).get("format_version")
        if version is not None and bytes(version).strip() != str(FORMAT_VERSION).encode():
            found = bytes(version)[:20].decode("utf-8", "replace")
            raise InputError(f"format_version {found} is not {FORMAT_VERSION}, which this Motionwire reads", path)
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"not a valid bundle.json: {error}", path) from None
    _check(manifest, path)
    return manifest


def sha256_of(path: Path) -> str:
    """The digest of a file as a manifest says it; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_name(name: str, where: object) -> None:
    """Raises InputError unless a bundle may have this name."""
    if not _NAME.fullmatch(name):
        raise InputError(f"name {name[:80]!r} is not letters, digits, '.', '_' and '-'", where)


def _check(manifest: Manifest, path: Path) -> None:
    check_name(manifest.name, path)
    for name, graph in manifest.graphs.items():
        if not 0 < graph.bytes <= MAX_GRAPH_BYTES:
            raise InputError(f"graph {name}: {graph.bytes} bytes is not in 1..{MAX_GRAPH_BYTES}", path)
        if not _SHA256.fullmatch(graph.sha256):
            raise InputError(f"graph {name}: sha256 is not 64 hexadecimal digits", path)
        for tensor in (*graph.inputs, *graph.outputs):
            if any(isinstance(axis, int) and axis < 0 for axis in tensor.shape):
                raise InputError(f"graph {name}: {tensor.name} has a negative axis in {tensor.shape}", path)
    if manifest.skeleton is not None:
        try:
            skeleton = manifest.skeleton.build()
        except (InputError, ValueError) as error:
            raise InputError(f"skeleton: {error}", path) from None
        if not skeleton.is_canonical or not np.isfinite(skeleton.offsets).all():
            raise InputError(f"skeleton: not the {JOINTS} canonical joints in their order with finite offsets", path)
