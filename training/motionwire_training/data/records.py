"""The outcomes of all clips of an import, of which a data set may have a million: in memory only what the report and the shards need."""

import sys
from array import array
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

LABELS = ("status", "source", "licence", "content", "style", "split")  # few different values, each held once


class Measures(Mapping[str, float]):
    """A clip's measures by name, as numbers alone; the names are held once for all clips."""

    __slots__ = ("_places", "_values")

    def __init__(self, measures: Mapping[str, float]) -> None:
        self._places, self._values = _places(tuple(measures)), array("d", measures.values())

    def __getitem__(self, name: str) -> float:
        return self._values[self._places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._values)


@cache
def _places(names: tuple[str, ...]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def slim(record: Mapping[str, Any]) -> dict[str, Any]:
    """An outcome (`Outcome.record` with its hash) without what only clips.jsonl tells; of a clip that is not imported with the reason."""
    kept = {name: sys.intern(record[name]) for name in LABELS}
    why = {} if record["status"] == "imported" else {name: record[name] for name in ("path", "reason", "detail")}
    own = {"key": record["key"], "hash": record["hash"], "hashed": record["hashed"], "flags": tuple(record["flags"])}
    return {**kept, **why, **own, "measures": Measures(record["measures"])}
