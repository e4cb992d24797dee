"""A disk that is full, and a folder that cannot be written: a file appears whole or not at all, and the error says why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from motionwire import formats
from motionwire.errors import InputError
from motionwire.formats.atomic import written_elsewhere
from synthetic import walking_clip

# No file may grow beyond 3 KiB in this process: to every writer that is a full disk.
PROGRAM = """
import resource, signal, sys
from motionwire.cli.main import run
from motionwire.cli.convert import convert
from motionwire import formats
import typer
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3072, 3072))
application = typer.Typer()
application.command()(convert)
run(application)
"""


@pytest.mark.parametrize("name", ["b.bvh", "b.glb", "b.usdc", "b.usda", "b.npz", "b.json", "b.npy", "b.joints.npy"])
def test_no_half_written_file(tmp_path: Path, name: str) -> None:
    formats.write(walking_clip(seconds=2), tmp_path / "a.npz")
    (tmp_path / name).write_bytes(b"old")
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path.parent / "numba")}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "a.npz"), str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=environment)
    assert done.returncode == 2, done.stderr
    assert f"error: {tmp_path / name}: cannot write" in done.stderr
    assert (tmp_path / name).read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} == {"a.npz", name}


def test_what_another_program_left_half_does_not_take_the_place(tmp_path: Path) -> None:
    path = tmp_path / "a.fbx"
    path.write_bytes(b"old")
    with pytest.raises(InputError, match="broken"), written_elsewhere(path) as temporary:
        temporary.write_bytes(b"half")
        raise InputError("broken")
    with pytest.raises(InputError, match=r"a\.fbx: cannot write: No such file"), written_elsewhere(path):
        pass
    with pytest.raises(InputError, match="cannot write"), written_elsewhere(tmp_path / "no" / "a.fbx"):
        pass
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]
    with written_elsewhere(path) as temporary:
        temporary.write_bytes(b"new")
    assert path.read_bytes() == b"new" and list(tmp_path.iterdir()) == [path]
