"""One thread makes the motion of all sentences, live acts and clips, in one batch.

A turn makes four frames of every sentence that is chosen: of those live acts that are short of frames, if there are any, else of all.
Between two turns one waiting sentence joins, live ones first, and those that are complete, cancelled or failed leave.
"""

import contextlib
import logging
import queue
import threading
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError

LANES = 32  # sentences made at a time
CLIP_LANES = 8  # of them at most for clips
SHORT_S = 0.4  # a live act with less motion in hand goes before everything else

Array = NDArray[np.float32]

log = logging.getLogger(__name__)


class Batch(Protocol):
    """A running batch of sentences, as in batch.py; a take is what `begin` gives."""

    @property
    def free(self) -> int: ...

    def begin(self, text: str, seconds: float | None, seed: int, history: Array | None) -> Any: ...

    def advance(self, takes: Sequence[Any]) -> list[Array | InputError | None]: ...

    def end(self, take: Any) -> None: ...


class Sentences(Protocol):
    """What a text-to-motion generator offers."""

    def batch(self, lanes: int) -> Batch: ...


class Job(Protocol):
    """A sentence to make and who takes it. `cancelled` may be set by any thread; the scheduler's calls all the rest."""

    text: str
    seed: int
    seconds: float | None
    live: bool
    cancelled: threading.Event

    def is_ready(self) -> bool:
        """Whether it may begin."""

    def history(self) -> Array | None:
        """Features [h, 276] of the motion that it goes on from."""

    def in_hand(self) -> float:
        """Seconds of motion made and not yet shown (live only)."""

    def add(self, features: Array) -> None:
        """Take the next features [n, 276]. What it raises ends this job alone."""

    def finish(self, error: str) -> None:
        """Nothing more comes; called once. error: why it failed, empty when it is complete or cancelled."""


class Scheduler:
    """The thread and what it makes."""

    def __init__(self, generator: Sentences) -> None:
        self._batch = generator.batch(LANES)
        self._asked: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._waiting: list[Job] = []
        self._running: dict[Job, Any] = {}  # with its take
        self._thread = threading.Thread(target=self._run, name="sentences", daemon=True)
        self._thread.start()

    def __len__(self) -> int:
        return self._asked.qsize() + len(self._waiting) + len(self._running)

    def ask(self, job: Job) -> None:
        """Make a sentence; returns at once."""
        self._asked.put(job)

    def close(self) -> None:
        """End the thread after its present turn."""
        self._asked.put(None)
        self._thread.join(timeout=10)  # a model that never returns ends with the process

    def _run(self) -> None:
        while self._receive():
            try:
                self._turn()
            except Exception as error:  # whoever waits for a sentence must hear of it, and later ones be made
                log.exception("a turn of the generator failed")
                self._fail_all(_reason(error))

    def _turn(self) -> None:
        self._drop_cancelled()
        self._begin_next()
        chosen = self._chosen()
        if chosen:
            self._advance(chosen)

    def _receive(self) -> bool:
        """Take in what was asked for, waiting when there is nothing else to do; False: it is closed."""
        while not (self._waiting or self._running) or not self._asked.empty():
            job = self._asked.get()
            if job is None:
                return False
            self._waiting.append(job)
        return True

    def _drop_cancelled(self) -> None:
        for job in [
            job for job in self._waiting if job.cancelled.is_set()
        ]:  # all at once: sentences may be replaced faster than they begin
            self._waiting.remove(job)
            job.finish("")
        for job in [job for job in self._running if job.cancelled.is_set()]:
            self._leave(job, "")

    def _begin_next(self) -> None:
        """The waiting sentence whose turn it is joins, if there is room for it."""
        clips_may = not self._short() and sum(not job.live for job in self._running) < CLIP_LANES
        ready = [job for job in self._waiting if (job.live or clips_may) and job.is_ready()]
        if not ready or not self._batch.free:
            return
        job = min(ready, key=lambda job: not job.live)  # the first of its kind
        self._waiting.remove(job)
        try:
            self._running[job] = self._batch.begin(job.text, job.seconds, job.seed, job.history())
        except Exception as error:  # whatever a model does, the thread goes on
            job.finish(_reason(error))

    def _short(self) -> list[Job]:
        return [job for job in self._running if job.live and job.in_hand() < SHORT_S]

    def _chosen(self) -> list[Job]:
        return self._short() or list(self._running)

    def _advance(self, jobs: list[Job]) -> None:
        try:
            made = self._batch.advance([self._running[job] for job in jobs])
        except Exception as error:
            made = [InputError(_reason(error))] * len(jobs)
        for job, features in zip(jobs, made, strict=True):
            if features is None:
                self._leave(job, "")
            elif isinstance(features, InputError):
                self._leave(job, str(features))
            else:
                try:
                    job.add(features)
                except Exception as error:
                    self._leave(job, _reason(error))

    def _leave(self, job: Job, error: str) -> None:
        self._batch.end(self._running[job])
        del self._running[job]
        job.finish(error)

    def _fail_all(self, error: str) -> None:
        """End what is made and what waits, whatever of it cannot even be ended."""
        running, waiting = self._running, self._waiting
        self._running, self._waiting = {}, []
        for take in running.values():
            with contextlib.suppress(Exception):
                self._batch.end(take)
        for job in (*running, *waiting):
            with contextlib.suppress(Exception):
                job.finish(error)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
