"""Formats by extension, whole-file reading and atomic writing."""

import os
from pathlib import Path

import numpy as np
import pytest

from motion_files import bvh_text
from motionwire import formats
from motionwire.errors import InputError
from motionwire.formats import optional
from motionwire.formats.atomic import write_atomically
from motionwire.formats.source import read_bytes
from synthetic import walking_clip

BLENDER = (".fbx", ".abc")  # see test_other_readers.py


@pytest.mark.parametrize("suffix", [suffix for suffix in formats.WRITABLE if suffix not in BLENDER and suffix != ".joints.npy"])
def test_everything_writable_is_readable(tmp_path: Path, suffix: str) -> None:
    clip = walking_clip(seconds=0.5)
    path = tmp_path / f"Walk{suffix.upper()}"
    formats.write(clip, path)
    read = formats.read(path)
    assert (len(read), read.fps, read.name) == (len(clip), clip.fps, "Walk")


def test_what_is_not_there_or_not_known(tmp_path: Path) -> None:
    (tmp_path / "a.xyz").write_text("x")
    (tmp_path / "folder.bvh").mkdir()
    for path, said in (
        (tmp_path / "a.xyz", r"a\.xyz: .*'\.xyz'.*\.bvh, \.amc"),
        (tmp_path / "missing.bvh", r"missing\.bvh: .*No such file"),
        (tmp_path / "folder.bvh", "folder"),
        (tmp_path, "folder"),
        (tmp_path / "a\0b.bvh", "null"),
    ):
        with pytest.raises(InputError, match=said):
            formats.read(path)
    for path, said in (
        (tmp_path / "a.c3d", r"'\.c3d'.*\.npz"),
        (tmp_path / "a.amc", r"'\.amc'.*\.npz"),
        (tmp_path / "no" / "a.bvh", "No such file"),
        (tmp_path / "folder.bvh", "folder"),
    ):
        with pytest.raises(InputError, match=said):
            formats.write(walking_clip(seconds=0.1), path)


def test_clips_that_are_not_canonical_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.bvh").write_bytes(bvh_text())
    clip = formats.read(tmp_path / "a.bvh")
    for target in ("b.npz", "b.json", "b.npy", "b.joints.npy"):
        assert not formats.format_for_writing(tmp_path / target).any_rig
        with pytest.raises(InputError, match="canonical"):
            formats.write(clip, tmp_path / target)
    for target in ("b.glb", "b.usda"):
        with pytest.raises(InputError, match="unit is not known"):
            formats.write(clip, tmp_path / target)
    assert [path.name for path in tmp_path.iterdir()] == ["a.bvh"]


@pytest.mark.parametrize(("name", "fps", "shape"), [("a.npy", 30, (60, 272)), ("a.joints.npy", 20, (40, 22, 3))])
def test_formats_without_a_rate_of_their_own_are_resampled_to_theirs(tmp_path: Path, name: str, fps: int, shape: tuple) -> None:
    clip = walking_clip(seconds=2, fps=120)
    formats.write(clip, tmp_path / name)
    array = np.load(tmp_path / name)
    assert (array.shape, array.dtype) == (shape, np.float32)
    if len(shape) == 3:
        np.testing.assert_allclose(array, clip.world()[0][:: 120 // fps], atol=1e-5)


def test_an_extra_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optional, "find_spec", lambda _: None)
    (tmp_path / "b.usd").write_bytes(b"")
    for attempt in (lambda: formats.write(walking_clip(0.1), tmp_path / "a.usd"), lambda: formats.read(tmp_path / "b.usd")):
        with pytest.raises(InputError, match=r"usd: needs the package usd-core: pip install 'motionwire\[usd\]'"):
            attempt()
    assert [path.name for path in tmp_path.iterdir()] == ["b.usd"]


def test_size_limit(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(bytes(11))
    assert len(read_bytes(tmp_path / "big", limit=11)) == 11
    with pytest.raises(InputError, match="larger than 10 bytes"):
        read_bytes(tmp_path / "big", limit=10)


def test_atomic_writing_replaces_and_keeps_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    write_atomically(path, b"one")
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()
    path.chmod(0o640)
    write_atomically(path, b"two")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o640)
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_keeps_the_old_file_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"a\.bin: cannot write: No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
