"""From finished chunks to the data set: shards with the clips mixed by key, the report, and dataset.json as the last word."""

import hashlib
import json
import shutil
import tarfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from motionwire import __version__
from motionwire.formats.atomic import write_atomically
from motionwire_training.data import chunks
from motionwire_training.data.items import SPLITS
from motionwire_training.data.licences import licence_class
from motionwire_training.data.report import write_report

SHARD_BYTES = 64 * 2**20  # aimed at; a shard is read from front to end, so its size is no memory
MAX_SHARDS = 128  # of a split; each is an open file while they are written


def assemble(out: Path, folder: Path, names: list[str], inputs: str, listed: int) -> dict[str, Any]:
    """Write everything an import leaves behind and return the content of dataset.json."""
    (out / "dataset.json").unlink(missing_ok=True)  # what follows is incomplete until it is there again
    records = [record for name in names for record in chunks.records(folder, name)]
    shards = write_shards(folder, names, records)
    if (out / "shards").exists():
        (out / "shards").rename(folder / "replaced")
    (folder / "shards").rename(out / "shards")
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    write_atomically(out / "clips.jsonl", lines.encode())
    imported = [record for record in records if record["status"] == "imported"]
    dataset = {
        "format_version": 1,
        "version": hashlib.blake2b("".join(sorted(r["hash"] for r in imported)).encode(), digest_size=8).hexdigest(),
        "made_by": f"motionwire {__version__}",
        "clips": dict(Counter(record["split"] for record in imported)),
        "frames": int(sum(record["measures"]["frames"] for record in imported)),
        "minutes": round(sum(record["measures"]["seconds"] for record in imported) / 60, 2),
        "licences": licences(imported),
        "shards": shards,
        "inputs": inputs,
    }
    write_report(out, records, dataset, listed)
    write_atomically(out / "dataset.json", json.dumps(dataset, indent=1, ensure_ascii=False).encode())
    return dataset


def licences(imported: list[dict]) -> list[dict[str, Any]]:
    """Source, licence, class and number of clips: what a bundle trained from here has to name."""
    counts = Counter((record["source"], record["licence"]) for record in imported)
    return [
        {"source": source, "licence": licence, "licence_class": licence_class(licence), "clips": clips}
        for (source, licence), clips in sorted(counts.items())
    ]


def write_shards(folder: Path, names: list[str], records: list[dict]) -> dict[str, int]:
    """Copy the chunks' samples into folder/shards; the key's hash picks the shard, which mixes sources and contents.

    Returns the number of shards of each split.
    """
    target = folder / "shards"
    for stale in (target, folder / "replaced"):
        shutil.rmtree(stale, ignore_errors=True)
    target.mkdir()
    split_of = {record["key"]: record["split"] for record in records if record["status"] == "imported"}
    share = Counter(split_of.values())
    total = sum((folder / f"{name}.tar").stat().st_size for name in names)
    counts = {split: max(1, min(MAX_SHARDS, round(total * share[split] / len(split_of) / SHARD_BYTES))) for split in SPLITS if share[split]}
    with ExitStack() as stack:
        shards = {
            (split, number): stack.enter_context(tarfile.open(target / f"{split}-{number:05d}.tar", "w", format=tarfile.GNU_FORMAT))
            for split, count in counts.items()
            for number in range(count)
        }
        for name in names:
            with tarfile.open(folder / f"{name}.tar", "r|") as chunk:
                for member in chunk:
                    key = member.name.rpartition(".")[0]
                    split = split_of[key]
                    place = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest(), "little") % counts[split]
                    content = chunk.extractfile(member)
                    if content is not None:
                        chunks.add_member(shards[split, place], member.name, content.read())
    return counts
