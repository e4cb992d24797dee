"""Folders that are there, or appear whole or not at all."""

import errno
import glob
import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psutil

from motionwire.errors import InputError

try:
    import fcntl
except ImportError:  # Windows, where nobody is kept out
    fcntl = None  # type: ignore[assignment]


@contextmanager
def built(folder: Path) -> Iterator[Path]:
    """An empty folder beside `folder` to write into; it takes the place of `folder` when the block ends without an error.

    An older one steps aside first and goes last, as does what processes of this machine left behind that were killed meanwhile. Raises
    InputError where no folder can be made, and where the disk is full.
    """
    begun = f".{folder.name}.{platform.node()}."  # the machine too: others may write to the same disk
    building = folder.with_name(f"{begun}{os.getpid()}")
    for path in folder.parent.glob(f"{glob.escape(begun)}*"):
        pid, _, old = path.name.removeprefix(begun).partition(".")
        gone = pid.isdecimal() and (int(pid) == os.getpid() or not psutil.pid_exists(int(pid)))
        if gone and (not old or folder.exists()):  # else killed just when it had stepped aside: it may be wanted
            shutil.rmtree(path, ignore_errors=True)
    try:
        building.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"cannot be made: {error.strerror}", folder) from None
    try:
        yield building
        before = building.with_name(f"{building.name}.old")
        if folder.exists():
            folder.rename(before)
        building.rename(folder)
        shutil.rmtree(before, ignore_errors=True)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise InputError(f"cannot be written: {error.strerror}", folder) from None  # who writes to an open file names none
    finally:
        shutil.rmtree(building, ignore_errors=True)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it where they are missing; raises InputError where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made a folder: {error.strerror}", folder) from None


def claim(folder: Path) -> IO[bytes]:
    """Keep other processes out of a folder until what is returned is closed, or this process ends. Raises InputError where one has it
    already: two trainings in one folder would write each other's checkpoints over."""
    try:
        file = (folder / "lock").open("ab")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", folder) from None
    if fcntl is not None:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise InputError("another process trains in it", folder) from None
    return file
