"""A bundle on the base of another: what no run gives is kept, what does not fit together is refused."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace as changed

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.manifest import GraphEntry, Manifest, TextEncoderReference
from motionwire_export.assemble import assemble, write_manifest
from motionwire_export.base import KINDS, is_of, kept_from
from toy_models import toy_bundle, toy_runs


@pytest.fixture
def base(tmp_path: Path) -> Bundle:
    """A bundle with all models of text, and the text encoder beside it."""
    there = Path(toy_bundle())
    shutil.copytree(there.parent, tmp_path / "bundles")
    return Bundle.load(tmp_path / "bundles" / there.name)


def test_models_without_a_run_are_kept(base: Bundle) -> None:
    _, tokenizer, transformer = toy_runs()
    made = assemble([tokenizer, transformer], base.folder, "new", base)
    assert made.manifest.graphs.keys() == base.manifest.graphs.keys()
    controller_only = changed(base.manifest, graphs={}, files={}, text_encoder=None, commercial_use=False, licence="CC BY-NC 4.0")
    stricter = base.folder.parent / "stricter"
    stricter.mkdir()
    write_manifest(controller_only, stricter)
    mixed = assemble([tokenizer], base.folder.parent / "mixed", "mixed", Bundle.load(stricter))
    assert (mixed.manifest.licence, mixed.manifest.commercial_use) == ("CC BY-NC 4.0; MIT", False)
    assert set(mixed.manifest.quality) == {"tokenizer"}
    with pytest.raises(InputError, match="called free"):
        assemble([tokenizer], base.folder.parent / "free", "free", Bundle.load(stricter))


def test_a_tokenizer_alone_cannot_go_under_an_older_transformer(base: Bundle) -> None:
    _, tokenizer, _ = toy_runs()
    with pytest.raises(InputError, match="give a run of text-to-motion as well"):
        assemble([tokenizer], base.folder.parent / "new", "new", base)
    assert not (base.folder.parent / "new").exists()


def holding(folder: Path, kinds: list[str], encoder: bool = True) -> Bundle:
    """What `base.py` reads of a bundle in a folder: a graph a kind, its digest the kind's name."""
    graphs = {f"{KINDS[kind]}x": GraphEntry(f"{kind}.onnx", kind, 1, 17, [], []) for kind in kinds}
    text = TextEncoderReference("text_encoder", "0" * 64) if encoder else None
    manifest = Manifest(1, "base", "1", "MIT", True, graphs, text_encoder=text)
    return SimpleNamespace(folder=folder, manifest=manifest)  # type: ignore[return-value]


def run_of(folder: Path, **said: Any) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"kind": "tokenizer", "config": {}, "data_version": "1", **said}))
    return folder


def test_a_run_is_of_the_bundle_that_holds_all_its_files(tmp_path: Path) -> None:
    base = holding(tmp_path, ["tokenizer", "controller"])
    assert is_of(run_of(tmp_path / "own", unpacked={"tokenizer.onnx": "tokenizer"}), base)
    assert not is_of(run_of(tmp_path / "other", unpacked={"tokenizer.onnx": "another"}), base)
    assert not is_of(run_of(tmp_path / "more", unpacked={"tokenizer.onnx": "tokenizer", "x.onnx": "x"}), base)
    assert not is_of(run_of(tmp_path / "trained"), base), "it was unpacked from no bundle"
    assert not is_of(tmp_path / "own", None)


def test_a_text_to_motion_is_kept_where_its_text_encoder_lies(tmp_path: Path) -> None:
    base, controller = holding(tmp_path / "base", list(KINDS)), {"controller": {}}
    assert kept_from(base, controller, tmp_path / "new", False) == ["tokenizer", "text-to-motion"]
    with pytest.raises(InputError, match="text encoder lies beside it"):
        kept_from(base, controller, tmp_path / "elsewhere" / "new", False)
    for out, new_encoder, there in (
        (tmp_path / "elsewhere" / "new", True, base),
        (tmp_path / "new" / "x", False, holding(tmp_path, ["controller"])),
    ):
        kept_from(there, {}, out, new_encoder)
    bare = holding(tmp_path / "base", list(KINDS), encoder=False)
    assert kept_from(bare, controller, tmp_path / "elsewhere" / "new", False) == ["tokenizer", "text-to-motion"]


def test_a_tokenizer_that_kept_the_codes_goes_under_an_older_transformer(tmp_path: Path) -> None:
    base = holding(tmp_path / "base", ["tokenizer", "text-to-motion"])
    own, other = (run_of(tmp_path / name, unpacked={"tokenizer.onnx": name}) for name in ("tokenizer", "other"))
    assert kept_from(base, {"tokenizer": {"keep_codes": True, "begin_from": str(own)}}, tmp_path / "new", False) == ["text-to-motion"]
    for given in ({"keep_codes": False, "begin_from": str(own)}, {"keep_codes": True, "begin_from": str(other)}, {}):
        with pytest.raises(InputError, match="give a run of text-to-motion as well"):
            kept_from(base, {"tokenizer": given}, tmp_path / "new", False)
    alone = holding(tmp_path / "base", ["tokenizer"])
    assert kept_from(alone, {"tokenizer": {}}, tmp_path / "new", False) == []
