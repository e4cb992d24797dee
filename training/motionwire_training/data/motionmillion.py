"""MotionMillion's own layout (Fan et al. 2025, arXiv 2507.07095): 272-dimensional features, captions and split lists.

motion_272rpr/**/NAME.npy    float32 [T, 272] at 30 fps
texts/**/NAME.txt            one caption a line (sentences.py)
split/**/*.txt               names, one a line; train, val and test are read, `all` only repeats them
mean_std/                    their normalisation; not needed here
"""

from collections.abc import Iterator
from pathlib import Path

from motionwire.errors import InputError
from motionwire_training.data.archives import checked_path
from motionwire_training.data.items import MAX_CLIP_BYTES, SPLITS, Item, Job, clean_key, hashed_split, readable
from motionwire_training.data.sentences import in_file

MOTIONS, TEXTS, LISTS = "motion_272rpr", "texts", "split"
LICENCE = "MotionMillion: the terms of each of its sources hold"
FPS = 30.0
MAX_CAPTIONS = 32


def is_motionmillion(folder: Path) -> bool:
    """True for a folder that holds MotionMillion's motion folder."""
    return (folder / MOTIONS).is_dir()


class MotionMillionSource:
    """The clips that the split lists name, or every clip where there is no list. Names are read as a stream."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        lists = sorted((folder / LISTS).rglob("*.txt")) if (folder / LISTS).is_dir() else []
        self.lists = [path for path in lists if path.stem in SPLITS]

    @property
    def name(self) -> str:
        """For messages."""
        return str(self.folder)

    def files(self) -> list[Path]:
        """The split lists, and the motions and texts that exist."""
        return [*self.lists, *sorted((self.folder / MOTIONS).rglob("*.npy")), *sorted((self.folder / TEXTS).rglob("*.txt"))]

    def names(self) -> Iterator[tuple[str, str]]:
        """Name (path below the motion folder, no suffix) and split of each clip, listed once even where lists repeat it."""
        if not self.lists:
            for path in sorted((self.folder / MOTIONS).rglob("*.npy")):
                name = path.relative_to(self.folder / MOTIONS).with_suffix("").as_posix()
                yield name, hashed_split(name)
            return
        seen: set[int] = set()
        for path in self.lists:
            try:
                with path.open(encoding="utf-8") as lines:
                    for number, line in enumerate(lines, 1):
                        name = line.strip().removesuffix(".npy")
                        if not name or hash(name) in seen:
                            continue
                        seen.add(hash(name))
                        yield checked_path(name, f"{path}, line {number}"), path.stem
            except (OSError, UnicodeError) as error:
                raise InputError(f"cannot be read as a split list: {error}", path) from error

    def count(self) -> int:
        """Names listed."""
        return sum(1 for _ in self.names())

    def jobs(self) -> Iterator[Job]:
        """Each listed name as one job."""
        root = (self.folder / MOTIONS).resolve()
        for name, split in self.names():
            path = self.folder / MOTIONS / f"{name}.npy"
            item = Item(
                key=clean_key(name),
                path=f"{MOTIONS}/{readable(name)}.npy",
                format="272",
                source="motionmillion",
                licence=LICENCE,
                split=split,
                hashed=not self.lists,
                fps=FPS,
                captions=in_file(self.folder / TEXTS / f"{name}.txt")[:MAX_CAPTIONS],
            )
            if not path.is_file():
                yield Job(item, str(path), missing="listed in a split, but not there")
            elif not path.resolve().is_relative_to(root):
                raise InputError("points outside its folder", path)
            elif path.stat().st_size > MAX_CLIP_BYTES:
                yield Job(item, str(path), missing=f"larger than {MAX_CLIP_BYTES >> 20} MiB")
            else:
                yield Job(item, str(path), path.read_bytes())
