"""The sources on a bundle's card: of all its runs, and of the runs that those were made on, none twice."""

import json
from pathlib import Path

import pytest

from motionwire.errors import InputError
from motionwire.manifest import TrainingData
from motionwire_export.sources import merged, sources_of


def data_set(folder: Path, source: str, licence_class: str = "free", clips: int = 3) -> Path:
    folder.mkdir(exist_ok=True)
    row = {"source": source, "licence": f"{source}'s own", "licence_class": licence_class, "clips": clips}
    (folder / "dataset.json").write_text(json.dumps({"version": "v", "licences": [row]}))
    return folder


def run(folder: Path, data: Path, kind: str = "tokenizer", licence: str = "free", **config: str) -> Path:
    folder.mkdir()
    settings = {"data": str(data), "licence": licence, **config}
    (folder / "config.json").write_text(json.dumps({"kind": kind, "data_version": "v", "config": settings}))
    return folder


def names(*runs: Path) -> list[str]:
    return [row.source for row in sources_of(runs)]


def test_every_run_and_what_it_began_from_is_named(tmp_path: Path) -> None:
    a, b, c = (data_set(tmp_path / name, name) for name in "abc")
    begun = run(tmp_path / "begun", a)
    tokenizer = run(tmp_path / "tokenizer", b, begin_from=str(begun))
    speaks = run(tmp_path / "speaks", c, "text-to-motion", begin_from="", tokenizer=str(tokenizer))
    assert names(tokenizer) == ["a", "b"]
    assert sorted(names(speaks)) == sorted(names(tokenizer, speaks)) == ["a", "b", "c"]
    assert names(run(tmp_path / "controller", c, "controller"), begun) == ["a", "c"]


def test_a_free_run_saw_only_the_free_part_of_its_data(tmp_path: Path) -> None:
    mixed = data_set(tmp_path / "mixed", "theirs", "research")
    assert names(run(tmp_path / "free", mixed)) == []
    assert names(run(tmp_path / "research", mixed, licence="research")) == ["theirs"]


def test_what_an_unpacked_run_says_of_itself_is_taken(tmp_path: Path) -> None:
    unpacked = run(tmp_path / "unpacked", tmp_path / "gone", tokenizer="gone")
    described = json.loads((unpacked / "config.json").read_text())
    told = [{"source": "theirs", "licence": "CC BY 4.0", "clips": 9}]
    (unpacked / "config.json").write_text(json.dumps({**described, "training_data": told}))
    assert sources_of([unpacked]) == [TrainingData("theirs", "CC BY 4.0", 9)]
    assert names(run(tmp_path / "mine", data_set(tmp_path / "a", "a"), begin_from=str(unpacked))) == ["theirs", "a"]


def test_a_text_encoder_is_named_as_what_learned_sentences(tmp_path: Path) -> None:
    encoder = run(tmp_path / "encoder", data_set(tmp_path / "theirs", "theirs", "research"), "text-encoder", "research")
    (encoder / "best.safetensors").write_bytes(b"weights")
    mine = data_set(tmp_path / "mine", "mine")
    hears = run(tmp_path / "hears", mine, "text-to-motion", text_encoder=str(encoder))
    assert names(hears) == ["theirs (sentences)", "mine"]
    assert names(run(tmp_path / "plain", mine, "text-to-motion", text_encoder="some/model-of-the-hub")) == ["mine"]


def test_data_that_is_gone_is_one_line(tmp_path: Path) -> None:
    begun = run(tmp_path / "begun", tmp_path / "gone")
    with pytest.raises(InputError, match=r"begun: its sources cannot be named without its data \(.*gone: no dataset.json"):
        sources_of([run(tmp_path / "mine", data_set(tmp_path / "a", "a"), begin_from=str(begun))])
    imported_anew = data_set(tmp_path / "gone", "others")
    (imported_anew / "dataset.json").write_text((imported_anew / "dataset.json").read_text().replace('"v"', '"w"'))
    with pytest.raises(InputError, match=r"without its data \(.*gone: version w, not v\): correct `data`"):
        sources_of([begun])


def test_a_source_is_told_once_under_each_of_its_licences() -> None:
    rows = [TrainingData("a", "MIT", 3), TrainingData("a", "CC BY 4.0", 1), TrainingData("a", "MIT", 2), TrainingData("a", "MIT", 5)]
    assert merged(rows) == [TrainingData("a", "MIT", 5), TrainingData("a", "CC BY 4.0", 1)]
