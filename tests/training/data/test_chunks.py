"""Chunks are found again as long as the same would become of their clips."""

from pathlib import Path

import pytest

from mocap_sources import bvh
from motionwire_training.data import chunks, vocabulary
from motionwire_training.data.importer import fingerprint
from motionwire_training.data.items import Item, Job
from motionwire_training.data.sources import expand


@pytest.mark.parametrize("changed", [("__version__", "99.0"), ("words_digest", lambda: "other words"), ("VERSION", 99)])
def test_another_release_or_other_words_are_another_import(
    changed: tuple[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "walk.bvh"
    path.write_bytes(bvh())
    jobs, sources = [Job(Item("walk", "walk.bvh", "bvh", "made"), "walk.bvh", path.read_bytes())], expand([path])
    before = chunks.chunk_id(jobs), fingerprint(sources)
    assert (chunks.chunk_id(jobs), fingerprint(sources)) == before
    monkeypatch.setattr(chunks, *changed)
    assert chunks.chunk_id(jobs) != before[0] and fingerprint(sources) != before[1]


def test_the_digest_is_of_all_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_folder", lambda: tmp_path)
    (tmp_path / "a.toml").write_text("one")
    (tmp_path / "b.toml").write_text("two")
    found = [vocabulary.words_digest.__wrapped__()]
    (tmp_path / "b.toml").write_text("three")
    found.append(vocabulary.words_digest.__wrapped__())
    assert len(set(found)) == 2
