"""A server's own figures, from its Prometheus page."""

import urllib.request
from typing import Self

MEGABYTE = 1e6


class Page:
    """What a server's page at `url` says now. `since` gives what happened since an earlier look."""

    def __init__(self, url: str) -> None:
        with urllib.request.urlopen(url, timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        self._url = url
        self._values = {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line and line[0] != "#")}

    def again(self) -> Self:
        """What it says now."""
        return type(self)(self._url)

    def mean_ms(self, histogram: str, before: Self) -> float:
        """Mean in ms of what a histogram (`name{label="value"}`) took in since `before`; 0 when that is nothing."""
        count = self.count(histogram, before)
        return 1000 * self._grown(histogram, "sum", before) / count if count else 0.0

    def count(self, histogram: str, before: Self) -> float:
        """How often it took something in since `before`."""
        return self._grown(histogram, "count", before)

    def _grown(self, histogram: str, part: str, before: Self) -> float:
        name, _, labels = histogram.partition("{")
        key = f"{name}_{part}{{{labels}" if labels else f"{name}_{part}"
        return self._values[key] - before._values[key]

    @property
    def characters(self) -> int:
        """Characters alive in all sessions."""
        return int(self._values["motionwire_characters"])

    @property
    def resident_mb(self) -> float:
        """Resident memory of the server's process, MB."""
        return self._values["motionwire_process_resident_memory_bytes"] / MEGABYTE
