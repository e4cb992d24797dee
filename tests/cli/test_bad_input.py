"""The command line under everything a user can get wrong: one line that names file and place, exit code 2, nothing half-written.

The commands run whole, in this process. A limit on the size of files stands for a full disk: the system refuses in the same way.
"""

import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

import mocap_sources
import motion_files
import toy_bundle
import toy_models
from motionwire import formats
from motionwire.cli import main as motionwire
from motionwire_export import cli as exporting
from motionwire_training import cli as training
from motionwire_training.evaluation.controller import command
from motionwire_training.evaluation.controller.scorecard import Scorecard
from synthetic import walking_clip

COMMANDS: dict[str, Callable[[], None]] = {
    "motionwire": motionwire.main,
    "motionwire-train": training.main,
    "motionwire-export": exporting.main,
    "motionwire-unpack": exporting.unpack_main,
}
BVH = motion_files.bvh_text()
NAN = np.where(np.arange(60).reshape(4, 15) == 37, np.nan, motion_files.bvh_values())


class CommandLine:
    """Runs the commands in a folder of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.monkeypatch, self.capsys = folder, monkeypatch, capsys
        monkeypatch.chdir(folder)

    def run(self, *words: object) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        self.capsys.readouterr()  # what was printed before is not this command's
        self.monkeypatch.setattr(sys, "argv", [str(word) for word in words])
        code: Any = 0
        try:
            COMMANDS[str(words[0])]()
        except SystemExit as left:
            code = left.code or 0
        out, err = self.capsys.readouterr()
        return int(code), out, err

    def refused(self, *words: object, said: tuple[str, ...], out: str = "") -> None:
        """Checks the exit code, the one line with everything in `said`, and that no file came, went or changed."""
        before = self.content()
        code, printed, err = self.run(*words)
        assert code == 2, (words, code, err)
        assert err.startswith("error: ") and err.count("\n") == 1 and err.endswith("\n"), err
        assert printed == out
        for part in said:
            assert part in err, err
        assert self.content() == before

    def content(self) -> dict[str, bytes | None]:
        """Every path below the folder with what it holds."""
        return {os.fsdecode(path): path.read_bytes() if path.is_file() else None for path in self.folder.rglob("*")}


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch, capsys)


@contextmanager
def full_disk(left: int = 4096) -> Iterator[None]:
    """No file may grow beyond `left` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (left, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def npz(**changes: object) -> bytes:
    """A sound NPZ clip with these members changed."""
    import io  # noqa: PLC0415

    from motionwire.formats.npz import to_bytes  # noqa: PLC0415

    with np.load(io.BytesIO(to_bytes(walking_clip(0.2))), allow_pickle=False) as arrays:
        members = {**arrays, **changes}
    stream = io.BytesIO()
    np.savez(stream, **members)
    return stream.getvalue()


CLIPS: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "truncated in a frame": ("a.bvh", BVH[:-30], ("a.bvh: line 36", "frame 3")),
    "truncated between frames": ("a.bvh", BVH[: BVH.rstrip().rfind(b"\n") + 1], ("a.bvh: line", "4 frames", "holds 3")),
    "truncated in the hierarchy": ("a.bvh", BVH[:200], ("a.bvh: line",)),
    "a NaN": ("a.bvh", motion_files.bvh_text(NAN), ("a.bvh: line 35", "frame 2", "'nan'")),
    "a NaN offset": ("a.bvh", BVH.replace(b"OFFSET 0 10 0", b"OFFSET 0 nan 0"), ("a.bvh: line 8", "'nan'")),
    "too few channels": ("a.bvh", BVH.replace(b"CHANNELS 6", b"CHANNELS 5"), ("a.bvh: line 5", "Yrotation")),
    "too many channels": ("a.bvh", BVH.replace(b"CHANNELS 6", b"CHANNELS 99"), ("a.bvh: line 5", "99")),
    "too few numbers": ("a.bvh", motion_files.bvh_text(motion_files.bvh_values()[:, 1:]), ("line 33", "frame 0", "14 numbers")),
    "no frames": ("a.bvh", motion_files.bvh_text(motion_files.bvh_values(0)), ("a.bvh: line 31", "'0'")),
    "a billion frames": ("a.bvh", motion_files.bvh_text(frames=10**9), ("a.bvh: line 31", "1000000000 frames")),
    "a frame time of zero": ("a.bvh", motion_files.bvh_text(frame_time=0), ("a.bvh: line 32", "frame time")),
    "a name that is not UTF-8": ("a.bvh", BVH.replace(b"Spine", b"Sp\xff\xfe"), ("a.bvh: line 6", "UTF-8")),
    "two roots": ("a.bvh", BVH.replace(b"MOTION", b"ROOT Other"), ("a.bvh: line 30", "ROOT")),
    "no text": ("a.bvh", bytes(range(256)), ("a.bvh: line 1", "HIERARCHY")),
    "empty": ("a.bvh", b"", ("a.bvh", "empty")),
    "a rig that is not known": ("a.bvh", BVH, ("a.bvh: unknown rig",)),
    "pickled objects": ("a.npz", npz(rot6d=np.array([{}], dtype=object)), ("a.npz: rot6d.npy", "pickled")),
    "an NPZ with NaN": ("a.npz", npz(root_yaw=np.full(6, np.nan)), ("a.npz", "root_yaw", "NaN")),
    "a truncated NPZ": ("a.npz", npz()[:900], ("a.npz", "not a readable NPZ")),
    "an empty NPZ": ("a.npz", b"", ("a.npz", "not a readable NPZ")),
    "broken JSON": ("a.json", b'{"FPS": 60, "Frames": [', ("a.json",)),
    "JSON without frames": ("a.json", b'{"FPS": 60, "Frames": []}', ("a.json", "no frames")),
    "an AMC alone": ("a.amc", motion_files.AMC, ("a.amc", "no skeleton")),
    "an unknown extension": ("a.c3d", b"x", ("a.c3d", "'.c3d'", ".bvh")),
    "no extension": ("a", b"x", ("a:", "''")),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "said"), CLIPS.values(), ids=CLIPS)
