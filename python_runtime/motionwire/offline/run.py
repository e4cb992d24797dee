"""A run: which of the asked clips are there already, what the others' files are called, and who makes them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from motionwire.offline.beside import is_done
from motionwire.offline.cluster import make_on_cluster
from motionwire.offline.maker import LANES, Maker, Outcome
from motionwire.offline.order import Item, Order
from motionwire.offline.workers import make_all

WORTH_A_PROCESS = 2 * LANES  # items: a process takes some seconds to begin


def split(order: Order, items: Iterable[Item], fingerprint: str) -> tuple[list[Item], list[Item]]:
    """Items still to make and those that an earlier run has made, with file names that nobody else's clip has."""
    folder, taken = Path(order.folder), set[str]()
    to_make: list[Item] = []
    done: list[Item] = []
    for item in items:
        number = 1
        while True:
            stem = item.stem if number == 1 else f"{item.stem}_{number}"
            named = msgspec.structs.replace(item, stem=stem)
            there = None if stem in taken else is_done(folder / f"{stem}{order.extension}", item, fingerprint)
            if stem not in taken and there is not False:
                break
            number += 1
        taken.add(stem)
        (done if there else to_make).append(named)
    return to_make, done


def make(order: Order, items: list[Item], workers: int, cluster: str | None = None) -> Iterator[Outcome]:
    """Outcomes of all items: on a Ray cluster, on so many processes, or here where there are few."""
    if cluster is not None:
        yield from make_on_cluster(order, items, cluster)
        return
    workers = min(workers, -(-len(items) // WORTH_A_PROCESS))
    if workers > 1:
        yield from make_all(order, items, workers)
    elif items:
        yield from Maker(order).make(items, min(LANES, len(items)))
