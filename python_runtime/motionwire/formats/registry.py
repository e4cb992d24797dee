"""Formats by file extension."""

from collections.abc import Callable
from pathlib import Path

from motionwire.errors import InputError
from motionwire.formats import asf_amc, bvh
from motionwire.motion.clip import Clip

_READERS: dict[str, Callable[[Path], Clip]] = {".bvh": bvh.read, ".amc": asf_amc.read}
READABLE: tuple[str, ...] = tuple(_READERS)


def read(path: str | Path) -> Clip:
    """A motion file as a clip in its own units on its own skeleton; the extension says which format.

    Raises InputError for an unknown extension, a missing file, a folder, or content that is wrong.
    """
    path = Path(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"cannot read {path.suffix or 'a file without extension'!r}; known: {', '.join(READABLE)}", path)
    return reader(path)
