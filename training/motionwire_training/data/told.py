"""What an import tells on the terminal beside its result: each kind of thing once, however many clips it concerns."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from motionwire_training.data import vocabulary
from motionwire_training.data.items import Item, Job
from motionwire_training.data.sources import Source

NAMED = 8  # labels in a warning


class Seen:
    """What went by of the sources' clips: those that are listed and not there, and labels for which there are no words."""

    def __init__(self) -> None:
        self._missing: Counter[str] = Counter()
        self._unworded: dict[str, None] = {}

    def watched(self, source: Source) -> Iterator[Job]:
        """The source's jobs, looked at."""
        for job in source.jobs():
            if job.missing:
                self._missing[source.name] += 1
            elif not job.item.captions:
                self._unworded |= dict.fromkeys(unworded(job.item))
            yield job

    def warn(self, console: Console) -> None:
        """A line for each source that lacks clips, and one for all labels."""
        for name, count in self._missing.items():
            _warn(console, f"{name}: {count} listed clips are not there; skipped")
        if self._unworded:
            _warn(
                console, f"no words for {_listed(self._unworded)}: sentences only repeat the label (docs/captions.md lists the known ones)"
            )


def unworded(item: Item) -> Iterator[str]:
    """The labels of a clip that the grammar has no words for; a content does not need them where there is a description."""
    if item.content and not item.description and item.content not in vocabulary.contents():
        yield f"content {item.content!r}"
    if item.style and item.style not in vocabulary.styles():
        yield f"style {item.style!r}"


def warn_of_replacing(console: Console, out: Path, before: dict[str, Any]) -> None:
    """Say which data set will go when this import is complete; before: its dataset.json."""
    clips, minutes = sum(before.get("clips", {}).values()), before.get("minutes", 0)
    sources = _listed(dict.fromkeys(str(row["source"]) for row in before.get("licences", ())))
    what = f"version {before['version']}, {clips} clips, {minutes:.0f} minutes, of {sources or 'nothing'}"
    _warn(console, f"{out} holds another data set ({what}), which this import replaces when it is complete")


def warn_of_rejected(console: Console, records: Iterable[dict[str, Any]]) -> None:
    """Say how many clips were rejected and why; the report has each of them."""
    reasons = Counter(record["reason"] for record in records if record["status"] == "rejected")
    if reasons:
        why = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        _warn(console, f"{reasons.total()} clips were rejected ({why})")


def tell_free(console: Console, dataset: dict[str, Any]) -> None:
    """Name the licences that were taken to allow every use, for the user to see whether they do; dataset: its dataset.json."""
    texts = dict.fromkeys(str(row["licence"]) for row in dataset["licences"] if row["licence_class"] == "free")
    told = f"taken as free for every use: {'; '.join(texts)}" if texts else "no licence is taken as free for every use"
    console.print(told, soft_wrap=True, markup=False, highlight=False)


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return ", ".join([*names[:NAMED], *more])


def _warn(console: Console, text: str) -> None:
    console.print(f"warning: {text}", style="yellow", soft_wrap=True, markup=False, highlight=False)