def test_clips_that_are_wrong(line: CommandLine, name: str, data: bytes, said: tuple[str, ...]) -> None:
    (line.folder / name).write_bytes(data)
    line.refused("motionwire", "convert", name, "out.npz", said=said)
    line.refused("motionwire", "render", name, "-o", "sheet.png", said=said)


@pytest.mark.parametrize("case", ["truncated in a frame", "a NaN", "a billion frames", "pickled objects", "broken JSON", "an AMC alone"])
def test_an_import_that_leaves_nothing_is_refused(line: CommandLine, case: str) -> None:
    name, data, said = CLIPS[case]
    (line.folder / name).write_bytes(data)
    place = ("skeleton",) if case == "an AMC alone" else said
    line.refused("motionwire-train", "import", name, "--out", "out", "--workers", 1, said=(*place, name))


def test_acclaim_files_that_are_wrong(line: CommandLine) -> None:
    (line.folder / "a.asf").write_bytes(motion_files.ASF)
    (line.folder / "a.amc").write_bytes(motion_files.AMC[:-12])
    line.refused("motionwire", "convert", "a.amc", "b.bvh", said=("a.amc: line 10", "truncated"))
    (line.folder / "a.amc").write_bytes(motion_files.AMC)
    (line.folder / "a.asf").write_bytes(motion_files.ASF.replace(b"hipjoint femur", b"hipjoint f\xff"))
    line.refused("motionwire", "convert", "a.amc", "b.bvh", said=("a.asf: line", "UTF-8"))


def test_paths_that_are_no_files(line: CommandLine) -> None:
    (line.folder / "folder.bvh").mkdir()
    os.mkfifo(line.folder / "pipe.bvh")
    (line.folder / "loop.bvh").symlink_to("loop.bvh")
    for name, said in (("missing.bvh", "No such file"), ("folder.bvh", "folder"), ("pipe.bvh", "pipe"), ("loop.bvh", "symbolic links")):
        line.refused("motionwire", "convert", name, "out.npz", said=(name, said))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names themselves")
