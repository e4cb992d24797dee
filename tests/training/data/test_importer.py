"""`motionwire-train import` as a whole: shards, report, resuming, and what a wrong source leaves behind."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from mocap_sources import bvh, write_archive, write_manifest
from motionwire import rigs
from motionwire.errors import InputError
from motionwire.rigs.guess import guess
from motionwire.rigs.write import to_toml
from motionwire_training.data import importer
from motionwire_training.data.importer import import_sources
from motionwire_training.data.shards import read_dataset, read_shards


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good and bad clips, in an archive and loose, one listed and absent."""
    folder = tmp_path_factory.mktemp("source")
    walk = bvh(1.5)
    broken = {
        "nan": walk.replace(b"MOTION", b"MOTION", 1)[: -len(walk.splitlines()[-1]) - 1] + b" ".join([b"nan"] * 69) + b"\n",
        "short": bvh(0.3),
        "truncated": walk[: len(walk) // 2],
        "elsewhere": b"not mocap at all",
    }
    write_archive(
        folder / "a.tar.xz", {"fast.bvh": bvh(1.5, fps=120.0, speed=1.5), **{f"{name}.bvh": data for name, data in broken.items()}}
    )
    (folder / "loose.bvh").write_bytes(walk)
    rows = [{"clip": name, "archive": "a.tar.xz", "path": f"{name}.bvh"} for name in ("fast", *broken)]
    rows += [
        {"clip": "loose", "path": "loose.bvh", "split": "val", "licence": "CC BY-NC 4.0", "content": "walk-turn-left", "style": "elderly"},
        {"clip": "slow", "path": "loose.bvh", "fps": 24, "first_frame": 2},
        {"clip": "absent", "path": "absent.bvh"},
    ]
    write_manifest(folder, rows)
    return folder


@pytest.fixture(scope="module")
def imported(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "data"
    import_sources([source], out, workers=2)
    return out


def test_clips_come_back_with_true_rate_labels_and_licence(imported: Path) -> None:
    train = {sample.clip.name: sample for sample in read_shards(imported, "train")}
    val = {sample.clip.name: sample for sample in read_shards(imported, "val")}
    assert set(train) == {"fast", "slow"} and set(val) == {"loose"}
    assert train["fast"].clip.fps == 60 and train["fast"].clip.seconds == pytest.approx(1.5, abs=0.02)
    assert train["slow"].clip.fps == 24 and len(train["slow"].clip) == 43
    labels = val["loose"].labels
    assert labels["licence_class"] == "research" and labels["mirror_ok"] is True and labels["frames"] == 45
    assert len(labels["captions"]) >= 8 and any("left" in caption for caption in labels["captions"])
    assert val["loose"].clip.skeleton.is_canonical
    assert np.ptp(val["loose"].clip.root_positions[:, 2]) == pytest.approx(1.5, abs=0.05)


def test_free_leaves_out_what_only_research_may_use(imported: Path) -> None:
    assert [sample.clip.name for sample in read_shards(imported, "val", "free")] == []
    assert len(list(read_shards(imported, "train", "free"))) == 2


def test_the_report_accounts_for_each_clip_with_reasons(imported: Path) -> None:
    report = json.loads((imported / "report.json").read_text())
    assert report["clips"] == {"listed": 8, "imported": 3, "rejected": 4, "missing": 1}
    reasons = {reject["key"]: reject["reason"] for reject in report["rejects"]}
    assert reasons == {"nan": "not_finite", "short": "too_short", "truncated": "unreadable", "elsewhere": "unreadable"}
    assert [missing["key"] for missing in report["missing"]] == ["absent"]
    assert report["source_frame_rates"] == {"24": 1, "30": 1, "120": 1}
    assert report["frames"] == 45 + 43 + 90
    for name, rows in report["tables"].items():
        assert sum(row["listed"] for row in rows) == 8, name
        assert sum(row["imported"] for row in rows) == 3, name
    described = read_dataset(imported)
    assert described["clips"] == {"train": 2, "val": 1} and len(described["licences"]) == 2
    lines = (imported / "clips.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["status"] for line in lines) == ["imported"] * 3 + ["missing"] + ["rejected"] * 4


def test_the_page_has_numbers_pictures_and_reasons(imported: Path) -> None:
    page = (imported / "report.html").read_text()
    assert "3 + 4 + 1 = 8" in page and "data:image/png;base64," in page and page.count("<svg") >= 8
    assert "too_short" in page and "<script" not in page


def test_the_same_import_again_does_nothing_and_one_worker_gives_the_same_data(imported: Path, source: Path, tmp_path: Path) -> None:
    before = (imported / "dataset.json").stat().st_mtime_ns
    version = import_sources([source], imported, workers=1)["version"]
    assert (imported / "dataset.json").stat().st_mtime_ns == before
    assert import_sources([source], tmp_path / "alone", workers=1)["version"] == version
    assert not (tmp_path / "alone" / ".import").exists()


def test_a_hostile_archive_leaves_nothing_behind(tmp_path: Path) -> None:
    write_archive(tmp_path / "a.tar.xz", {"a.bvh": bvh(), "../b.bvh": b"evil"})
    write_manifest(tmp_path, [{"clip": "a", "archive": "a.tar.xz", "path": "a.bvh"}])
    with pytest.raises(InputError, match="outside"):
        import_sources([tmp_path], tmp_path / "out", workers=1)
    assert not (tmp_path / "out").exists()


def test_an_import_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    clips = 120
    for number in range(clips):
        (tmp_path / f"{number:03d}.bvh").write_bytes(bvh(1.0, speed=0.5 + number / clips))
    write_manifest(tmp_path, [{"clip": f"walk_{number:03d}", "path": f"{number:03d}.bvh"} for number in range(clips)])
    out = tmp_path / "out"
    command = [sys.executable, "-m", "motionwire_training.cli", "import", str(tmp_path), "--out", str(out), "--workers", "1"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    finished: list[Path] = []
    while not finished and running.poll() is None:
        time.sleep(0.01)
        finished = sorted((out / ".import").glob("*.jsonl"))
    workers = psutil.Process(running.pid).children(recursive=True)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert finished and not (out / "dataset.json").exists(), "killed too late to show anything"
    assert psutil.wait_procs(workers, timeout=60)[1] == [], "workers outlive a killed import"

    kept = finished[0]
    kept.write_text(kept.read_text().replace('"style": "normal"', '"style": "kept"'))  # would be lost if the chunk were done again
    dataset = import_sources([tmp_path], out, workers=1)
    assert dataset["clips"] == {"train": clips}
    records = [json.loads(line) for line in (out / "clips.jsonl").read_text().splitlines()]
    assert len({record["key"] for record in records}) == len(records) == clips
    assert sum(record["style"] == "kept" for record in records) == 24
    keys = [sample.clip.name for sample in read_shards(out, "train")]
    assert len(keys) == len(set(keys)) == clips


def test_rigs_of_ones_own_are_imported_with_their_profiles(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "take.bvh").write_bytes(bvh(1.5).replace(b"JOINT ", b"JOINT own-").replace(b"ROOT ", b"ROOT own-"))
    with pytest.raises(InputError, match="unknown rig"):
        import_sources([tmp_path / "source"], tmp_path / "out", workers=1)
    proposed = guess(tmp_path / "source" / "take.bvh")
    (tmp_path / "own.toml").write_text(to_toml(proposed, tmp_path / "source" / "take.bvh", tmp_path))
    own = [rigs.profile(tmp_path / "own.toml")]
    version = import_sources([tmp_path / "source"], tmp_path / "out", workers=1, own=own)["version"]
    sunk = [replace(own[0], ground="fit", toe_height=0.0)]
    assert import_sources([tmp_path / "source"], tmp_path / "out", workers=1, own=sunk)["version"] != version


def warnings(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line.removeprefix("warning: ") for line in capsys.readouterr().err.splitlines() if line.startswith("warning: ")]


def test_what_was_left_out_and_what_is_replaced_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    for name, content in {"good": bvh(1.0), "other": bvh(1.0, speed=1.2), "short": bvh(0.3), "broken": b"x", "torn": b"y"}.items():
        (source / f"{name}.bvh").write_bytes(content)
    write_manifest(source, [{"clip": path.stem, "path": path.name, "content": "moonwalk", "style": "Sad"} for path in source.glob("*.bvh")])
    version = import_sources([source], out, workers=1)["version"]
    assert warnings(capsys) == [
        "no words for content 'moonwalk': sentences only repeat the label (docs/captions.md lists the known ones)",
        "3 clips were rejected (2 unreadable, 1 too_short)",
    ]
    prepared = [out / name for name in ("features30", "controller-research-train-0123abcd", "notes")]
    for folder in prepared:
        folder.mkdir()
    os.utime(source / "good.bvh", (0, 0))  # the same content: what was prepared of it stays
    assert import_sources([source], out, workers=1)["version"] == version and all(folder.is_dir() for folder in prepared)
    replaced = (
        f"{out} holds another data set (version {version}, 2 clips, 0 minutes, of made), which this import replaces when it is complete"
    )
    assert warnings(capsys)[0] == replaced
    (source / "other.bvh").write_bytes(bvh(1.0, speed=0.8))
    assert import_sources([source], out, workers=1)["version"] != version
    assert [folder.name for folder in prepared if folder.exists()] == ["notes"]


def test_a_worker_that_is_killed_is_one_line_and_finished_work_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.bvh").write_bytes(bvh(1.0))
    monkeypatch.setattr(importer, "end_with_parent", os.abort)
    for finished in (False, True):
        if finished:
            finish_a_chunk(tmp_path / "out")
        with pytest.raises(InputError, match=r"out: a process .* was killed.*; the same command goes on"):
            import_sources([tmp_path / "a.bvh"], tmp_path / "out", workers=1)
        assert (tmp_path / "out").exists() == finished


def finish_a_chunk(out: Path) -> None:
    (out / ".import").mkdir(parents=True)
    (out / ".import" / "0123.jsonl").write_text("")


def test_ctrl_c_says_that_the_same_command_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object) -> dict:
        raise KeyboardInterrupt

    monkeypatch.setattr(importer, "import_sources", stopped)
    for said in ("", "stopped; the same command goes on from here\n"):
        if said:
            finish_a_chunk(tmp_path / "out")
        with pytest.raises(KeyboardInterrupt):
            importer.main([tmp_path], tmp_path / "out")
        assert capsys.readouterr().err == said
