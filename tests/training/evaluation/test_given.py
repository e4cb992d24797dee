"""Which clips an evaluation takes: the held-out ones where someone says which, else all."""

import csv
from pathlib import Path

import pytest

from motionwire.errors import InputError
from motionwire.formats.bvh_writer import write
from motionwire_training.evaluation.given import given
from synthetic import walking_clip
from toy_models import toy_runs


def write_walks(folder: Path, count: int) -> list[str]:
    folder.mkdir()
    names = [f"walk_{number}.bvh" for number in range(count)]
    for number, name in enumerate(names):
        write(walking_clip(2 + 0.3 * number), folder / name)
    return names


def test_of_a_data_set_its_val_clips_and_its_training_clips_beside() -> None:
    data, _, _ = toy_runs()
    with given(data, "free") as found:
        assert len(found.held) == 2 and len(list(found.train())) == 8
    with given(None, "free") as found:
        assert not found.held and not list(found.train())


def test_of_a_folder_every_clip(tmp_path: Path) -> None:
    write_walks(tmp_path / "mocap", 3)
    (tmp_path / "mocap" / "walk_1.txt").write_text("someone walks\n")
    with given(tmp_path / "mocap", "free") as found:
        assert len(found.held) == 3 and not list(found.train())
        assert [clip.labels["captions"] for clip in found.held if clip.labels["captions"]] == [["someone walks"]]
        assert all(clip.features.shape[1] == 276 for clip in found.held)


@pytest.mark.parametrize(("splits", "held", "trained"), [(("train", "val", "test"), 2, 1), (("", "", ""), 3, 0), (("train",) * 3, 3, 0)])
def test_of_a_manifest_what_it_says(tmp_path: Path, splits: tuple[str, ...], held: int, trained: int) -> None:
    names = write_walks(tmp_path / "mocap", 3)
    with (tmp_path / "mocap" / "manifest.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("clip", "path", "format", "content", "style", "split"))
        rows.writerows((name[:-4], name, "bvh", "walk", "sad", split) for name, split in zip(names, splits, strict=True))
    for path in (tmp_path / "mocap", tmp_path / "mocap" / "manifest.csv"):
        with given(path, "free") as found:
            assert (len(found.held), len(list(found.train()))) == (held, trained)
            assert all(
                (clip.labels["content"], clip.labels["style"]) == ("walk", "sad") and len(clip.labels["captions"]) > 10
                for clip in found.held
            )


def test_what_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"), given(tmp_path / "nothing", "free"):
        pass
