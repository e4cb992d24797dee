"""Blocks of characters, shared out among threads.

A block is small enough that what its characters need stays in a core's cache from one step of the frame loop to the next, the
network's activations before all: a thousand at once would go through memory at each of its operators.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import pairwise

BLOCK = 128  # characters at most
FEWEST = 12  # characters whose work is worth waking a thread for


class Crew:
    """So many threads, the caller's among them."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._others = ThreadPoolExecutor(threads - 1, "motionwire-crew") if threads > 1 else None

    def threads_for(self, count: int) -> int:
        """How many threads share so many characters."""
        return max(1, min(self._threads, count // FEWEST))

    def blocks(self, count: int) -> list[slice]:
        """Rows 0..count in blocks of about the same length, for each thread as many."""
        threads = self.threads_for(count)
        number = threads * -(-count // (threads * BLOCK)) or 1
        ends = [count * k // number for k in range(number + 1)]
        return [slice(first, end) for first, end in pairwise(ends)]

    def work(self, job: Callable[[slice], object], blocks: list[slice]) -> None:
        """Do the job for each block; raises what it raises, once no thread is at it any more."""
        left = iter(blocks)  # gives each block to one of the threads

        def take() -> None:
            for block in left:
                job(block)

        others = [self._others.submit(take) for _ in blocks[1 : self._threads]] if self._others is not None else []
        try:
            take()
        finally:
            wait(others)
        for other in others:
            other.result()
