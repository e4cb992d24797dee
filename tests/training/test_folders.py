"""Folders that appear whole or not at all."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from motionwire.errors import InputError
from motionwire_training.folders import built, claim


def test_a_full_disk_names_the_folder_and_leaves_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    with built(folder) as building:
        (building / "graph").write_text("old")
    with pytest.raises(InputError, match="bundle: cannot be written: No space left"), built(folder) as building:
        (building / "graph").write_text("new")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"] and (folder / "graph").read_text() == "old"


def test_what_a_killed_process_left_behind_goes_with_the_next_one(tmp_path: Path) -> None:
    code = (
        "import os; from pathlib import Path; from motionwire_training.folders import built\n"
        f"with built(Path({str(tmp_path / 'features30')!r})) as building: (building / 'half').touch(); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    (left,) = tmp_path.iterdir()
    alive = left.with_name(left.name.replace(left.name.rpartition(".")[2], str(os.getppid())))
    elsewhere = tmp_path / f".features30.elsewhere.{left.name.rpartition('.')[2]}"
    aside = left.with_name(f"{left.name}.old")
    for folder in (alive, elsewhere, aside):
        folder.mkdir()
    with built(tmp_path / "features30"):
        assert not left.exists() and aside.exists()
    with built(tmp_path / "features30"):
        assert not aside.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"features30", alive.name, elsewhere.name}


def test_other_errors_of_the_system_come_through(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), built(tmp_path / "bundle") as building:
        (building / "missing").read_text()
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
def test_a_folder_is_another_processes_until_that_ends(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from motionwire_training.folders import claim\n"
        f"kept = claim(Path({str(tmp_path)!r})); print('has it', flush=True); input()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "has it\n"
        with pytest.raises(InputError, match="another process trains in it"):
            claim(tmp_path)
        other.kill()
    claim(tmp_path).close()
    claim(tmp_path).close()
    with pytest.raises(InputError, match="cannot be written"):
        claim(tmp_path / "none")
