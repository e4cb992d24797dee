"""What SOURCE... may be, and what is refused before anything is read or written."""

import tarfile
from pathlib import Path

import pytest

from mocap_sources import bvh, write_archive, write_manifest
from motion_files import ASF
from motionwire.errors import InputError
from motionwire_training.data.captions import captions, mirror_caption
from motionwire_training.data.items import Job, clean_key, hashed_split
from motionwire_training.data.labels import content_label
from motionwire_training.data.sources import expand, source, unique


def jobs_of(path: Path) -> dict[str, Job]:
    return {job.item.key: job for job in source(path).jobs()}


def test_a_folder_gives_its_clips_with_captions_from_text_files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a b.bvh").write_bytes(b"x")
    (tmp_path / "c.npz").write_bytes(b"y")
    (tmp_path / "c.txt").write_text("a person walks\n\nsomeone strolls\n")
    (tmp_path / "c.hierarchy.json").write_text("{}")
    (tmp_path / "readme.md").write_text("no clip")
    jobs = jobs_of(tmp_path)
    assert set(jobs) == {"sub__a_b", "c"}
    assert jobs["c"].item.captions == ("a person walks", "someone strolls")
    assert jobs["c"].companions == (b"{}",)
    assert {job.item.licence for job in jobs.values()} == {""}


def test_a_manifest_reads_archives_in_one_stream_and_accounts_for_absent_files(tmp_path: Path) -> None:
    write_archive(tmp_path / "a.tar.xz", {"x/1.bvh": b"one", "x/2.bvh": b"two", "other": b"-"})
    (tmp_path / "loose.bvh").write_bytes(b"three")
    rows = [
        {"clip": "one", "archive": "a.tar.xz", "path": "x/1.bvh", "fps": 60, "first_frame": 1},
        {"clip": "gone", "archive": "a.tar.xz", "path": "x/9.bvh"},
        {"clip": "three", "path": "loose.bvh"},
        {"clip": "nowhere", "archive": "b.tar.xz", "path": "x/1.bvh"},
    ]
    manifest = write_manifest(tmp_path, rows)
    jobs = jobs_of(tmp_path)
    assert source(manifest).count() == len(jobs) == 4
    assert (jobs["one"].data, jobs["one"].item.fps, jobs["one"].item.first_frame) == (b"one", 60.0, 1)
    assert jobs["three"].data == b"three"
    assert jobs["gone"].missing and jobs["nowhere"].missing


def test_an_archive_alone_takes_its_rows_of_the_manifest_beside_it(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "a.tar.xz", {"1.bvh": b"one"})
    with pytest.raises(InputError, match=r"manifest\.csv"):
        source(archive)
    write_manifest(tmp_path, [{"clip": "one", "archive": "a.tar.xz", "path": "1.bvh"}, {"clip": "other", "path": "2.bvh"}])
    assert set(jobs_of(archive)) == {"one"}


@pytest.mark.parametrize("order", [("s/02.asf", "s/02_01.amc"), ("s/02_01.amc", "s/02.asf")])
def test_a_trial_gets_its_subjects_skeleton_wherever_that_stands_in_the_archive(tmp_path: Path, order: tuple[str, str]) -> None:
    write_archive(tmp_path / "a.tar.xz", {name: ASF if name.endswith("asf") else b"amc" for name in order})
    write_manifest(tmp_path, [{"clip": "t", "archive": "a.tar.xz", "path": "s/02_01.amc", "format": "amc"}])
    assert jobs_of(tmp_path)["t"].companions == (ASF,)


