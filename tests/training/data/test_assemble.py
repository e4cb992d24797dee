"""Some clip is held out for validation, even where chance took none; what the user assigned stays."""

import json
from pathlib import Path

import pytest

from mocap_sources import bvh, write_manifest
from motionwire_training.data.assemble import hold_one_out, relabelled
from motionwire_training.data.captions import captions
from motionwire_training.data.importer import import_sources
from motionwire_training.data.items import hashed_split, key_hash
from motionwire_training.data.shards import read_shards

KEYS = ("walk_0", "walk_1", "walk_2")


def record(key: str, split: str = "train", hashed: bool = True, status: str = "imported") -> dict:
    return {"key": key, "split": split, "hashed": hashed, "status": status, "hash": "h"}


def test_a_few_clips_of_ones_own_have_one_for_validation(tmp_path: Path) -> None:
    assert {hashed_split(key) for key in KEYS} == {"train"}
    rows = [{"clip": key, "path": f"{key}.bvh", "split": "", "style": "elderly"} for key in KEYS]
    for row in rows:
        (tmp_path / row["path"]).write_bytes(bvh(1.0))
    write_manifest(tmp_path, rows)
    described = import_sources([tmp_path], tmp_path / "out", workers=1)
    held = min(KEYS, key=key_hash)
    assert described["clips"] == {"train": 2, "val": 1} and described["shards"] == {"train": 1, "val": 1}
    (sample,) = read_shards(tmp_path / "out", "val")
    assert sample.clip.name == held and sample.labels["split"] == "val"
    assert sample.labels["captions"] == captions("walk", "elderly", "", "val", held)
    assert {sample.clip.name for sample in read_shards(tmp_path / "out", "train")} == set(KEYS) - {held}
    records = [json.loads(line) for line in (tmp_path / "out" / "clips.jsonl").read_text().splitlines()]
    assert {record["key"]: record["split"] for record in records}[held] == "val"
    write_manifest(tmp_path, [row | {"split": "train"} for row in rows])
    assigned = import_sources([tmp_path], tmp_path / "assigned", workers=1)
    assert assigned["clips"] == {"train": 3} and assigned["version"] != described["version"]


@pytest.mark.parametrize(
    "others",
    [
        [],
        [record("b", "val")],
        [record("b", "val", hashed=False)],
        [record("b", "test", hashed=False)],
        [record("b", status="rejected")],
    ],
    ids=["one clip", "chance took one", "the user took one", "none would be left", "rejected"],
)
def test_no_clip_changes_its_split_where_it_need_not_or_cannot(others: list[dict]) -> None:
    records = [record("a"), *others]
    before = json.dumps(records)
    hold_one_out(records)
    assert json.dumps(records) == before


def test_a_rejected_clip_holds_nothing_out() -> None:
    records = [record("a"), record("b"), record("c", "val", status="rejected"), record("d", hashed=False)]
    hold_one_out(records)
    assert sorted(found["split"] for found in records) == ["train", "train", "val", "val"]
    assert [found["split"] for found in records if not found["hashed"]] == ["train"]


def test_sentences_that_came_with_a_clip_go_with_it() -> None:
    labels = {"key": "a", "content": "", "style": "", "description": "", "split": "train", "captions": ["a man strolls"]}
    data = json.dumps(labels).encode()
    assert relabelled(data, "train") == data
    assert json.loads(relabelled(data, "val")) == {**labels, "split": "val"}
