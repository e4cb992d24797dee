"""Kernels: loops over characters, compiled to machine code by numba on their first use and then kept on disk.

`@kernel` is for what Python calls, `@part` for what kernels call. numba notices a change of the file a kernel stands in, but not
of the parts and constants it takes from other files; so the folder of the compiled code is named after those files' contents. Only
the user may write there: numba's files are programs, loaded without further checks. Where there is no such place, nothing is kept. A
version that compiles removes what others have left there, but for the few that were used last.
"""

import hashlib
import logging
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import numba

PACKAGE = Path(__file__).parent
# What kernels take from other files stands in these.
SOURCES = ("kernels.py", "travel.py", "controller/*.py", *(f"motion/{name}.py" for name in ("legs", "skeleton", "trail", "footsteps")))
# Fused multiplications and common divisors. Not "reassoc": it takes x - x for 0, even where x is not a number, and with that `isfinite`.
QUICK = {"contract", "arcp"}
# Division by zero is not an error, and other threads go on meanwhile.
OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True, "fastmath": QUICK}
DONE = "compiled"  # stands beside the compiled code; a run that was killed while it compiled leaves none. Its time is that of the last use
FOLDER = "kernels-{}"
OTHERS_KEPT = 3  # versions of Motionwire that may share a machine without compiling again and again

_log = logging.getLogger(__name__)


def part(function: Callable[..., Any]) -> Any:
    """Compiled as a piece of the kernels that call it."""
    return numba.njit(**OPTIONS)(function)


def kernel(function: Callable[..., Any]) -> Any:
    """Compiled at its first call, once for each combination of argument types."""
    folder = cache_folder()
    if folder is None:
        return numba.njit(**OPTIONS)(function)
    settings: Any = numba.config
    others = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder)  # read while decorating
    try:
        return numba.njit(cache=True, **OPTIONS)(function)
    finally:
        settings.CACHE_DIR = others


@cache
def cache_folder() -> Path | None:
    """The folder of this version's compiled kernels, None where none can be made that is the user's own."""
    sources = hashlib.sha256()
    for source in sorted(path for pattern in SOURCES for path in PACKAGE.glob(pattern)):
        sources.update(source.read_bytes())
    folder = _user_cache() / "motionwire" / FOLDER.format(sources.hexdigest()[:16])
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.stat()
    except (OSError, RuntimeError):
        return None
    owned = sys.platform == "win32" or (about.st_uid == os.getuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH))
    return folder if owned and os.access(folder, os.W_OK) else None


def compiled() -> bool:
    """Whether this version's kernels were compiled by an earlier run, wholly."""
    folder = cache_folder()
    return folder is not None and (folder / DONE).exists()


@contextmanager
def compiling() -> Iterator[None]:
    """Around the first calls of the kernels: say that they compile, unless an earlier run came through here."""
    folder = cache_folder()
    if folder is not None and compiled():
        with suppress(OSError):
            os.utime(folder / DONE)
        yield
        return
    kept = "this once" if folder is not None else "each time: no folder for compiled code can be written"
    _log.warning("compiling the controller's frame loop (some 20 seconds, %s)", kept)
    yield
    if folder is not None:
        with suppress(OSError):  # a full disk: said again next time
            (folder / DONE).touch()
        for old in other_versions(folder)[OTHERS_KEPT:]:
            with suppress(OSError):
                (old / DONE).unlink(missing_ok=True)  # first: what is half removed counts as not compiled
            shutil.rmtree(old, ignore_errors=True)


def other_versions(folder: Path) -> list[Path]:
    """Folders of compiled kernels beside this version's, those used last first."""

    def used(other: Path) -> float:
        return max(path.stat().st_mtime for path in (other, other / DONE) if path.exists())

    try:
        others = [path for path in folder.parent.iterdir() if re.fullmatch(FOLDER.format("[0-9a-f]{16}"), path.name) and path != folder]
        return sorted((path for path in others if path.is_dir() and not path.is_symlink()), key=used, reverse=True)
    except (OSError, ValueError):  # another process removes some just now
        return []


def _user_cache() -> Path:
    """Where this system keeps a user's caches."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
