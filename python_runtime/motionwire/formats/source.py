"""Reading input files whole: every way it can fail becomes one line."""

from pathlib import Path

from motionwire.errors import InputError

MAX_BYTES = 2**30  # a gibibyte of text is hours of motion; more is a mistake or an attack
MAX_POSES = 2**26  # frames x joints; a gibibyte of quaternions


def read_bytes(path: str | Path, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a file. Raises InputError for a missing or unreadable file, a folder, or more than `limit` bytes."""
    path = Path(path)
    try:
        if path.is_dir():
            raise InputError("is a folder, not a file", path)
        if path.exists() and not path.is_file():  # opening a pipe that nobody writes to would wait for ever
            raise InputError("is a pipe or a device, not a file", path)
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except InputError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the name
        raise InputError(f"cannot read: {getattr(error, 'strerror', None) or error}", path) from None
    if len(data) > limit:
        raise InputError(f"larger than {limit:,} bytes", path)
    return data
