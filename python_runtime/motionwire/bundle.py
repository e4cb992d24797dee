"""Model bundles: find one by name or folder, check it, open its ONNX graphs.

A bundle is data. Loading checks sizes and hashes of every file against bundle.json before a graph is opened, paths may not
leave the folder, and nothing in it is executed: graphs use the operators of
ONNX and those that every onnxruntime has beyond it.
"""

import threading
from pathlib import Path
from typing import Self

import onnxruntime as ort

from motionwire.errors import InputError
from motionwire.manifest import GraphEntry, Manifest, TensorSpec, read_manifest, sha256_of
from motionwire.motion.skeleton import REFERENCE, Skeleton

EMBEDDED = Path(__file__).parent / "bundles"
STEADY = ("controller",)  # graphs that run on as much again and again
# Graphs with 8-bit products, which CUDA's part of onnxruntime lacks; small as they are, they gain nothing there.
ON_CPU = ("text_encoder", "text_to_motion_prefill", "text_to_motion_step", "tokenizer_decoder", "tokenizer_decoder_step")
_ORT_TYPES = {"float32": "tensor(float)", "int64": "tensor(int64)", "bool": "tensor(bool)", "float16": "tensor(float16)"}


def available() -> list[str]:
    """Names of the embedded bundles that can move a character or speak (the shared text encoder is none)."""
    return sorted(path.parent.name for path in EMBEDDED.glob("*/bundle.json") if path.parent.name != "text_encoder")


def default() -> str:
    """The embedded bundle to use where none is named: the one that is free for all uses, if it is there."""
    names = available()
    if not names:
        raise InputError("no bundle is embedded in this installation; name a bundle's folder")
    return "free" if "free" in names else names[0]


