"""manifest.csv: one row per clip, naming its file, true frame rate, licence, labels and split.

Columns: clip, path, format; optional: archive, fps, first_frame, source, subject, licence, content, style,
description, split, mirror. Everything a row says is checked before anything is read or written.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from motionwire.errors import InputError
from motionwire_training.data import vocabulary
from motionwire_training.data.archives import checked_path, is_archive, members
from motionwire_training.data.companions import MAX_BYTES as MAX_COMPANION
from motionwire_training.data.companions import candidates, on_disk, pick, read
from motionwire_training.data.items import MAX_CLIP_BYTES, SPLITS, Item, Job, clean_key, hashed_split
from motionwire_training.data.sentences import beside, files_beside

N = TypeVar("N", int, float)

REQUIRED = ("clip", "path", "format")
MIRROR = {"": None, "yes": True, "no": False}


class ManifestSource:
    """The clips of a manifest, or only those of one archive that it names."""

    def __init__(self, manifest: Path, archive: Path | None = None) -> None:
        self.manifest = manifest
        self.folder = manifest.parent
        self.groups: dict[str, dict[str, list[Item]]] = {}  # archive (or "") -> path -> items
        for group, item in read_rows(manifest):
            if archive is None or group == archive.name:
                self.groups.setdefault(group, {}).setdefault(item.path, []).append(item)
        if not self.groups:
            raise InputError(f"names no clip{f' of {archive.name}' if archive else ''}", manifest)

    @property
    def name(self) -> str:
        """For messages."""
        return str(self.manifest)

    def files(self) -> list[Path]:
        """The files on disk that the clips come from."""
        loose = [(self.folder / path, items[0].format) for path, items in self.groups.get("", {}).items()]
        needed = [one for path, form in loose for one in (path, *files_beside(path), *on_disk(path, form))]
        return [self.manifest, *(self.folder / group for group in self.groups if group), *needed]

    def count(self) -> int:
        """Rows."""
        return sum(len(items) for group in self.groups.values() for items in group.values())

    def jobs(self) -> Iterator[Job]:
        """Each row as one job, in the order of the archives' members."""
        for group, items in self.groups.items():
            if group:
                yield from archive_jobs(self.folder / group, items)
            else:
                yield from folder_jobs(self.folder, items)


def read_rows(manifest: Path) -> Iterator[tuple[str, Item]]:
    """Archive name ("" for a loose file) and item of each row; raises InputError naming the line."""
    root = manifest.parent.resolve()
    seen: set[str] = set()
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as file:  # spreadsheets write a byte order mark
            reader = csv.DictReader(file)
            lacking = [column for column in REQUIRED if column not in (reader.fieldnames or ())]
            if lacking:
                raise InputError(f"lacks the column {', '.join(lacking)}", manifest)
            for row in reader:
                where = f"{manifest}, line {reader.line_num}"
                if None in row or None in row.values():
                    raise InputError("has more or fewer fields than the header", where)
                item = row_item(row, where)
                if row["clip"].strip() in seen:
                    raise InputError(f"clip {row['clip']!r} occurs twice", where)
                seen.add(row["clip"].strip())  # keys, which keep no dots and spaces, are told apart later
                group = (row.get("archive") or "").strip()
                if group:
                    group = checked_path(group, where)
                    if not is_archive(Path(group)):
                        raise InputError(f"archive {group!r} is not a tar archive", where)
                if not (root / (group or item.path)).resolve().is_relative_to(root):
                    raise InputError(f"path {group or item.path!r} points outside its folder", where)
                yield group, item
    except (OSError, UnicodeError, csv.Error) as error:
        raise InputError(f"cannot be read as a manifest: {error}", manifest) from error


