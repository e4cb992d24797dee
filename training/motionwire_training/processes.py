"""Work on many clips over all cores, as a map whose results come in order."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from motionwire.children import DIED, deaf_to_ctrl_c, end_by_ctrl_c
from motionwire.cores import usable_cores
from motionwire.errors import InputError

AT_ONCE = 512  # items, and as many results, in memory at a time


@contextmanager
def processes(what: str, place: str | Path, worth: int, chunk: int = 1) -> Iterator[Callable[[Any, Iterable[Any]], Iterator[Any]]]:
    """map(function, items), over processes once there are `worth` items: fewer are done sooner than processes start.

    chunk: items that a process gets at a time. Raises InputError, saying that `what` at `place` cannot be prepared, where one was killed.
    """
    pool: ProcessPoolExecutor | None = None

    def mapped(function: Any, items: Iterable[Any]) -> Iterator[Any]:
        nonlocal pool
        items = iter(items)
        while some := list(islice(items, AT_ONCE)):
            if pool is None and len(some) >= worth:
                context = multiprocessing.get_context("spawn")
                pool = ProcessPoolExecutor(usable_cores(), context, initializer=end_by_ctrl_c)
            if pool is None:
                yield from map(function, some)
            else:
                with deaf_to_ctrl_c():
                    found = pool.map(function, some, chunksize=chunk)
                yield from found

    try:
        yield mapped
    except BrokenProcessPool:
        raise InputError(f"{what} cannot be prepared: {DIED}; on fewer cores (taskset) it needs less", place) from None
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)
