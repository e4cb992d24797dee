"""A handful of real clips of every source through the whole import."""

import csv
import tarfile
from pathlib import Path

import numpy as np
import pytest

from mocap_sources import COLUMNS
from motionwire_training.data.importer import import_sources
from motionwire_training.data.shards import read_shards

CLIPS = ("bandai1_walk_normal_001", "cmu_02_01", "cmu_01_12", "cmu_07_12", "cmu_35_01", "cmu_salsa_01", "idle_003_genuine")
ARCHIVES = ("bandai.tar.xz", "cmu.tar.xz", "idle.tar.xz")


@pytest.mark.shared_data
def test_real_clips_of_every_source(shared_data: Path, tmp_path: Path) -> None:
    with (shared_data / "manifest.csv").open(encoding="utf-8") as file:
        rows = {row["clip"]: row for row in csv.DictReader(file) if row["clip"] in CLIPS}
    for archive in ARCHIVES:
        wanted = {row["path"] for row in rows.values() if row["archive"] == archive} | {"amc/35.asf"}
        with tarfile.open(shared_data / archive, "r|*") as stream:
            for member in stream:
                if member.name in wanted:
                    stream.extract(member, tmp_path, filter="data")
                    wanted.discard(member.name)
                if wanted <= {"amc/35.asf"} and archive != "cmu.tar.xz":
                    break
    with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(row | {"archive": "", "split": "train"} for row in rows.values())
    assert import_sources([tmp_path], tmp_path / "out", workers=1)["clips"] == {"train": len(CLIPS)}
    clips = {sample.clip.name: sample.clip for sample in read_shards(tmp_path / "out", "train")}
    rates = {name: clip.fps for name, clip in clips.items()}
    assert rates == {name: 30 if "bandai" in name else 24 if "idle" in name else 60 for name in CLIPS}
    assert clips["cmu_salsa_01"].seconds == pytest.approx(37.4, abs=0.1)  # the header claims twice the rate
    for clip in clips.values():
        assert 0.55 < clip.skeleton.leg_length() < 1.0
        assert np.linalg.norm(np.diff(clip.root_positions, axis=0), axis=1).max() * clip.fps < 15
