"""The sources of a bundle's card: the data of its runs, and of all runs that those began from, speak the codes of or hear through."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from motionwire.errors import InputError
from motionwire.manifest import TrainingData
from motionwire_training.data.shards import read_dataset
from motionwire_training.run import read_config
from motionwire_training.text_encoder.encoder import WEIGHTS, trained_weights

SENTENCES = " (sentences)"  # after the name of a source of which a text encoder learned sentences and labels, no motion


def sources_of(runs: Sequence[Path]) -> list[TrainingData]:
    """What the models of these runs learned from, the earliest first. Raises InputError where that cannot be told in full: a card that
    leaves a source out would be worse than none."""
    lineage = list(runs)
    for run in lineage:  # grows meanwhile
        lineage += [before for before in _made_on(run) if before not in lineage]
    return merged(row for run in reversed(lineage) for row in _own(run))


def merged(rows: Iterable[TrainingData]) -> list[TrainingData]:
    """Each source under each of its licences once, with the most clips that are told of it."""
    found: dict[tuple[str, str], TrainingData] = {}
    for row in rows:
        known = found.setdefault((row.source, row.licence), row)
        found[row.source, row.licence] = max(known, row, key=lambda one: one.clips)
    return list(found.values())


def _made_on(run: Path) -> list[Path]:
    """The runs whose weights are in this one's, or that it cannot act without."""
    found = read_config(run)
    if _told(found) is not None:
        return []
    config = found["config"]
    before = [Path(config[key]) for key in ("begin_from", "tokenizer") if config.get(key)]
    return before + ([Path(config["text_encoder"])] if trained_weights(config.get("text_encoder", "")) else [])


def _told(found: dict[str, Any]) -> list[dict[str, Any]] | None:
    """What a run's config.json itself says of its sources: that of a run unpacked from a bundle does, but for text encoders of bundles
    that name none."""
    told: list[dict[str, Any]] | None = found.get("training_data", [] if WEIGHTS in found else None)
    return told


def _own(run: Path) -> list[TrainingData]:
    """The sources of the run's own data; raises InputError where it is gone."""
    found = read_config(run)
    told = _told(found)
    if told is not None:
        return [msgspec.convert(row, TrainingData) for row in told]
    config, mark = found["config"], SENTENCES if found["kind"] == "text-encoder" else ""
    try:
        data = read_dataset(Path(config["data"]))
        if str(data["version"]) != found["data_version"]:
            raise InputError(f"version {data['version']}, not {found['data_version']}", config["data"])
    except InputError as error:
        raise InputError(f"its sources cannot be named without its data ({error}): correct `data` in its config.json", run) from None
    free = config["licence"] == "free"
    return [
        TrainingData(row["source"] + mark, row["licence"], row["clips"])
        for row in data["licences"]
        if row["licence_class"] == "free" or not free
    ]
