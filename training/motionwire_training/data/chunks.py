"""Work in chunks: a few clips are processed together and kept as two files, so an import that was killed goes on.

    ID.tar     the samples, as they will stand in the shards
    ID.jsonl   one outcome a line; written last, so a chunk is finished when it exists

The ID is the hash of what goes in, so a finished chunk is found again whatever else changed.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from motionwire import __version__
from motionwire.motion.profile import Profile
from motionwire_training.data.items import Job
from motionwire_training.data.process import process
from motionwire_training.data.sample import to_members
from motionwire_training.data.vocabulary import words_digest

VERSION = 2  # of what importing does, between two releases; a new number makes old chunks worthless
CLIPS = 24
BYTES = 8 * 2**20


def release() -> str:
    """What decides, beside the clips, what becomes of them: the rules of this release, and its words."""
    return f"{VERSION} {__version__} {words_digest()}"


def chunked(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """Jobs in groups of at most CLIPS clips and about BYTES bytes; the same jobs always make the same groups."""
    group: list[Job] = []
    size = 0
    for job in jobs:
        if group and (len(group) == CLIPS or size + job.size > BYTES):
            yield group
            group, size = [], 0
        group.append(job)
        size += job.size
    if group:
        yield group


def chunk_id(jobs: list[Job], own: Sequence[Profile] = ()) -> str:
    """Hash of the labels and contents of a chunk, of the profiles beside the built-in ones and of `release`."""
    hasher = hashlib.blake2b(f"motionwire import {release()}".encode(), digest_size=12)
    for job in jobs:
        hasher.update(job.digest().encode())
        hasher.update(job.item.path.encode() + b"\0")
    hasher.update("".join(map(repr, own)).encode())
    return hasher.hexdigest()


def is_finished(folder: Path, name: str) -> bool:
    """True when the chunk's outcomes are on disk."""
    return (folder / f"{name}.jsonl").is_file()


def work(folder: Path, name: str, jobs: list[Job], own: Sequence[Profile] = ()) -> int:
    """Process a chunk and write both files; returns the number of clips. Runs in a worker process."""
    buffer, lines = io.BytesIO(), ""
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for outcome in (process(job, own) for job in jobs):
            hasher = hashlib.blake2b(digest_size=12)
            if outcome.sample is not None:
                for suffix, content in to_members(outcome.sample).items():
                    add_member(tar, f"{outcome.item.key}.{suffix}", content)
                    hasher.update(content)
            lines += json.dumps(outcome.record() | {"hash": hasher.hexdigest()}, ensure_ascii=False) + "\n"
    for file, content in ((f"{name}.tar", buffer.getvalue()), (f"{name}.jsonl", lines.encode())):
        temporary = folder / f"{file}.{os.getpid()}.tmp"
        try:
            temporary.write_bytes(content)
            temporary.replace(folder / file)
        finally:
            temporary.unlink(missing_ok=True)
    return len(jobs)


def add_member(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    """Append a file to a tar with nothing in its header that differs from run to run."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mode = 0o644
    tar.addfile(info, io.BytesIO(content))


def any_finished(folder: Path) -> bool:
    """True when there is a chunk that another import can go on from."""
    return next(folder.glob("*.jsonl"), None) is not None


def records(folder: Path, name: str) -> list[dict]:
    """The outcomes of a finished chunk."""
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
