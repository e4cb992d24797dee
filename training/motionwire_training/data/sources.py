"""SOURCE... of `motionwire-train import`: a folder, a file, a manifest, an archive beside its manifest, or MotionMillion's layout."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from motionwire.errors import InputError
from motionwire_training.data.archives import is_archive
from motionwire_training.data.companions import is_companion, on_disk, read
from motionwire_training.data.items import MAX_CLIP_BYTES, Item, Job, clean_key, hashed_split, readable
from motionwire_training.data.manifest import ManifestSource
from motionwire_training.data.motionmillion import MotionMillionSource, is_motionmillion
from motionwire_training.data.sentences import beside, files_beside

LOOSE_SUFFIXES = (".bvh", ".amc", ".json", ".npz", ".fbx", ".glb", ".usd", ".usda", ".usdc")


class Source(Protocol):
    """Anything that clips come from. `jobs` yields `count` jobs, always in the same order."""

    @property
    def name(self) -> str: ...

    def files(self) -> list[Path]: ...

    def count(self) -> int: ...

    def jobs(self) -> Iterator[Job]: ...


class FilesSource:
    """Loose files without a manifest: no labels, sentences from the files beside them, licence unknown (so research).

    The source's name is the folder's; the split follows from the file name.
    """

    def __init__(self, root: Path, paths: Sequence[Path]) -> None:
        self.root = root
        self.paths = paths

    @property
    def name(self) -> str:
        """For messages."""
        return str(self.root)

    def files(self) -> list[Path]:
        """The clips' files, and those that belong to them."""
        belonging = [(path, *files_beside(path), *on_disk(path, path.suffix[1:].lower())) for path in self.paths]
        return [file for files in belonging for file in files]

    def count(self) -> int:
        """Files."""
        return len(self.paths)

    def jobs(self) -> Iterator[Job]:
        """Each file as one job."""
        for path in self.paths:
            relative = path.relative_to(self.root).as_posix()
            key = clean_key(relative.rpartition(".")[0])
            item = Item(
                key=key,
                path=readable(relative),
                format=path.suffix[1:].lower(),
                source=readable(self.root.name) or "files",
                split=hashed_split(key),
                hashed=True,
                captions=beside(path),
            )
            if path.stat().st_size > MAX_CLIP_BYTES:
                yield Job(item, str(path), missing=f"larger than {MAX_CLIP_BYTES >> 20} MiB")
                continue
            yield Job(item, str(path), path.read_bytes(), read(path, item.format))


def expand(paths: Sequence[Path]) -> list[Source]:
    """The sources that these paths stand for; raises InputError for a path that is none."""
    return [source(Path(path)) for path in paths]


def source(path: Path) -> Source:
    """The source at one path."""
    if path.is_dir():
        if (path / "manifest.csv").is_file():
            return ManifestSource(path / "manifest.csv")
        if is_motionmillion(path):
            return MotionMillionSource(path)
        found = sorted(file for file in path.rglob("*") if is_clip(file))
        if not found:
            raise InputError(f"no manifest.csv and no file of a known format ({', '.join(LOOSE_SUFFIXES)}) in this folder", path)
        return FilesSource(path.resolve(), [path.resolve() / file.relative_to(path) for file in found])
    if not path.is_file():
        raise InputError("no such file or folder", path)
    if path.suffix.lower() == ".csv":
        return ManifestSource(path)
    if is_archive(path):
        manifest = path.with_name("manifest.csv")
        if not manifest.is_file():
            raise InputError("an archive needs its manifest.csv beside it", path)
        return ManifestSource(manifest, archive=path)
    if path.suffix.lower() not in LOOSE_SUFFIXES:
        raise InputError(f"not a format that can be imported ({', '.join(LOOSE_SUFFIXES)}, manifest.csv, archives)", path)
    return FilesSource(path.resolve().parent, [path.resolve()])


def is_clip(file: Path) -> bool:
    """True for a file that stands for a clip of its own."""
    return file.suffix.lower() in LOOSE_SUFFIXES and not is_companion(file.name) and file.is_file()


def unique(jobs: Iterator[Job], taken: set[str]) -> Iterator[Job]:
    """The same jobs; a key that an earlier source has used gets its format and a number behind it."""
    for job in jobs:
        key, count = job.item.key, 2
        while key in taken:
            key = f"{job.item.key}-{job.item.format}{'' if count == 2 else count}"
            count += 1
        taken.add(key)
        if key == job.item.key:
            yield job
        else:
            item = Item(**{field: getattr(job.item, field) for field in Item.__slots__} | {"key": key})
            yield Job(item, job.where, job.data, job.companions, job.missing)