class Bundle:
    """A checked bundle folder. Use `Bundle.load`.

    folder: where it lies; manifest: what bundle.json says; sessions are opened on first use and kept.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest
        self._sessions: dict[tuple[str, int], ort.InferenceSession] = {}
        self._lock = threading.Lock()
        self._text_encoder: Bundle | None = None

    @classmethod
    def load(cls, name: str | Path) -> Self:
        """The embedded bundle of this name, or the bundle in this folder; raises InputError when any file is not what it says."""
        folder = _find(name)
        manifest = read_manifest(folder / "bundle.json")
        for graph in manifest.graphs.values():
            _check_file(folder, graph.file, graph.sha256, graph.bytes)
        for file, sha256 in manifest.files.items():
            _check_file(folder, file, sha256)
        return cls(folder, manifest)

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def skeleton(self) -> Skeleton:
        """The skeleton that the models were trained on."""
        return self.manifest.skeleton.build() if self.manifest.skeleton is not None else REFERENCE

    @property
    def licence_line(self) -> str:
        """The licence in one plain line."""
        use = "commercial use allowed" if self.manifest.commercial_use else "not for commercial use"
        return f"{self.manifest.licence} ({use})"

    @property
    def card(self) -> str:
        """What is said of it in CARD.md: what it understands, its weaknesses; empty where there is none. Raises InputError."""
        path = self.folder / "CARD.md"
        if not path.exists():
            return ""
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"cannot read the card: {error}", path) from None

    def graph(self, name: str) -> GraphEntry:
        """What the manifest says of a graph; raises InputError when the bundle has none of this name."""
        try:
            return self.manifest.graphs[name]
        except KeyError:
            has = ", ".join(sorted(self.manifest.graphs)) or "none"
            raise InputError(f"bundle {self.name!r} has no graph {name!r} (it has: {has})", self.folder) from None

    def text_encoder(self) -> "Bundle":
        """The bundle that holds the text encoder: this one, or the shared one that it refers to."""
        if "text_encoder" in self.manifest.graphs:
            return self
        reference = self.manifest.text_encoder
        if reference is None:
            raise InputError(f"bundle {self.name!r} has no text encoder: it cannot read sentences", self.folder)
        if self._text_encoder is None:
            if Path(reference.bundle).name != reference.bundle or reference.bundle in ("", ".", ".."):
                raise InputError(f"text encoder {reference.bundle!r} is not the name of a bundle", self.folder / "bundle.json")
            beside = self.folder.parent / reference.bundle
            found = Bundle.load(beside if beside.is_dir() else EMBEDDED / reference.bundle)
            if sha256_of(found.folder / "bundle.json") != reference.sha256:
                raise InputError(f"is not the text encoder that bundle {self.name!r} was made with (wrong sha256)", found.folder)
            self._text_encoder = found
        return self._text_encoder

    def session(self, graph: str, threads: int = 1) -> ort.InferenceSession:
        """The ONNX session of a graph on `threads` threads, opened once; its tensors are compared with the manifest."""
        entry = self.graph(graph)
        with self._lock:
            session = self._sessions.get((graph, threads))
            if session is None:
                session = _open(self.folder / entry.file, threads, graph in STEADY, graph in ON_CPU)
                _check_tensors(session.get_inputs(), entry.inputs, f"{self.folder / entry.file}: input")
                _check_tensors(session.get_outputs(), entry.outputs, f"{self.folder / entry.file}: output")
                self._sessions[graph, threads] = session
        return session


def _find(name: str | Path) -> Path:
    """A folder with a bundle.json, or else the embedded bundle of that name."""
    folder = Path(name)
    if (folder / "bundle.json").exists():
        return folder
    if folder.name == str(name) and (EMBEDDED / folder / "bundle.json").exists():
        return EMBEDDED / folder
    if folder.is_dir():
        raise InputError("no such bundle: the folder has no bundle.json", folder)
    raise InputError(f"no such bundle: neither a folder nor one of {', '.join(available()) or '(none is embedded)'}", name)


def _check_file(folder: Path, file: str, sha256: str, size: int | None = None) -> None:
    path = folder / file
    root = folder.resolve()
    if "\0" in file or Path(file).is_absolute() or not path.resolve().is_relative_to(root) or path.resolve() == root:
        raise InputError(f"file {file[:200]!r} lies outside the bundle", folder / "bundle.json")
    if not path.is_file():
        raise InputError("missing, though bundle.json lists it", path)
    found = path.stat().st_size
    if size is not None and found != size:
        raise InputError(f"has {found} bytes where bundle.json says {size}", path)
    if sha256_of(path) != sha256:
        raise InputError("wrong sha256: not the file that bundle.json describes", path)


def _open(path: Path, threads: int, steady: bool, on_cpu: bool) -> ort.InferenceSession:
    options = ort.SessionOptions()
    # Memory is kept from run to run where that saves time. Elsewhere it only grows: 60 MB of what acts and clips of all sizes once took.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = steady
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Worker threads that spin between calls would steal the game's cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    wanted = ("CPUExecutionProvider",) if on_cpu else ("CUDAExecutionProvider", "CPUExecutionProvider")
    providers = [p for p in wanted if p in ort.get_available_providers()]
    try:
        return ort.InferenceSession(str(path), options, providers=providers)
    except Exception as error:  # onnxruntime raises its own untyped exceptions
        raise InputError(f"not an ONNX graph that onnxruntime opens: {str(error)[:200]}", path) from None


def _check_tensors(found: list[ort.NodeArg], expected: list[TensorSpec], where: str) -> None:
    if [node.name for node in found] != [spec.name for spec in expected]:
        raise InputError(f"the graph has {[node.name for node in found]}, bundle.json says {[spec.name for spec in expected]}", where)
    for node, spec in zip(found, expected, strict=True):
        if node.type != _ORT_TYPES.get(spec.dtype):
            raise InputError(f"{spec.name} is {node.type}, bundle.json says {spec.dtype}", where)
        shapes_differ = len(node.shape) != len(spec.shape) or any(
            isinstance(a, int) and isinstance(b, int) and a != b for a, b in zip(node.shape, spec.shape, strict=False)
        )
        if shapes_differ:
            raise InputError(f"{spec.name} has shape {node.shape}, bundle.json says {spec.shape}", where)
