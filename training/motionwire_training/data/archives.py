"""Archives read as a stream, never unpacked to disk. Everything an archive says about itself is checked first."""

import lzma
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from motionwire.errors import InputError
from motionwire_training.data.items import MAX_CLIP_BYTES

ARCHIVE_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2")


def is_archive(path: Path) -> bool:
    """True for a file name that says it is a tar archive."""
    return path.name.lower().endswith(ARCHIVE_SUFFIXES)


def checked_path(text: str, where: object) -> str:
    """A relative path that stays where it is, as written in a manifest or an archive; raises InputError for any other."""
    path = PurePosixPath(text)
    if not text or "\0" in text or "\\" in text:
        raise InputError(f"path {text!r} is not a plain relative path", where)
    if path.is_absolute() or (len(text) > 1 and text[1] == ":"):
        raise InputError(f"path {text!r} is absolute", where)
    if ".." in path.parts:
        raise InputError(f"path {text!r} points outside its folder or archive", where)
    return str(path)


def members(archive: Path, wanted: set[str] | None = None) -> Iterator[tuple[str, bytes | None]]:
    """Name and content of the archive's files in their order; None instead of the content of one beyond the size limit.

    `wanted` names the files whose content is needed; others are checked and skipped. Raises InputError for a
    damaged archive, for a link or a device in it, and for a path that leaves it.
    """
    try:
        with tarfile.open(archive, "r|*") as stream:
            for member in stream:
                where = f"{archive}:{member.name!r}"
                name = checked_path(member.name, where)
                if member.isdir():
                    continue
                if not member.isreg():
                    raise InputError("a link or a device, not a file", where)
                if wanted is not None and name not in wanted:
                    continue
                if member.size > MAX_CLIP_BYTES:
                    yield name, None
                    continue
                content = stream.extractfile(member)
                yield name, content.read() if content else b""
    except (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, UnicodeError) as error:
        raise InputError(f"cannot be read as an archive: {error}", archive) from error
