"""Bundles: found by name or folder, checked before use; whatever is wrong with one is a single line that names the file."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from motionwire.bundle import Bundle
from motionwire.cli.info import summary
from motionwire.errors import InputError


def write_graph(path: Path, shape: tuple[int | str, int] = ("batch", 2)) -> dict[str, Any]:
    """A graph y = x + x and its manifest entry."""
    tensors = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Add", ["x", "x"], ["y"])], "double", tensors[:1], tensors[1:])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8), path)
    data = path.read_bytes()
    specs = [{"name": name, "dtype": "float32", "shape": list(shape)} for name in ("x", "y")]
    return {
        "file": path.name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "opset": 15,
        "inputs": specs[:1],
        "outputs": specs[1:],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound bundle with one graph."""
    out = tmp_path / "sound"
    out.mkdir()
    manifest = {
        "format_version": 1,
        "name": "sound",
        "version": "1",
        "licence": "MIT",
        "commercial_use": True,
        "graphs": {"double": write_graph(out / "double.onnx")},
    }
    (out / "bundle.json").write_text(json.dumps(manifest))
    return out


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    manifest = json.loads((folder / "bundle.json").read_text())
    change(manifest)
    (folder / "bundle.json").write_text(json.dumps(manifest))
    return folder


def refused(folder: Path, *words: str) -> None:
    with pytest.raises(InputError) as error:
        Bundle.load(folder)
    for word in (*words, folder.name):
        assert word in str(error.value)
    assert "\n" not in str(error.value)


def test_a_sound_bundle_runs(folder: Path) -> None:
    bundle = Bundle.load(folder)
    (y,) = bundle.session("double").run(None, {"x": np.ones((3, 2), np.float32)})
    assert np.array_equal(y, np.full((3, 2), 2, np.float32))
    assert bundle.session("double") is bundle.session("double")
    assert bundle.licence_line == "MIT (commercial use allowed)"
    assert summary(bundle)["total_bytes"] == (folder / "double.onnx").stat().st_size


def test_a_missing_graph_is_named(folder: Path) -> None:
    with pytest.raises(InputError, match=r"no graph 'controller' \(it has: double\)"):
        Bundle.load(folder).session("controller")


def test_a_bundle_without_text_encoder_says_so(folder: Path) -> None:
    with pytest.raises(InputError, match="cannot read sentences"):
        Bundle.load(folder).text_encoder()


def test_wrong_hash(folder: Path) -> None:
    path = folder / "double.onnx"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    refused(folder, "double.onnx", "wrong sha256")


def test_wrong_size(folder: Path) -> None:
    with (folder / "double.onnx").open("ab") as file:
        file.write(b"\0")
    refused(folder, "double.onnx", "bytes where bundle.json says")


def test_missing_file(folder: Path) -> None:
    (folder / "double.onnx").unlink()
    refused(folder, "double.onnx", "missing")


def test_wrong_hash_of_another_file(folder: Path) -> None:
    (folder / "more.weights").write_bytes(b"other")
    refused(changed(folder, lambda m: m.update(files={"more.weights": "0" * 64})), "more.weights", "wrong sha256")


@pytest.mark.parametrize("file", ["../outside.onnx", "/etc/passwd", "sub/../../outside.onnx", ".", "link.onnx"])
def test_files_outside_the_folder(folder: Path, file: str) -> None:
    outside = folder.parent / "outside.onnx"
    entry = write_graph(outside)
    (folder / "link.onnx").symlink_to(outside)
    refused(changed(folder, lambda m: m["graphs"].update(double={**entry, "file": file})), "outside the bundle")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: m.update(format_version=2), "format_version 2 is not 1"),
        (lambda m: m.update(format_version="x" * 100), "format_version"),
        (lambda m: m.pop("licence"), "licence"),
        (lambda m: m.update(name="../evil"), "name '../evil'"),
        (lambda m: m["graphs"]["double"].update(bytes=2**40), "is not in 1.."),
        (lambda m: m["graphs"]["double"].update(bytes=-1), "is not in 1.."),
        (lambda m: m["graphs"]["double"].update(sha256="short"), "64 hexadecimal digits"),
        (lambda m: m["graphs"]["double"]["inputs"][0].update(shape=[-3, 2]), "negative axis"),
        (lambda m: m["graphs"].update(double=7), "not a valid bundle.json"),
        (lambda m: m.update(skeleton={"names": ["a", "a"], "parents": [-1, 0], "offsets": [[0, 0, 0]] * 2}), "occurs twice"),
    ],
)
def test_wrong_manifests(folder: Path, change: Callable[[dict[str, Any]], object], words: str) -> None:
    refused(changed(folder, change), "bundle.json", words)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"format_version": 1}'])
def test_damaged_manifests(folder: Path, content: bytes) -> None:
    (folder / "bundle.json").write_bytes(content)
    refused(folder, "bundle.json")


def test_oversized_manifest(folder: Path) -> None:
    (folder / "bundle.json").write_bytes(b" " * (5 * 2**20))
    refused(folder, "bundle.json", "more than")


def test_no_such_bundle(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither a folder nor one of"):
        Bundle.load("nothing-of-this-name")
    with pytest.raises(InputError, match=r"no bundle\.json"):
        Bundle.load(tmp_path)


def test_a_graph_that_is_not_onnx(folder: Path) -> None:
    data = b"not a graph"
    (folder / "double.onnx").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    changed(folder, lambda m: m["graphs"]["double"].update(sha256=digest, bytes=len(data)))
    with pytest.raises(InputError, match="not an ONNX graph"):
        Bundle.load(folder).session("double")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda g: g["inputs"][0].update(shape=["batch", 3]), "shape"),
        (lambda g: g["outputs"][0].update(dtype="int64"), "float"),
        (lambda g: g["outputs"][0].update(name="z"), "bundle.json says"),
    ],
)
def test_a_graph_that_differs_from_the_manifest(folder: Path, change: Callable[[dict[str, Any]], object], words: str) -> None:
    changed(folder, lambda m: change(m["graphs"]["double"]))
    with pytest.raises(InputError, match=words):
        Bundle.load(folder).session("double")


def test_a_text_encoder_that_was_exchanged(folder: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    manifest = json.loads((folder / "bundle.json").read_text())
    (shared / "bundle.json").write_text(
        json.dumps({**manifest, "name": "shared", "graphs": {"text_encoder": write_graph(shared / "e.onnx")}})
    )
    digest = hashlib.sha256((shared / "bundle.json").read_bytes()).hexdigest()
    changed(folder, lambda m: m.update(text_encoder={"bundle": "shared", "sha256": digest}))
    assert Bundle.load(folder).text_encoder().name == "shared"
    changed(shared, lambda m: m.update(version="other"))
    with pytest.raises(InputError, match="wrong sha256"):
        Bundle.load(folder).text_encoder()
    changed(folder, lambda m: m.update(text_encoder={"bundle": "../shared", "sha256": digest}))
    with pytest.raises(InputError, match="not the name of a bundle"):
        Bundle.load(folder).text_encoder()