def test_names_that_no_terminal_can_show(line: CommandLine) -> None:
    walk = walking_clip(1.0)
    names = {os.fsdecode(b"n\xff.bvh"): r"n\udcff.bvh", "two\nlines.bvh": r"two\nlines.bvh", "\x1b[31m.bvh": r"\x1b[31m.bvh"}
    for name, shown in names.items():
        formats.write(walk, name)
        code, out, err = line.run("motionwire", "convert", name, f"{name}.npz")
        assert (code, err) == (0, "") and "30 frames" in out
        assert line.run("motionwire-train", "import", name, "--out", f"data {name}", "--workers", 1)[0] == 0
        Path(name).write_bytes(BVH[:-30])
        line.refused("motionwire", "convert", name, "out.bvh", said=(f"{shown}: line",))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"a = " + b"[" * 10_000, "not a readable profile"), (b"#" * (2**20 + 1), "larger than"), (b"\xff", "not a readable profile")],
    ids=["deep", "large", "no text"],
)
def test_rigs_that_are_wrong(line: CommandLine, content: bytes, said: str) -> None:
    formats.write(walking_clip(1.0), "a.bvh")
    Path("deep.toml").write_bytes(content)
    line.refused("motionwire", "convert", "a.bvh", "b.glb", "--rig", "deep.toml", said=("deep.toml", said))


def test_outputs_that_cannot_be_written(line: CommandLine) -> None:
    formats.write(walking_clip(2.0), "a.bvh")
    (line.folder / "folder.npz").mkdir()
    for target, said in (
        ("no/b.bvh", "No such file"),
        ("folder.npz", "is a folder"),
        ("b.c3d", "'.c3d'"),
        (f"{'x' * 300}.npz", "too long"),
    ):
        line.refused("motionwire", "convert", "a.bvh", target, said=(target, said))
    line.refused("motionwire", "render", "a.bvh", "-o", "a.bvh", said=("a.bvh", "picture"))
    line.refused("motionwire", "render", "a.bvh", "a.bvh", "-o", "a.gif", said=("a.gif", "one clip"))
    line.refused("motionwire", "generate", "a person walks", "-o", "no/b.bvh", said=("no/b.bvh", "No such file"))


def test_a_full_disk_leaves_the_old_file_and_no_other(line: CommandLine) -> None:
    formats.write(walking_clip(4.0), "a.bvh")
    formats.write(walking_clip(0.2), "b.json")
    for target in ("a.bvh", "b.bvh", "b.npz", "b.json"):
        with full_disk():
            line.refused("motionwire", "convert", "a.bvh", target, said=(target.partition(".")[0], "cannot write"))
    with full_disk():
        line.refused("motionwire", "render", "a.bvh", "-o", "a.png", said=("a.png", "cannot write"))
        line.refused("motionwire-train", "import", "a.bvh", "--out", "data", "--workers", 1, said=("data", "too large"))


def test_a_clip_may_be_converted_onto_itself(line: CommandLine) -> None:
    formats.write(walking_clip(1.0), "a.bvh")
    assert line.run("motionwire", "convert", "a.bvh", "a.bvh", "--fps", 60)[0] == 0
    assert formats.read("a.bvh").fps == 60 and [path.name for path in line.folder.iterdir()] == ["a.bvh"]


