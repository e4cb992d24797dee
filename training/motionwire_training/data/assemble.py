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
from motionwire.errors import InputError
from motionwire.formats.atomic import write_atomically
from motionwire_training.data import chunks
from motionwire_training.data.items import SPLITS, key_hash
from motionwire_training.data.licences import licence_class
from motionwire_training.data.process import in_split
from motionwire_training.data.records import slim
from motionwire_training.data.report import write_report
from motionwire_training.data.shards import read_dataset

SHARD_BYTES = 64 * 2**20  # aimed at; a shard is read from front to end, so its size is no memory
PREPARED = ("features30", "controller-*-*-*", "captions-*-*-*")  # folders that trainings have made of a data set and keep beside it
RESULTS = ("shards", "clips.jsonl", "report.json", "report.html", "dataset.json")  # in the order in which they take their places
MAX_SHARDS = 128  # of a split; each is an open file while they are written


def assemble(out: Path, folder: Path, names: list[str], inputs: str, listed: int) -> dict[str, Any]:
    """Write everything an import leaves behind and return the content of dataset.json. `out` changes only when all is on disk.

    Raises InputError when clips were rejected and none is left.
    """
    records = [slim(record) for name in names for record in chunks.records(folder, name)]
    refuse_nothing(records)
    hold_one_out(records)
    made = folder / "made"
    for stale in (made, folder / "replaced"):
        shutil.rmtree(stale, ignore_errors=True)
    made.mkdir()
    shards = write_shards(folder, names, records, made / "shards")
    write_lines(folder, names, records, made / "clips.jsonl")
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
    write_report(made, records, dataset, listed)
    write_atomically(made / "dataset.json", json.dumps(dataset, indent=1, ensure_ascii=False).encode())
    version_before = read_dataset(out)["version"] if (out / "dataset.json").is_file() else None
    (out / "dataset.json").unlink(missing_ok=True)  # what stands in `out` is incomplete until it is there again
    if (out / "shards").exists():
        (out / "shards").rename(folder / "replaced")
    for name in RESULTS:
        (made / name).replace(out / name)
    if version_before != dataset["version"]:
        for stale in (path for pattern in PREPARED for path in out.glob(pattern)):
            shutil.rmtree(stale, ignore_errors=True)
    return dataset


def refuse_nothing(records: list[dict]) -> None:
    """Raises InputError with the first reason when clips were rejected and none is left; clips that are only missing were told of."""
    rejected = [record for record in records if record["status"] == "rejected"]
    if rejected and not any(record["status"] == "imported" for record in records):
        more = f"; {len(rejected) - 1} more clips were rejected, none is left" if len(rejected) > 1 else ""
        raise InputError(f"rejected ({rejected[0]['reason']}): {rejected[0]['detail']}{more}", rejected[0]["path"])


def hold_one_out(records: list[dict]) -> None:
    """Where chance left `val` without a clip, the clip of the smallest hash goes there from `train`; what the user assigned stays."""
    imported = [record for record in records if record["status"] == "imported"]
    train = [record for record in imported if record["split"] == "train"]
    unassigned = [record for record in train if record.get("hashed")]
    if len(train) > 1 and unassigned and not any(record["split"] == "val" for record in imported):
        held = min(unassigned, key=lambda record: key_hash(record["key"]))
        held |= {"split": "val", "hash": f"{held['hash']}-val"}  # of another content, so the data set is another one too


def write_lines(folder: Path, names: list[str], records: list[dict], target: Path) -> None:
    """Every outcome of the chunks as a line of `target`, with the split and the hash that its record has now."""
    now = iter(records)
    with target.open("w", encoding="utf-8") as file:
        for name in names:
            for whole in chunks.records(folder, name):
                record = next(now)
                told = {**whole, "split": record["split"], "hash": record["hash"]}
                file.write(json.dumps(told, ensure_ascii=False) + "\n")


def licences(imported: list[dict]) -> list[dict[str, Any]]:
    """Source, licence, class and number of clips: what a bundle trained from here has to name."""
    counts = Counter((record["source"], record["licence"]) for record in imported)
    return [
        {"source": source, "licence": licence, "licence_class": licence_class(licence), "clips": clips}
        for (source, licence), clips in sorted(counts.items())
    ]


def write_shards(folder: Path, names: list[str], records: list[dict], target: Path) -> dict[str, int]:
    """Copy the chunks' samples into shards in the new folder `target`; the key's hash picks the shard, which mixes sources and contents.
    A sample of another split than its record's gets the labels that it has there.

    Returns the number of shards of each split.
    """
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
                    place = key_hash(key) % counts[split]
                    content = chunk.extractfile(member)
                    if content is not None:
                        data = content.read()
                        data = relabelled(data, split) if member.name.endswith(".json") else data
                        chunks.add_member(shards[split, place], member.name, data)
    return counts


def relabelled(labels: bytes, split: str) -> bytes:
    """A sample's labels as JSON, those of this split."""
    found = json.loads(labels)
    return labels if found["split"] == split else json.dumps(in_split(found, split), ensure_ascii=False).encode()
