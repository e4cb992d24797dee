"""Writing result files so that a reader never sees half of one: temporary name in the same folder, fsync, rename."""

import os
import tempfile
from pathlib import Path

from motionwire.errors import InputError


def write_atomically(path: str | Path, data: bytes) -> None:
    """Write `data` to `path`, replacing what was there; on failure the old file stays and no temporary one is left.

    Raises InputError where the folder is missing or the file cannot be written.
    """
    path = Path(path)
    temporary: Path | None = None
    try:
        if path.is_dir():
            raise InputError("cannot write: is a folder", path)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:64]}.", suffix=".tmp")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
        temporary = None
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"cannot write: {getattr(error, 'strerror', None) or error}", path) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
