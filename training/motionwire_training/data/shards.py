"""Reading the data set as a stream: one shard after the other, one clip in memory at a time.

    for sample in shuffled(read_shards(folder, "train", "research"), size=256, seed=0): ...

Shards are WebDataset tars (KEY.npz and KEY.json side by side), so `webdataset.WebDataset` reads them as well; this
reader adds the checks that data from elsewhere needs.
"""

import json
import random
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from motionwire.errors import InputError
from motionwire.formats.source import read_bytes
from motionwire_training.data.sample import MAX_MEMBER_BYTES, Sample, from_members

T = TypeVar("T")
MAX_DESCRIPTION = 2**24  # bytes


def read_dataset(folder: Path) -> dict[str, Any]:
    """The data set's own description (version, counts, licences); raises InputError where there is none."""
    path = Path(folder) / "dataset.json"
    try:
        if not path.exists():
            raise InputError("no dataset.json: not an imported data set, or its import has not finished", folder)
        data = read_bytes(path, MAX_DESCRIPTION)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path) from None
    try:
        described = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"cannot be read: {error}", path) from None
    if not isinstance(described, dict) or "version" not in described:
        raise InputError("is not the description of a data set", path)
    return described


def shard_paths(folder: Path, split: str) -> list[Path]:
    """The shards of a split; raises InputError where there is none."""
    paths = sorted((Path(folder) / "shards").glob(f"{split}-*.tar"))
    if not paths:
        raise InputError(f"no {split} shards", Path(folder) / "shards")
    return paths


def read_shards(folder: Path, split: str, licence_class: str = "research") -> Iterator[Sample]:
    """Every sample of a split in the shards' order. "research" is all of them, "free" only those of that licence class."""
    if licence_class not in ("free", "research"):
        raise InputError(f"licence class {licence_class!r} is neither free nor research")
    for path in shard_paths(folder, split):
        yield from (sample for sample in read_shard(path) if may_use(sample, licence_class))


def may_use(sample: Sample, licence_class: str) -> bool:
    """Whether a model of this licence class may see the sample."""
    return licence_class == "research" or sample.labels.get("licence_class") == "free"


def expected_clips(folder: Path, split: str, licence_class: str) -> int | None:
    """How many clips `read_shards` gives, for progress bars; None where the data set's description does not tell."""
    return read_dataset(folder).get("clips", {}).get(split) if licence_class == "research" else None


def check_held_out(folder: Path, licence_class: str) -> None:
    """Raises InputError where `val`, by which a training knows its best weights, has no clip that it may use."""
    shards = sorted((Path(folder) / "shards").glob("val-*.tar"))
    if not any(may_use(sample, licence_class) for path in shards for sample in read_shard(path)):
        if licence_class == "free" and not any(row["licence_class"] == "free" for row in read_dataset(folder).get("licences", ())):
            what = "no clip's licence is known to allow every use: say it in the column `licence` of a manifest and import again"
            raise InputError(f"{what}, or train with licence=research", folder)
        what = "free clip" if licence_class == "free" else "clip"
        raise InputError(f"has no {what} in val: give some the split val in a manifest and import again, to another --out", folder)


def read_shard(path: Path) -> Iterator[Sample]:
    """The samples of one shard; raises InputError naming the shard and the member that is wrong."""
    pending: dict[str, bytes] = {}
    pending_key = ""
    try:
        with tarfile.open(path, "r|") as stream:
            for member in stream:
                where = f"{path}:{member.name!r}"
                key, _, suffix = member.name.rpartition(".")
                if not member.isreg() or suffix not in ("npz", "json") or "/" in key or not key:
                    raise InputError("is not a member of a shard", where)
                if member.size > MAX_MEMBER_BYTES:
                    raise InputError(f"has {member.size} bytes", where)
                if key != pending_key and pending:
                    raise InputError("follows a clip of which one half is missing", where)
                content = stream.extractfile(member)
                pending[suffix], pending_key = content.read() if content else b"", key
                if len(pending) == 2:
                    yield from_members(pending["npz"], pending["json"], f"{path}:{key}")
                    pending = {}
    except (tarfile.TarError, OSError, EOFError) as error:
        raise InputError(f"cannot be read as a shard: {error}", path) from error
    if pending:
        raise InputError(f"ends in the middle of {pending_key!r}", path)


def shuffled(items: Iterable[T], size: int, seed: int) -> Iterator[T]:
    """The items in an order mixed through a buffer of `size`; memory is bounded by it, the order follows from the seed."""
    if size < 1:
        raise InputError(f"a shuffle buffer of {size} holds nothing")
    generator = random.Random(seed)
    buffer: list[T] = []
    for item in items:
        if len(buffer) < size:
            buffer.append(item)
            continue
        place = generator.randrange(size)
        buffer[place], item = item, buffer[place]  # noqa: PLW2901
        yield item
    generator.shuffle(buffer)
    yield from buffer
