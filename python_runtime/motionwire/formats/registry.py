"""Formats by file extension."""

from collections.abc import Callable
from pathlib import Path

from motionwire.errors import InputError
from motionwire.formats import asf_amc, bvh, bvh_writer, json_clip, npz
from motionwire.motion.clip import Clip
from motionwire.motion.retarget import to_canonical

_READERS: dict[str, Callable[[Path], Clip]] = {
    ".bvh": bvh.read,
    ".amc": asf_amc.read,
    ".json": json_clip.read,
    ".npz": npz.read,
}
_WRITERS: dict[str, Callable[[Clip, Path], None]] = {
    ".bvh": bvh_writer.write,
    ".npz": npz.write,
    ".json": json_clip.write,
}
_CANONICAL_ONLY = (".npz", ".json")
READABLE: tuple[str, ...] = tuple(_READERS)
WRITABLE: tuple[str, ...] = tuple(_WRITERS)


def read(path: str | Path) -> Clip:
    """A motion file as a clip in its own units on its own skeleton; the extension says which format.

    Raises InputError for an unknown extension, a missing file, a folder, or content that is wrong.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError("is a folder, not a file", path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"cannot read files of type {path.suffix!r}; known: {', '.join(READABLE)}", path)
    return reader(path)


def read_canonical(path: str | Path) -> Clip:
    """A motion file as a canonical clip; raises InputError also for a rig that no profile knows."""
    clip = read(path)
    try:
        return to_canonical(clip)
    except InputError as error:
        raise InputError(str(error).removeprefix(f"{clip.name}: "), path) from None


def check_writable(path: str | Path) -> None:
    """Raises InputError unless `write` knows the extension and the folder is there: for commands that work long before they write."""
    path = Path(path)
    if path.suffix.lower() not in _WRITERS:
        raise InputError(f"cannot write files of type {path.suffix!r}; known: {', '.join(WRITABLE)}", path)
    if not path.parent.is_dir():
        raise InputError("cannot write: No such file or directory", path)


def needs_canonical(path: str | Path) -> bool:
    """Whether the format of this extension holds canonical clips only."""
    return Path(path).suffix.lower() in _CANONICAL_ONLY


def write(clip: Clip, path: str | Path) -> None:
    """Write a clip in the format of the extension; raises InputError for an unknown one or a path that cannot be written."""
    path = Path(path)
    check_writable(path)
    _WRITERS[path.suffix.lower()](clip, path)
