"""The stream that training reads: bounded, shuffled by a seed, and strict about what a shard may hold."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import webdataset

from motionwire.errors import InputError
from motionwire_training.data.sample import Sample, to_members
from motionwire_training.data.shards import check_held_out, read_dataset, read_shards, shuffled
from synthetic import walking_clip


def write_shard(folder: Path, members: dict[str, bytes], name: str = "train-00000.tar") -> Path:
    (folder / "shards").mkdir(exist_ok=True)
    with tarfile.open(folder / "shards" / name, "w") as tar:
        for member, content in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return folder / "shards" / name


def members_of(key: str, **labels: object) -> dict[str, bytes]:
    sample = Sample(walking_clip(1.0), {"key": key, "licence_class": "free"} | labels)
    return {f"{key}.{suffix}": content for suffix, content in to_members(sample).items()}


def test_a_sample_comes_back_as_it_was(tmp_path: Path) -> None:
    write_shard(tmp_path, members_of("a") | members_of("b", licence_class="research", captions=["é"]))
    walk = walking_clip(1.0)
    first, second = read_shards(tmp_path, "train")
    np.testing.assert_array_equal(first.clip.rotations, walk.rotations)
    np.testing.assert_array_equal(first.clip.root_positions, walk.root_positions)
    np.testing.assert_array_equal(first.clip.skeleton.offsets, walk.skeleton.offsets)
    assert (first.clip.fps, first.clip.name, second.labels["captions"]) == (30.0, "a", ["é"])
    assert [sample.clip.name for sample in read_shards(tmp_path, "train", "free")] == ["a"]
    assert first.clip.rotations.flags.writeable


def test_webdataset_reads_the_same_shards(tmp_path: Path) -> None:
    path = write_shard(tmp_path, members_of("a") | members_of("b"))
    found = list(webdataset.WebDataset(str(path), shardshuffle=False))
    assert [(sample["__key__"], json.loads(sample["json"])["key"]) for sample in found] == [("a", "a"), ("b", "b")]


def npz(**arrays: object) -> bytes:
    buffer = io.BytesIO()
    good = {"root_positions": np.zeros((3, 3)), "rotations": np.tile([0.0, 0, 0, 1], (3, 22, 1)), "offsets": np.zeros((22, 3)), "fps": 30.0}
    np.savez(buffer, **{name: value for name, value in (good | arrays).items() if value is not None})  # type: ignore[arg-type]
    return buffer.getvalue()


@pytest.mark.parametrize(
    "members",
    [
        {"a.npz": b"no zip", "a.json": b'{"key": "a"}'},
        {"a.npz": npz(), "a.json": b"{"},
        {"a.npz": npz(), "a.json": b"[]"},
        {"a.npz": npz(), "a.json": b"[" * 100_000},
        {"a.npz": npz(fps=None), "a.json": b'{"key": "a"}'},
        {"a.npz": npz(fps=-1.0), "a.json": b'{"key": "a"}'},
        {"a.npz": npz(fps=np.array(["x"])), "a.json": b'{"key": "a"}'},
        {"a.npz": npz(rotations=np.array([{"evil": 1}], dtype=object)), "a.json": b'{"key": "a"}'},
        {"a.npz": npz(rotations=np.zeros((3, 22, 4))), "a.json": b'{"key": "a"}'},
        {"a.npz": npz(offsets=np.zeros((21, 3))), "a.json": b'{"key": "a"}'},
        {"a.npz": npz(root_positions=np.full((3, 3), np.nan)), "a.json": b'{"key": "a"}'},
        {"a.npz": npz()},
        {"a.npz": npz(), "b.json": b'{"key": "b"}'},
        {"../a.npz": npz(), "../a.json": b'{"key": "a"}'},
        {"a.pickle": b"x"},
    ],
)
def test_a_hostile_shard_is_refused_naming_it(tmp_path: Path, members: dict[str, bytes]) -> None:
    write_shard(tmp_path, members)
    with pytest.raises(InputError, match=r"train-00000\.tar"):
        list(read_shards(tmp_path, "train"))


def test_damaged_and_absent_shards_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no train shards"):
        list(read_shards(tmp_path, "train"))
    path = write_shard(tmp_path, members_of("a"))
    with pytest.raises(InputError, match="licence class"):
        list(read_shards(tmp_path, "train", "any"))
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(InputError, match="shard"):
        list(read_shards(tmp_path, "train"))
    with pytest.raises(InputError, match=r"dataset\.json"):
        read_dataset(tmp_path)


def test_shuffling_keeps_every_item_once_and_follows_the_seed() -> None:
    orders = [list(shuffled(range(1000), 64, seed)) for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == list(range(1000)) and orders[0] != list(range(1000))
    assert list(shuffled([], 4, 0)) == [] and sorted(shuffled([1, 2], 4, 0)) == [1, 2]
    with pytest.raises(InputError):
        list(shuffled([1], 0, 0))


def test_the_shuffle_buffer_holds_no_more_than_it_may() -> None:
    drawn = 0

    def endless() -> Iterator[int]:
        nonlocal drawn
        while True:
            drawn += 1
            yield drawn

    stream = shuffled(endless(), 16, 0)
    for taken in range(1, 200):
        next(stream)
        assert drawn <= taken + 16


def test_what_lacks_for_validation_is_told_with_what_to_do(tmp_path: Path) -> None:
    write_shard(tmp_path, members_of("a", licence_class="research"), "val-00000.tar")
    rows = [{"source": "mine", "licence": "", "licence_class": "research", "clips": 2}]
    for found, advice in (
        (rows, "no clip's licence is known to allow every use.*licence=research"),
        ([{"licence_class": "free"}], "no free clip in val"),
    ):
        (tmp_path / "dataset.json").write_text(json.dumps({"version": "v", "licences": found}))
        with pytest.raises(InputError, match=advice):
            check_held_out(tmp_path, "free")
    check_held_out(tmp_path, "research")