@pytest.mark.parametrize(
    "cells",
    [
        {"path": "../secret.bvh"},
        {"path": "/etc/passwd"},
        {"path": "a/../../b.bvh"},
        {"path": "C:/b.bvh"},
        {"path": "a\\..\\b.bvh"},
        {"archive": "../a.tar.xz", "path": "b.bvh"},
        {"archive": "a.zip", "path": "b.bvh"},
        {"path": "b.bvh", "fps": "fast"},
        {"path": "b.bvh", "fps": "-3"},
        {"path": "b.bvh", "fps": "nan"},
        {"path": "b.bvh", "first_frame": "1e9"},
        {"path": "b.bvh", "split": "holiday"},
        {"path": "b.bvh", "mirror": "maybe"},
        {"path": ""},
        {"clip": " ", "path": "b.bvh"},
    ],
)
def test_a_wrong_manifest_row_is_refused_with_its_line(tmp_path: Path, cells: dict[str, str]) -> None:
    write_manifest(tmp_path, [{"clip": "good", "path": "a.bvh"}, {"clip": "bad"} | cells])
    with pytest.raises(InputError, match=r"manifest\.csv, line 3"):
        source(tmp_path)


def test_a_link_that_leaves_the_manifests_folder_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.bvh").write_bytes(b"secret")
    (inside / "b.bvh").symlink_to(tmp_path / "secret.bvh")
    write_manifest(inside, [{"clip": "b", "path": "b.bvh"}])
    with pytest.raises(InputError, match="outside its folder"):
        source(inside)


def test_a_manifest_of_a_spreadsheet_with_names_in_any_script(tmp_path: Path) -> None:
    rows = "clip,path,format\n歩く,a.bvh,bvh\n走る,b.bvh,bvh\na.b,c.bvh,bvh\na_b,d.bvh,bvh\n"
    (tmp_path / "manifest.csv").write_text(rows, encoding="utf-8-sig")
    assert source(tmp_path).count() == 4


def test_what_belongs_to_a_clip_counts_among_the_files(tmp_path: Path) -> None:
    """Changed captions or skeletons are another import."""
    for name in ("walk_01.amc", "walk.asf", "run.npz", "run.hierarchy.json", "run.txt"):
        (tmp_path / name).write_bytes(b"x")
    beside = {"walk.asf", "run.hierarchy.json"}
    assert beside | {"run.txt"} <= {path.name for path in source(tmp_path).files()}
    write_manifest(tmp_path, [{"clip": "w", "path": "walk_01.amc", "format": "amc"}, {"clip": "r", "path": "run.npz", "format": "npz"}])
    assert beside <= {path.name for path in source(tmp_path).files()}


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"clip,path\n", b"clip,path,format\na,b\n", b"clip,path,format\na,b.bvh,bvh\na,c.bvh,bvh\n", b""]
)
def test_a_broken_manifest_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.csv").write_bytes(content)
    with pytest.raises(InputError, match=r"manifest\.csv"):
        source(tmp_path)


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize(
    "member",
    [
        tarfile.TarInfo("../x.bvh"),
        tarfile.TarInfo("/etc/x.bvh"),
        link("b.bvh", "/etc/passwd"),
        link("b.bvh", "a.bvh", tarfile.LNKTYPE),
        link("b.bvh", "", tarfile.FIFOTYPE),
    ],
)
def test_a_hostile_archive_is_refused_by_name_of_the_member(tmp_path: Path, member: tarfile.TarInfo) -> None:
    write_archive(tmp_path / "a.tar.xz", {"a.bvh": b"one"}, extra=[member])
    write_manifest(tmp_path, [{"clip": name, "archive": "a.tar.xz", "path": f"{name}.bvh"} for name in ("a", "b")])
    with pytest.raises(InputError, match=r"a\.tar\.xz"):
        jobs_of(tmp_path)


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "a.tar.xz", {"a.bvh": bvh(), "b.bvh": bvh(2.0)})
    archive.write_bytes(archive.read_bytes()[:-3000])
    write_manifest(tmp_path, [{"clip": name, "archive": "a.tar.xz", "path": f"{name}.bvh"} for name in ("a", "b")])
    with pytest.raises(InputError, match="archive"):
        jobs_of(tmp_path)


