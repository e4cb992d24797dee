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
        ("a.bvh", "b.fbx", None, "cannot write"),
        ("missing.bvh", "b.npz", None, "No such file"),
        ("a.bvh", "b.npz", None, "rig"),
        ("a.bvh", "b.bvh", 0.0, "--fps"),
        ("a.bvh", "b.bvh", float("nan"), "--fps"),
        ("broken.bvh", "b.bvh", None, "broken.bvh: line"),
    ],
)
def test_mistakes_leave_nothing_behind(tmp_path: Path, source: str, target: str, fps: float | None, said: str) -> None:
    (tmp_path / "a.bvh").write_bytes(bvh_text())
    (tmp_path / "broken.bvh").write_bytes(bvh_text()[:-30])
    with pytest.raises(InputError, match=said):
        convert(tmp_path / source, tmp_path / target, fps)
    assert not (tmp_path / target).exists()


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