def row_item(row: dict[str, str], where: str) -> Item:
    """One row's item; raises InputError for a wrong number, path, split or answer."""
    if not row["clip"].strip():
        raise InputError("has no clip name", where)
    key = clean_key(row["clip"].strip())
    given = (row.get("split") or "").strip()
    split = given or hashed_split(key)
    if split not in SPLITS:
        raise InputError(f"split {split!r} is none of {', '.join(SPLITS)}", where)
    fps = number(row.get("fps"), float, 0.0, where, "fps")
    if fps and not 1 <= fps <= 1000:
        raise InputError(f"fps {fps:g} is not between 1 and 1000", where)
    mirror = (row.get("mirror") or "").strip().lower()
    if mirror not in MIRROR:
        raise InputError(f"mirror {mirror!r} is neither yes nor no", where)
    return Item(
        key=key,
        path=checked_path(row["path"], where),
        format=row["format"].strip().lower().lstrip("."),
        source=(row.get("source") or "").strip() or Path(where).parent.name,
        licence=(row.get("licence") or "").strip(),
        subject=(row.get("subject") or "").strip(),
        content=vocabulary.known_name((row.get("content") or "").strip(), vocabulary.contents()),
        style=vocabulary.known_name((row.get("style") or "").strip(), vocabulary.styles()),
        description=(row.get("description") or "").strip(),
        split=split,
        hashed=not given,
        fps=fps or None,
        first_frame=number(row.get("first_frame"), int, 0, where, "first_frame"),
        mirror=MIRROR[mirror],
    )


def number(text: str | None, kind: type[N], empty: N, where: str, column: str) -> N:
    """A non-negative finite number of a cell, `empty` where the cell is."""
    try:
        value = kind(text) if text and text.strip() else kind(empty)
    except ValueError:
        raise InputError(f"{column} {text!r} is not a number", where) from None
    if not 0 <= value < 10**9:
        raise InputError(f"{column} {text!r} is out of range", where)
    return value


def archive_jobs(archive: Path, items: dict[str, list[Item]]) -> Iterator[Job]:
    """Jobs of one archive in one pass; a second pass only for clips that stand before the files they need."""
    if not archive.is_file():
        yield from missing_jobs(items, f"{archive.name} is not there", archive)
        return
    needs = {path: candidates(path, group[0].format) for path, group in items.items()}
    needed = {name for wanted in needs.values() for names in wanted for name in names}
    found: dict[str, bytes] = {}
    waiting = dict(items)
    for last in (False, True):
        early = False
        for name, data in members(archive, wanted=set(waiting) | needed):
            if name in needed and data is not None and len(data) <= MAX_COMPANION:
                found[name] = data
            if name not in waiting:
                continue
            companions = pick(needs[name], found)
            if len(companions) < len(needs[name]) and not last:
                early = True
                continue
            for item in waiting.pop(name):
                yield job(item, f"{archive.name}:{name}", data, companions)
        if not early:
            break
    yield from missing_jobs(waiting, "not in the archive", archive)


def folder_jobs(folder: Path, items: dict[str, list[Item]]) -> Iterator[Job]:
    """Jobs of loose files, with the sentences beside them."""
    for path, group in items.items():
        file = folder / path
        if not file.is_file():
            yield from missing_jobs({path: group}, "not in the folder", folder)
            continue
        data = file.read_bytes() if file.stat().st_size <= MAX_CLIP_BYTES else None
        for item in group:
            yield job(replace(item, captions=beside(file)), str(file), data, read(file, item.format))


def job(item: Item, where: str, data: bytes | None, companions: tuple[bytes, ...]) -> Job:
    """A job with its bytes; a file beyond the size limit is as good as missing."""
    if data is None:
        return Job(item, where, missing=f"larger than {MAX_CLIP_BYTES >> 20} MiB")
    return Job(item, where, data, companions)


def missing_jobs(items: dict[str, list[Item]], why: str, where: Path) -> Iterator[Job]:
    """Jobs that only say why there is nothing."""
    for path, group in items.items():
        for item in group:
            yield Job(item, f"{where.name}:{path}", missing=why)