def test_paths_that_are_no_source(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    for path in (tmp_path, tmp_path / "a.txt", tmp_path / "none"):
        with pytest.raises(InputError):
            expand([path])


def test_equal_names_of_two_sources_both_stay(tmp_path: Path) -> None:
    for name in ("02_01.bvh", "02_01.amc", "02.asf"):
        (tmp_path / name).write_bytes(name.encode())
    sources = expand([tmp_path / "02_01.bvh", tmp_path / "02_01.amc", tmp_path / "02_01.amc"])
    keys = [job.item.key for job in unique((job for one in sources for job in one.jobs()), set())]
    assert keys == ["02_01", "02_01-amc", "02_01-amc3"]


def test_names_in_any_script_are_told_apart_and_fall_into_both_splits(tmp_path: Path) -> None:
    names = [f"{first}{second}" for first in "歩走跳座立" for second in "行前後左右上下中外内東西南北春夏秋冬山川"]
    for name in (*names, "walk_01"):
        (tmp_path / f"{name}.bvh").write_bytes(b"x")
    items = {job.item.path.removesuffix(".bvh"): job.item for job in source(tmp_path).jobs()}
    assert (items["walk_01"].key, items["walk_01"].split) == ("walk_01", hashed_split("walk_01"))
    keys = {item.key for item in items.values()}
    assert len(keys) == 101 and all(key.isascii() for key in keys)
    assert 1 <= sum(items[name].split == "val" for name in names) <= 15  # five of a hundred, as of others
    rows = "".join(f"{name},{name}.bvh,bvh\n" for name in names)
    (tmp_path / "manifest.csv").write_text(f"clip,path,format\n{rows}", encoding="utf-8")
    assert {job.item.key: job.item.split for job in source(tmp_path).jobs()} == {items[name].key: items[name].split for name in names}


def test_a_key_is_the_same_however_a_name_is_written_down() -> None:
    assert clean_key("caf\u00e9") == clean_key("cafe\u0301") != clean_key("caf_")
    assert clean_key("sub/a b.1") == "sub__a_b_1" and clean_key("") == "clip"
    assert len(clean_key("歩" * 300)) == len(clean_key("a" * 300)) == 180
    assert clean_key("歩" * 300) != clean_key("歩" * 299) and clean_key("walk\udcff").isascii()


def test_labels_are_known_whatever_their_capitals_and_hyphens(tmp_path: Path) -> None:
    rows = [
        {"clip": "a", "path": "a.bvh", "content": "Walk Turn_Left", "style": "Tired"},
        {"clip": "b", "path": "b.bvh", "content": "Moon_Walk", "style": "NOT_CONFIDENT"},
    ]
    items = {key: job.item for key, job in jobs_of(write_manifest(tmp_path, rows)).items()}
    assert [(item.content, item.style) for item in items.values()] == [("walk-turn-left", "tired"), ("moon-walk", "not-confident")]


@pytest.mark.parametrize(
    ("written", "label", "mirrored"),
    [
        ("strafe_left", "strafe-left", "strafe-right"),
        ("turn_left_90", "turn-left-90", "turn-right-90"),
        ("TurnLeft90", "turn-left-90", "turn-right-90"),
        ("dodge_l", "dodge-left", "dodge-right"),
        ("DodgeR", "dodge-right", "dodge-left"),
        ("FWDLeft", "fwd-left", "fwd-right"),
        ("WalkTurnLeft", "walk-turn-left", "walk-turn-right"),
        ("l", "l", "l"),
        ("歩く", "歩く", "歩く"),
    ],
)
def test_the_sides_in_a_label_are_told_however_it_is_written(written: str, label: str, mirrored: str, tmp_path: Path) -> None:
    (job,) = jobs_of(write_manifest(tmp_path, [{"clip": "a", "path": "a.bvh", "content": written}])).values()
    assert job.item.content == label
    assert content_label({"content": label}, mirrored=True) == mirrored
    assert mirror_caption(captions(label, "", "")[0]) == captions(mirrored, "", "")[0]
