"""Sentences that came with clips: one reading for all sources, before those that labels give, and kept by every split."""

import json
from pathlib import Path

from mocap_sources import bvh, write_manifest
from motionwire import formats
from motionwire_training.data.captions import captions
from motionwire_training.data.importer import import_sources
from motionwire_training.data.process import in_split
from motionwire_training.data.sentences import in_file
from motionwire_training.data.shards import read_shards
from motionwire_training.data.sources import source
from synthetic import walking_clip

TAGGED = "\ufeffa man left the room#a/DET man/NOUN#0.0#0.0\r\n\r\na man left the room.#a/DET#0.0#0.0\r\na man left the room#1#2\r\n"
SENTENCES = ("a man left the room", "a man left the room.")


def test_marks_and_tags_are_no_part_of_a_sentence_wherever_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "a.bvh").write_bytes(b"x")
    (tmp_path / "a.txt").write_text(TAGGED, encoding="utf-8", newline="")
    assert in_file(tmp_path / "a.txt") == SENTENCES and in_file(tmp_path / "none.txt") == ()
    (loose,) = source(tmp_path).jobs()
    write_manifest(tmp_path, [{"clip": "a", "path": "a.bvh"}])
    (listed,) = source(tmp_path).jobs()
    assert loose.item.captions == listed.item.captions == SENTENCES
    assert tmp_path / "a.txt" in source(tmp_path).files()


def test_they_stand_before_what_the_labels_give_and_stay_in_every_split(tmp_path: Path) -> None:
    (tmp_path / "a.bvh").write_bytes(bvh(1.0))
    (tmp_path / "a.txt").write_text("somebody strolls to the shop")
    write_manifest(tmp_path, [{"clip": "a", "path": "a.bvh", "content": "walk", "style": "sad"}])
    import_sources([tmp_path], tmp_path / "out", workers=1)
    (sample,) = read_shards(tmp_path / "out", "train")
    assert sample.labels["captions"] == ["somebody strolls to the shop", *captions("walk", "sad", "", "train", "a")]
    held = ["somebody strolls to the shop", *captions("walk", "sad", "", "val", "a")]
    assert in_split(sample.labels, "val")["captions"] == held


def test_a_folder_that_generate_made_has_its_clips_and_their_sentences(tmp_path: Path) -> None:
    for name in ("one.bvh", "two.glb", "three.npz"):
        formats.write(walking_clip(1.5), tmp_path / name)
        (tmp_path / f"{name}.json").write_text(json.dumps({"file": name, "sentence": f"a person walks like {name}", "legs": []}))
    (tmp_path / "two.glb.json").write_text("no JSON")
    jobs = {job.item.path: job.item.captions for job in source(tmp_path).jobs()}
    assert jobs == {"one.bvh": ("a person walks like one.bvh",), "two.glb": (), "three.npz": ("a person walks like three.npz",)}
    assert tmp_path / "one.bvh.json" in source(tmp_path).files()


def test_clips_of_other_programs_are_imported(tmp_path: Path) -> None:
    formats.write(walking_clip(1.5), tmp_path / "walk.glb")
    (tmp_path / "broken.glb").write_bytes(b"no GLB")
    dataset = import_sources([tmp_path / "walk.glb", tmp_path / "broken.glb"], tmp_path / "out", workers=1)
    assert sum(dataset["clips"].values()) == 1 and dataset["frames"] == 45
    rejects = json.loads((tmp_path / "out" / "report.json").read_text())["rejects"]
    assert [(reject["key"], reject["detail"].startswith(f"{tmp_path / 'broken.glb'}: ")) for reject in rejects] == [("broken", True)]
