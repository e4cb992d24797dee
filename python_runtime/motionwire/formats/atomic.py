"""Writing result files so that a reader never sees half of one: temporary name in the same folder, fsync, rename."""

import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from motionwire.errors import InputError


def write_atomically(path: str | Path, data: bytes) -> None:
    """Write `data` to `path`, replacing what was there; on failure the old file stays and no temporary one is left.

    Raises InputError where the folder is missing or the file cannot be written.
    """
    write_together({Path(path): data})


def write_together(contents: Mapping[Path, bytes]) -> None:
    """The same for files that belong together: none takes its place before all of them are on disk."""
    written = {path: path.parent / f".{path.name[:64]}.{secrets.token_hex(4)}.tmp" for path in contents}  # known before they are there
    try:
        for path, data in contents.items():
            with _explained(path):
                _write(written[path], data, path)
        for path, temporary in written.items():
            with _explained(path):
                temporary.replace(path)
    finally:
        for temporary in written.values():
            with suppress(OSError, ValueError):  # it is not there, nor can it be
                temporary.unlink()


@contextmanager
def written_elsewhere(path: str | Path) -> Iterator[Path]:
    """A path beside `path`, with its extension, for a program that writes files itself; what it wrote there takes its place at the end.

    Raises InputError where nothing was written there or it cannot be put in place; then the old file stays.
    """
    path = Path(path)
    with _explained(path):
        if path.is_dir():
            raise InputError("cannot write: is a folder", path)
        folder = tempfile.TemporaryDirectory(dir=path.parent, prefix=".motionwire-")
    with folder:
        temporary = Path(folder.name) / f"clip{path.suffix.lower()}"
        yield temporary
        with _explained(path):
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            temporary.chmod(_mode(path))
            temporary.replace(path)


def _mode(path: Path) -> int:
    """The rights that a file has, or would get."""
    return path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()


def _write(temporary: Path, data: bytes, path: Path) -> None:
    """A new file that holds `data`, with the rights that `path` has or would get."""
    if path.is_dir():
        raise InputError("cannot write: is a folder", path)
    with open(temporary, "xb", opener=_private) as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.chmod(_mode(path))


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What the operating system refuses, as an InputError about `path`."""
    try:
        yield
    except InputError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the name
        raise InputError(f"cannot write: {getattr(error, 'strerror', None) or error}", path) from None


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
