"""Blocks of characters, shared out among threads.

A block is small enough that what its characters need stays in a core's cache from one step of the frame loop to the next, the
network's activations before all: a thousand at once would go through memory at each of its operators.
"""

import threading
import weakref
from collections.abc import Callable, Iterator
from itertools import pairwise

BLOCK = 128  # characters at most
FEWEST = 12  # characters whose work is worth waking a thread for

Job = Callable[[slice], object]


class Crew:
    """So many threads, the caller's among them; for one caller at a time."""

    def __init__(self, threads: int) -> None:
        self._others = [_Hand() for _ in range(threads - 1)]
        weakref.finalize(self, _dismiss, self._others)

    def threads_for(self, count: int) -> int:
        """How many threads share so many characters."""
        return max(1, min(1 + len(self._others), count // FEWEST))

    def blocks(self, count: int) -> list[slice]:
        """Rows 0..count in blocks of about the same length, for each thread as many; where that is more than one, the last one of each
        thread in two halves, so that whoever was held up leaves less for the others to wait for."""
        threads = self.threads_for(count)
        number = threads * -(-count // (threads * BLOCK)) or 1
        whole = number - threads if number > threads else number
        ends = [count * k // number for k in range(whole + 1)]
        ends += [count * k // (2 * number) for k in range(2 * whole + 1, 2 * number + 1)]
        return [slice(first, end) for first, end in pairwise(ends)]

    def work(self, job: Job, blocks: list[slice]) -> None:
        """Do the job for each block; raises what it raises, once no thread is at it any more."""
        left = iter(blocks)  # gives each block to one of the threads
        helping = self._others[: len(blocks) - 1]
        for hand in helping:
            hand.begin(job, left)
        failed = _take(job, left)
        for hand in helping:
            failed = hand.ended() or failed
        if failed is not None:
            raise failed


class _Hand:
    """A thread that waits for work. A lock wakes it: an executor's queue and futures take 29 us for each tick, this takes 7."""

    def __init__(self) -> None:
        self._go, self._done = threading.Lock(), threading.Lock()
        self._go.acquire()
        self._done.acquire()
        self._work: tuple[Job, Iterator[slice]] | None = None
        self._failed: BaseException | None = None
        threading.Thread(target=self._run, name="motionwire-crew", daemon=True).start()

    def begin(self, job: Job, left: Iterator[slice]) -> None:
        """Take blocks, until none is left."""
        self._work = job, left
        self._go.release()

    def ended(self) -> BaseException | None:
        """Wait for it; what it failed with."""
        self._done.acquire()
        return self._failed

    def leave(self) -> None:
        """End the thread."""
        self._work = None
        self._go.release()

    def _run(self) -> None:
        while True:
            self._go.acquire()
            if self._work is None:
                return
            self._failed = _take(*self._work)
            self._work = None
            self._done.release()


def _take(job: Job, left: Iterator[slice]) -> BaseException | None:
    """Do the job for one block after the other; what it failed with."""
    try:
        for block in left:
            job(block)
    except BaseException as error:  # of a thread that nobody looks at: it is raised where the work was asked for
        return error
    return None


def _dismiss(hands: list[_Hand]) -> None:
    for hand in hands:
        hand.leave()
