"""A bundle on the base of another: what no run gives is kept, what does not fit together is refused."""

import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace as changed

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire_export.assemble import assemble, write_manifest
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