MANIFESTS: dict[str, tuple[dict[str, object], tuple[str, ...]]] = {
    "a path out of the folder": ({"path": "../secret.bvh"}, ("manifest.csv, line 2", "'../secret.bvh'", "outside")),
    "an absolute path": ({"path": "/secret.bvh"}, ("manifest.csv, line 2", "absolute")),
    "a Windows path": ({"path": "..\\secret.bvh"}, ("manifest.csv, line 2", "relative")),
    "a link out of the folder": ({"path": "link.bvh"}, ("manifest.csv, line 2", "outside")),
    "an archive elsewhere": ({"path": "a.bvh", "archive": "../a.tar.xz"}, ("manifest.csv, line 2", "outside")),
    "an archive that leaves its folder": ({"path": "a.bvh", "archive": "out.tar.xz"}, ("out.tar.xz:'../secret.bvh'", "outside")),
    "an absolute member": ({"path": "a.bvh", "archive": "absolute.tar.xz"}, ("absolute.tar.xz:'/secret.bvh'", "absolute")),
    "a link in an archive": ({"path": "a.bvh", "archive": "link.tar.xz"}, ("link.tar.xz:'a.bvh'", "link")),
    "a truncated archive": ({"path": "a.bvh", "archive": "truncated.tar.xz"}, ("truncated.tar.xz", "archive")),
    "a file that is no archive": ({"path": "a.bvh", "archive": "a.zip"}, ("manifest.csv, line 2", "'a.zip'")),
    "a rate that is no number": ({"path": "a.bvh", "fps": "fast"}, ("manifest.csv, line 2", "'fast'")),
    "an unknown split": ({"path": "a.bvh", "split": "mine"}, ("manifest.csv, line 2", "'mine'")),
    "an unknown format": ({"path": "a.bvh", "format": "exe"}, ("a.bvh", "'exe'")),
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a sound clip, archives that are none, and a file outside that nobody may reach."""
    folder = tmp_path_factory.mktemp("hostile") / "source"
    folder.mkdir()
    walk = mocap_sources.bvh()
    (folder / "a.bvh").write_bytes(walk)
    (folder.parent / "secret.bvh").write_bytes(walk)
    (folder / "link.bvh").symlink_to("../secret.bvh")
    mocap_sources.write_archive(folder.parent / "a.tar.xz", {"a.bvh": walk})
    mocap_sources.write_archive(folder / "out.tar.xz", {"../secret.bvh": walk, "a.bvh": walk})
    mocap_sources.write_archive(folder / "absolute.tar.xz", {"/secret.bvh": walk, "a.bvh": walk})
    link = tarfile.TarInfo("a.bvh")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    mocap_sources.write_archive(folder / "link.tar.xz", {}, [link])
    whole = mocap_sources.write_archive(folder / "truncated.tar.xz", {"a.bvh": walk})
    whole.write_bytes(whole.read_bytes()[:2000])
    return folder


@pytest.mark.parametrize(("row", "said"), MANIFESTS.values(), ids=MANIFESTS)
def test_manifests_that_are_wrong(line: CommandLine, hostile: Path, row: dict[str, object], said: tuple[str, ...]) -> None:
    mocap_sources.write_manifest(hostile, [{"clip": "a", **row}])
    line.refused("motionwire-train", "import", hostile, "--out", "out", "--workers", 1, said=said)


def test_sources_and_folders_that_are_none(line: CommandLine) -> None:
    formats.write(walking_clip(1.0), "a.bvh")
    Path("empty").mkdir()
    Path("clips").mkdir()
    shutil.copy("a.bvh", "clips")
    Path("mine").mkdir()
    Path("mine/config.json").write_text("{}")
    Path("a.txt").write_text("x")
    for source, out, said in (
        ("missing", "out", ("missing", "no such file")),
        ("empty", "out", ("empty", "no file of a known format")),
        ("a.txt", "out", ("a.txt", "not a format")),
        ("a.bvh", "a.txt", ("a.txt", "cannot be made")),
        ("a.bvh", "mine", ("mine", "other files")),
        ("clips", "clips", ("clips", "lies in the source")),
        ("clips", "clips/data", ("clips/data", "lies in the source")),
    ):
        line.refused("motionwire-train", "import", source, "--out", out, "--workers", 1, said=said)


def entry(manifest: dict[str, Any]) -> dict[str, Any]:
    graph: dict[str, Any] = manifest["graphs"]["controller"]
    return graph


BUNDLES: dict[str, tuple[Callable[[dict[str, Any]], object], tuple[str, ...]]] = {
    "a wrong hash": (lambda m: entry(m).update(sha256="0" * 64), ("b/controller.onnx", "sha256")),
    "a hash that is none": (lambda m: entry(m).update(sha256="x"), ("b/bundle.json", "sha256")),
    "a wrong size": (lambda m: entry(m).update(bytes=5), ("b/controller.onnx", "5")),
    "a missing graph": (lambda m: entry(m).update(file="other.onnx"), ("b/other.onnx", "missing")),
    "a path out of the folder": (lambda m: entry(m).update(file="../b/controller.onnx/../../x"), ("b/bundle.json", "outside")),
    "an absolute path": (lambda m: entry(m).update(file="/etc/passwd"), ("b/bundle.json", "outside")),
    "another format": (lambda m: m.update(format_version=99), ("b/bundle.json", "99")),
    "no name": (lambda m: m.pop("name"), ("b/bundle.json", "name")),
    "a name that is a path": (lambda m: m.update(name="../x"), ("b/bundle.json", "../x")),
    "graphs that are none": (lambda m: m.update(graphs=[1]), ("b/bundle.json", "graphs")),
    "another skeleton": (lambda m: m["skeleton"].update(names=[f"j{i}" for i in range(22)]), ("b/bundle.json", "skeleton")),
    "a text encoder elsewhere": (lambda m: m.update(text_encoder={"bundle": "../x", "sha256": "0" * 64}), ("b/bundle.json", "../x")),
    "a text encoder that is not there": (lambda m: m.update(text_encoder={"bundle": "nobody", "sha256": "0" * 64}), ("nobody",)),
}  # fmt: skip


@pytest.fixture
def bundle(line: CommandLine) -> Path:
    return toy_bundle.write(line.folder / "b")


@pytest.mark.parametrize(("change", "said"), BUNDLES.values(), ids=BUNDLES)
def test_bundles_that_are_wrong(line: CommandLine, bundle: Path, change: Callable[[dict[str, Any]], object], said: tuple[str, ...]) -> None:
    manifest = json.loads((bundle / "bundle.json").read_text())
    change(manifest)
    (bundle / "bundle.json").write_text(json.dumps(manifest))
    line.refused("motionwire", "info", "b", said=said)
    line.refused("motionwire", "generate", "a person walks", "-o", "a.bvh", "--bundle", "b", said=())


@pytest.mark.parametrize("content", [b"", b"{", b"\x00\xff", b"[]", b"[" * 100_000, b" " * (5 * 2**20)])
def test_bundle_descriptions_that_are_garbage(line: CommandLine, bundle: Path, content: bytes) -> None:
    (bundle / "bundle.json").write_bytes(content)
    line.refused("motionwire", "info", "b", "--json", said=("b/bundle.json",))


def test_bundles_that_are_not_there(line: CommandLine, bundle: Path) -> None:
    (bundle / "controller.onnx").unlink()
    (bundle / "controller.onnx").symlink_to("/etc/passwd")
    Path("empty").mkdir()
    line.refused("motionwire", "info", "b", said=("b/bundle.json", "outside"))
    line.refused("motionwire", "info", "empty", said=("empty", "no bundle.json"))
    for words in (("info", "nobody"), ("serve", "--bundle", "nobody"), ("generate", "walk", "-o", "a.bvh", "--bundle", "nobody")):
        line.refused("motionwire", *words, said=("nobody", "no such bundle"))
    line.refused("motionwire-train", "evaluate", "controller", "--bundle", "nobody", said=("nobody", "no such bundle"))
    line.refused("motionwire", "info", "n" * 400, said=("nnnn", "name too long"))
    line.refused("motionwire", "convert", f"{'n' * 400}.bvh", "a.npz", said=("nnn.bvh", "name too long"))


def test_graphs_that_do_not_open(line: CommandLine, bundle: Path) -> None:
    def replace(data: bytes) -> None:
        manifest = json.loads((bundle / "bundle.json").read_text())
        entry(manifest).update(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
        (bundle / "bundle.json").write_text(json.dumps(manifest))
        (bundle / "controller.onnx").write_bytes(data)

    replace(b"no graph at all")
    line.refused("motionwire", "bench", "controller", "--bundle", "b", said=("b/controller.onnx", "not an ONNX graph"))
    (line.folder / "secret").write_bytes(bytes(8))
    outside = TensorProto(dims=[2], data_type=TensorProto.FLOAT, name="w", data_location=TensorProto.EXTERNAL)
    outside.external_data.add(key="location", value="../secret")
    tensors = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [2]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Add", ["x", "w"], ["y"])], "reaches out", tensors[:1], tensors[1:], [outside])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8), bundle / "controller.onnx")
    replace((bundle / "controller.onnx").read_bytes())
    line.refused("motionwire", "bench", "controller", "--bundle", "b", said=("b/controller.onnx", "not an ONNX graph"))


def test_sentences_that_cannot_be_acted(line: CommandLine) -> None:
    generate = ("motionwire", "generate", "-o", "a.bvh", "--bundle", toy_models.toy_bundle())
    line.refused(*generate, "", said=("sentence is empty",))
    line.refused(*generate, " \t\n", said=("sentence is empty",))
    line.refused(*generate, "walk " * 100_000, said=("499999 characters",))
    line.refused(*generate, "walk", "--seconds", "1e9", said=("seconds",))
    line.refused(*generate, "walk", "--seconds", "nan", said=("seconds",))
    line.refused(*generate, "walk", "--temperature", "nan", said=("temperature",))
    for sentence in ("", "  ", "walk " * 1000):
        line.refused("motionwire", "demo", "--headless", "--sentence", sentence, said=("--sentence", "512"))
    line.refused(*generate, "walk", "--continue", "missing.bvh", said=("missing.bvh", "No such file"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), ("data=", "licence=", "out=")),
        (("data=d", "out=o", "licence=gpl"), ("'gpl'", "free")),
        (("data=d", "out=o", "licence=free", "stepz=3"), ("stepz",)),
        (("data=d", "out=o", "licence=free", "+stepz=3"), ("+stepz=3",)),
        (("data=d", "out=o", "licence=free", "steps=many"), ("steps", "many")),
        (("data=d", "out=o", "licence=free", "steps=0"), ("steps", "0")),
        (("data=d", "out=o", "licence=free", "steps=[1,"), ("[1,",)),
        (("data=d", "out=o", "licence=free", "seed=${nothing}"), ("seed", "nothing")),
        (("data=d", "out=o", "licence=free", "learning_rate=nan"), ("learning_rate", "nan")),
        (("data=d", "out=", "licence=free"), ("out", "empty")),
        (("words",), ("'words'", "key=value")),
        (("--steps", "3"), ("--steps",)),
    ],
)
@pytest.mark.parametrize("stage", ["tokenizer", "text-to-motion", "controller"])
def test_recipes_that_are_wrong(line: CommandLine, stage: str, words: tuple[str, ...], said: tuple[str, ...]) -> None:
    more = ("tokenizer=t",) if stage == "text-to-motion" and words and "=" in words[0] else ()
    line.refused("motionwire-train", stage, *words, *more, said=said)


def test_data_and_runs_that_are_none(line: CommandLine) -> None:
    Path("mine").mkdir()
    Path("mine/config.json").write_text('{"mine": 1}')
    Path("broken").mkdir()
    for stage in ("tokenizer", "controller"):
        line.refused("motionwire-train", stage, "data=mine", "out=o", "licence=free", said=("mine", "no dataset.json"))
        for content in ("{", "[" * 100_000, " " * (2**24 + 1)):
            Path("broken/dataset.json").write_text(content)
            line.refused("motionwire-train", stage, "data=broken", "out=o", "licence=free", said=("broken/dataset.json",))
    line.refused("motionwire-train", "text-to-motion", "data=d", "out=o", "licence=free", "tokenizer=no", said=("no/config.json",))
    for stage in ("tokenizer", "controller"):
        line.refused("motionwire-train", stage, "data=d", "out=o", "licence=free", "begin_from=no", said=("no/config.json",))
    for words, said in (
        (("no", "--out", "b"), ("no/config.json", "not a run folder")),
        (("mine", "--out", "b"), ("mine/config.json", "not the config.json of a run")),
        (("mine", "--out", "mine"), ("mine", "not a bundle")),
        (("mine", "--out", "b", "--name", "../b"), ("--name", "../b")),
    ):
        line.refused("motionwire-export", *words, said=said)


def test_a_damaged_data_set_is_refused_and_nothing_stays(line: CommandLine) -> None:
    data = toy_models.write_dataset(line.folder / "data")
    shard = data / "shards" / "train-00000.tar"
    shard.write_bytes(shard.read_bytes()[:20_000])
    before = line.content()
    for stage in ("tokenizer", "controller"):
        code, _, err = line.run("motionwire-train", stage, "data=data", f"out={stage}", "licence=free", "bf16=false", "threads=1")
        assert code == 2 and err.startswith("error: data/shards/train-00000.tar: ") and err.count("\n") == 1
    left = line.content().keys() - before.keys()
    assert all(Path(path).relative_to(line.folder).parts[0] in ("tokenizer", "controller") for path in left), left


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("motionwire", "dance"), ("'dance'",)),
        (("motionwire", "--nope"), ("--nope",)),
        (("motionwire", "convert"), ("motionwire convert", "source")),
        (("motionwire", "convert", "a.bvh", "b.bvh", "--fps", "fast"), ("--fps", "motionwire convert --help")),
        (("motionwire", "convert", "a.bvh", "b.bvh", "--fps", "0"), ("--fps", "0")),
        (("motionwire", "render", "a.bvh", "-o", "a.png", "--figures", "1000"), ("--figures", "40")),
        (("motionwire", "generate", "walk", "--count", "0"), ("--count",)),
        (("motionwire", "bench", "dance"), ("dance",)),
        (("motionwire-train", "import", "a"), ("--out",)),
        (("motionwire-train", "import", "a", "--out", "b", "--workers", "-1"), ("--workers",)),
        (("motionwire-train", "evaluate", "dance"), ("'dance'",)),
        (("motionwire-train", "evaluate", "controller", "--scale", "0"), ("--scale",)),
        (("motionwire-train", "evaluate", "controller", "--json"), ("--json",)),
        (("motionwire-export",), ("RUN",)),
        (("motionwire-unpack",), ("BUNDLE", "--help")),
        (("motionwire-unpack", "no-such", "--out", "o"), ("no-such", "no such bundle")),
    ],
)
def test_command_lines_that_are_wrong(line: CommandLine, words: tuple[str, ...], said: tuple[str, ...]) -> None:
    line.refused(*words, said=said)


HELP = [
    *(("motionwire", *command) for command in ((), *((name,) for name in motionwire.COMMANDS))),
    *(("motionwire-train", *command) for command in ((), ("import",), ("tokenizer",), ("text-to-motion",), ("controller",), ("evaluate",))),
    ("motionwire-train", "evaluate", "controller"),
    ("motionwire-export",),
    ("motionwire-unpack",),
]


@pytest.mark.parametrize("words", HELP, ids=" ".join)
def test_help_of_every_command(line: CommandLine, words: tuple[str, ...]) -> None:
    code, out, err = line.run(*words, "--help")
    assert (code, err) == (0, "") and " ".join(words) in " ".join(out.split()) and "Usage:" in out


def test_help_and_mistakes_do_not_wait_for_torch() -> None:
    program = (
        "import sys; from motionwire_training import cli; sys.argv = ['motionwire-train', 'tokenizer', 'licence=gpl', 'data=d', 'out=o']\n"
        "try: cli.main()\nexcept SystemExit as left: print(left.code, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "2 False\n"


def test_json_is_alone_on_standard_output(line: CommandLine, bundle: Path) -> None:
    for words in (("info", bundle), ("info",), ("bench", "controller", "--bundle", bundle, "--seconds", 0.5, "--characters", 2)):
        code, out, _ = line.run("motionwire", *words, "--json")
        assert code == 0 and isinstance(json.loads(out), dict) and out.count("\n") == 1
    line.monkeypatch.setattr(command, "evaluate", lambda *_, **__: Scorecard({"straight": {"path_error_cm": 1.0}}))
    code, out, err = line.run("motionwire-train", "evaluate", "controller", "--bundle", bundle, "--json", "-")
    assert (code, err) == (0, "") and json.loads(out)["paths"] == {"straight": {"path_error_cm": 1.0}}
