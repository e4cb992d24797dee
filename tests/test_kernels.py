"""Compiled code on disk: where it is kept, and what happens where nothing can be kept."""

import os
import subprocess
import sys
from math import isfinite
from pathlib import Path

import numpy as np
import pytest

from motionwire import kernels

PROGRAM = """
import os, sys
from motionwire import kernels
@kernels.kernel
def double(x):
    return 2 * x
with kernels.compiling():
    assert double(2.5) == 5
    if "killed" in sys.argv:
        os.abort()
print(kernels.cache_folder())
"""


def run(tmp_path: Path, cache: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    return subprocess.run(
        [sys.executable, program, *words], env={**os.environ, "XDG_CACHE_HOME": str(cache)}, capture_output=True, text=True, check=not words
    )


@pytest.mark.skipif(sys.platform != "linux", reason="moves the cache by XDG_CACHE_HOME")
def test_the_first_run_says_that_it_compiles_and_the_second_does_not(tmp_path: Path) -> None:
    first, second = run(tmp_path, tmp_path / "cache"), run(tmp_path, tmp_path / "cache")
    assert len(first.stderr.splitlines()) == 1 and "compiling" in first.stderr
    assert second.stderr == ""
    assert first.stdout.startswith(str(tmp_path / "cache"))


@pytest.mark.skipif(sys.platform != "linux", reason="moves the cache by XDG_CACHE_HOME")
def test_what_was_killed_while_it_compiled_is_told_again(tmp_path: Path) -> None:
    killed, again = run(tmp_path, tmp_path / "cache", "killed"), run(tmp_path, tmp_path / "cache")
    assert killed.returncode != 0
    assert "compiling" in again.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="moves the cache by XDG_CACHE_HOME")
def test_without_a_folder_of_its_own_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a folder")
    done = run(tmp_path, tmp_path / "cache")
    assert done.stdout == "None\n" and "each time" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="moves the cache by XDG_CACHE_HOME")
def test_what_other_versions_left_is_removed_but_for_those_used_last(tmp_path: Path) -> None:
    """When this version compiles; those that only run again are counted by their last use."""
    cache = tmp_path / "cache" / "motionwire"
    old = [cache / f"kernels-{number:016x}" for number in range(6)]
    for age, folder in enumerate(old):
        folder.mkdir(parents=True)
        for path in (folder / "code.nbc", folder / "compiled", folder):
            path.touch()
            os.utime(path, (1e9 - age, 1e9 - age))
    os.utime(old[5] / "compiled", (2e9, 2e9))  # compiled first, but used last
    own = [cache / "kernels-mine", cache / "other"]
    for folder in own:
        folder.mkdir()
    (cache / f"kernels-{7:016x}").symlink_to(tmp_path)
    current = Path(run(tmp_path, tmp_path / "cache").stdout.strip())
    kept = {current, old[5], old[0], old[1], *own, cache / f"kernels-{7:016x}"}
    assert set(cache.iterdir()) == kept and (old[5] / "code.nbc").exists() and (tmp_path / "program.py").exists()
    os.utime(current / "compiled", (1e9, 1e9))
    run(tmp_path, tmp_path / "cache")
    assert (current / "compiled").stat().st_mtime > 1e9, "each use is noted"


@pytest.mark.skipif(sys.platform == "win32", reason="folder permissions")
def test_a_folder_that_others_write_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(kernels.sys, "platform", "linux")
    kernels.cache_folder.cache_clear()
    folder = kernels.cache_folder()
    assert folder is not None
    folder.chmod(0o777)
    kernels.cache_folder.cache_clear()
    assert kernels.cache_folder() is None
    kernels.cache_folder.cache_clear()


def test_compiled_code_still_tells_what_is_not_a_number() -> None:
    @kernels.kernel
    def all_finite(values: np.ndarray) -> bool:
        return bool(isfinite(values[0] + values[1]))

    assert all_finite(np.array([1.0, 2.0]))
    for bad in (np.nan, np.inf):
        assert not all_finite(np.array([1.0, bad]))
