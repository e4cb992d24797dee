"""`motionwire convert` as a user calls it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from motion_files import bvh_text
from motionwire import formats
from motionwire.cli.convert import convert
from motionwire.errors import InputError
from motionwire.motion.clip import Clip
from motionwire.motion.retarget import to_canonical
from synthetic import walking_clip


def test_from_npz_to_bvh_and_back_at_another_rate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    walk = walking_clip(seconds=2, fps=30, turn=0.4)
    formats.write(walk, tmp_path / "a.npz")
    convert(tmp_path / "a.npz", tmp_path / "b.bvh")
    convert(tmp_path / "b.bvh", tmp_path / "c.npz", fps=60)
    read = formats.read(tmp_path / "c.npz")
    assert read.fps == 60
    np.testing.assert_allclose(read.world()[0][::2], walk.world()[0], atol=1e-4)
    assert "119 frames at 60 fps" in capsys.readouterr().out


def test_bvh_to_bvh_keeps_the_rig(tmp_path: Path) -> None:
    (tmp_path / "a.bvh").write_bytes(bvh_text())
    convert(tmp_path / "a.bvh", tmp_path / "b.bvh")
    assert formats.read(tmp_path / "b.bvh").skeleton.names == formats.read(tmp_path / "a.bvh").skeleton.names


@pytest.mark.shared_data
@pytest.mark.parametrize("kind", ["bandai", "cmu_bvh", "cmu_amc", "dance", "idle"])
def test_every_rig_to_a_canonical_bvh_that_reads_as_itself(kind: str, sample_clip, tmp_path: Path) -> None:
    clip = to_canonical(formats.read(sample_clip(kind)))
    formats.write(clip, tmp_path / "a.bvh")
    np.testing.assert_allclose(to_canonical(formats.read(tmp_path / "a.bvh")).world()[0], clip.world()[0], atol=1e-4)


@pytest.mark.parametrize(
    ("source", "target", "fps", "said"),
    [
        ("a.bvh", "b.c3d", None, "cannot write"),
        ("missing.bvh", "b.npz", None, "No such file"),
        ("a.bvh", "b.npz", None, "rig"),
        ("a.bvh", "b.bvh", 0.0, "--fps"),
        ("a.bvh", "b.bvh", float("nan"), "--fps"),
        ("broken.bvh", "b.bvh", None, "broken.bvh: line"),
        ("a.bvh", "b.npy", 24.0, "30 frames a second"),
    ],
)
def test_mistakes_leave_nothing_behind(tmp_path: Path, source: str, target: str, fps: float | None, said: str) -> None:
    (tmp_path / "a.bvh").write_bytes(bvh_text())
    (tmp_path / "broken.bvh").write_bytes(bvh_text()[:-30])
    with pytest.raises(InputError, match=said):
        convert(tmp_path / source, tmp_path / target, fps)
    assert not (tmp_path / target).exists()


@pytest.fixture
def walk(tmp_path: Path) -> Clip:
    """A walk, and the file walk.npz that holds it."""
    clip = walking_clip(seconds=3, speed=1.2, turn=0.3)
    formats.write(clip, tmp_path / "walk.npz")
    return clip


def test_trim_mirror_and_in_place(tmp_path: Path, walk: Clip) -> None:
    convert(tmp_path / "walk.npz", tmp_path / "a.npz", trim="0.5:2", mirror=True)
    np.testing.assert_allclose(formats.read(tmp_path / "a.npz").root_positions, walk.root_positions[15:60] * [-1, 1, 1], atol=1e-5)
    convert(tmp_path / "walk.npz", tmp_path / "b.npz", in_place=True)
    placed = formats.read(tmp_path / "b.npz")
    assert np.ptp(placed.root_positions[:, [0, 2]], axis=0).max() < 0.04  # a bend is cut a little
    np.testing.assert_allclose(placed.root_positions[:, 1], walk.root_positions[:, 1], atol=1e-6)
    np.testing.assert_allclose(placed.rotations, walk.rotations, atol=1e-5)


@pytest.mark.parametrize("trim", ["1", "a:b", "2:1", "-1:2", "0:99", "1:1", "nan:2"])
def test_parts_that_are_none(tmp_path: Path, walk: Clip, trim: str) -> None:
    with pytest.raises(InputError, match="--trim"):
        convert(tmp_path / "walk.npz", tmp_path / "a.npz", trim=trim)
    assert not (tmp_path / "a.npz").exists()


def test_onto_a_rig_and_back(tmp_path: Path, walk: Clip) -> None:
    for rig, target in (("mixamo", "a.glb"), ("ue5", "b.usdc"), ("rigify", "c.bvh")):
        convert(tmp_path / "walk.npz", tmp_path / target, rig=rig)
        convert(tmp_path / target, tmp_path / "back.npz")
        np.testing.assert_allclose(formats.read(tmp_path / "back.npz").world()[0], walk.world()[0], atol=1e-4)
    with pytest.raises(InputError, match="canonical skeleton only"):
        convert(tmp_path / "walk.npz", tmp_path / "a.npy", rig="mixamo")
    with pytest.raises(InputError, match=r"no rig profile 'horse'; known: .*mixamo.*\.toml"):
        convert(tmp_path / "walk.npz", tmp_path / "a.bvh", rig="horse")


def test_the_rate_that_a_source_truly_has(tmp_path: Path, walk: Clip) -> None:
    formats.write(walk, tmp_path / "a.bvh")
    for target in ("b.npz", "b.bvh"):
        convert(tmp_path / "a.bvh", tmp_path / target, source_fps=60, fps=30)
        made = formats.read(tmp_path / target)
        assert (made.fps, len(made)) == (30, 45)
    np.testing.assert_allclose(formats.read(tmp_path / "b.npz").world()[0], walk.world()[0][::2], atol=1e-4)
    with pytest.raises(InputError, match=r"--source-fps: 0 is not a frame rate"):
        convert(tmp_path / "a.bvh", tmp_path / "c.npz", source_fps=0.0)


def test_exit_code_and_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.bvh").write_bytes(bvh_text(frames=10**9))
    program = (
        "import typer; from motionwire.cli.main import run; from motionwire.cli.convert import convert; "
        "application = typer.Typer(); application.command()(convert); run(application)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "broken.bvh"), str(tmp_path / "b.npz")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1 and "1000000000 frames" in done.stderr
    assert done.stdout == ""
