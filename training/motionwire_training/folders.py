"""Folders that are there, or appear whole or not at all."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from motionwire.errors import InputError

try:
    import fcntl
except ImportError:  # Windows, where nobody is kept out
    fcntl = None  # type: ignore[assignment]


@contextmanager
def built(folder: Path) -> Iterator[Path]:
    """An empty folder beside `folder` to write into; it takes the place of `folder` when the block ends without an error.

    An older one steps aside first and goes last. Raises InputError where no folder can be made, and where the disk is full.
    """
    building = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    try:
        building.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"cannot be made: {error.strerror}", folder) from None
    try:
        yield building
        old = folder.with_name(f".{folder.name}.old.{os.getpid()}")
        if folder.exists():
            folder.rename(old)
        building.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
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
