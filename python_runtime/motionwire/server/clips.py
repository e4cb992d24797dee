"""Clips from sentences (`generate`): worker threads make them, the server's loop sends what they emit."""

import math
import queue
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

import numpy as np

from motionwire.acting import FPS, Sentences, motion
from motionwire.errors import InputError
from motionwire.server.messages import (
    MAX_CLIP_FRAMES,
    Accepted,
    BadMessageError,
    ClipBegin,
    ClipChunk,
    ClipEnd,
    Error,
    Generate,
    Message,
    Progress,
)
from motionwire.server.session import Session
from motionwire.server.settings import Limits

CHUNK = 4  # frames: generators make this many at a time


@dataclass
class Job:
    """One clip under way."""

    session: Session
    request: Generate
    cancelled: Event = field(default_factory=Event)
    future: Future[None] = field(default_factory=Future)
    frames: int = 0


class Clips:
    """All clips of all sessions. wake: called from a worker whenever `outgoing` has something to send."""

    def __init__(
        self, generator: Sentences | None, offsets: bytes, joints: int, limits: Limits, threads: int, wake: Callable[[], None]
    ) -> None:
        self.outgoing: queue.SimpleQueue[tuple[Session, Message]] = queue.SimpleQueue()
        self._generator = generator
        self._offsets = offsets
        self._joints = joints
        self._limits = limits
        self._wake = wake
        self._jobs: dict[tuple[str, int], Job] = {}  # workers take out what they have finished
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="clip")

    def __len__(self) -> int:
        return len(self._jobs)

    def start(self, session: Session, request: Generate) -> None:
        """Queue a clip; emits `accepted` and `progress`. Raises BadMessageError (no_generator, request_exists, limit)."""
        number = request.request
        if self._generator is None:
            raise BadMessageError("no_generator", "this server's model does not act sentences", "generate", number)
        if (session.key, number) in self._jobs:
            raise BadMessageError("request_exists", f"request {number} is still under way", "generate", number)
        own = sum(key == session.key for key, _ in list(self._jobs))
        if own >= self._limits.clips or len(self._jobs) >= self._limits.clips_total:
            raise BadMessageError("limit", f"{own} clips of this session are under way, {len(self._jobs)} in all", "generate", number)
        job = Job(session, request)
        self._emit(job, Accepted(of="generate", ref=number))
        self._emit(job, Progress(request=number, ahead=len(self._jobs), frames=0, total=request.frames))
        self._jobs[session.key, number] = job  # before a worker can finish it
        job.future = self._pool.submit(self._make, job, self._generator)

    def cancel(self, session: Session, number: int) -> None:
        """End a clip; its `clip_end` follows. Raises BadMessageError(unknown_request)."""
        try:
            job = self._jobs[session.key, number]
        except KeyError:
            raise BadMessageError("unknown_request", f"no request {number} is under way", "cancel", number) from None
        job.cancelled.set()
        if job.future.cancel():
            self._finish(job)

    def drop(self, session: Session) -> None:
        """The session ends: so do its clips."""
        for job in list(self._jobs.values()):
            if job.session is session:
                job.cancelled.set()
                if job.future.cancel():
                    self._jobs.pop((session.key, job.request.request), None)

    def close(self) -> None:
        """End everything."""
        for job in list(self._jobs.values()):
            job.cancelled.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _make(self, job: Job, generator: Sentences) -> None:
        request = job.request
        try:
            wanted = request.frames or MAX_CLIP_FRAMES
            seconds = math.ceil(request.frames / CHUNK) * CHUNK / FPS or None
            for made in motion(generator, request.text, request.seed, seconds):
                chunk = made.first(wanted - job.frames)
                if job.cancelled.is_set() or len(chunk) == 0:
                    break
                if job.frames == 0:
                    begin = ClipBegin(request=request.request, fps=FPS, joints=self._joints, offsets=self._offsets, seed=request.seed)
                    self._emit(job, begin)
                data = np.concatenate((chunk.root_positions, chunk.rotations.reshape(len(chunk), -1)), axis=1).astype("<f4")
                self._emit(job, ClipChunk(request=request.request, first=job.frames, frames=len(chunk), data=data.tobytes()))
                job.frames += len(chunk)
                self._emit(job, Progress(request=request.request, ahead=0, frames=job.frames, total=request.frames))
        except Exception as error:  # whatever a model does, the server goes on
            reason = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
            self._jobs.pop((job.session.key, request.request), None)
            self._emit(job, Error(code="generation_failed", message=reason[:300], of="generate", ref=request.request))
        else:
            self._finish(job)

    def _finish(self, job: Job) -> None:
        self._jobs.pop((job.session.key, job.request.request), None)
        self._emit(job, ClipEnd(request=job.request.request, frames=job.frames, cancelled=job.cancelled.is_set()))

    def _emit(self, job: Job, message: Message) -> None:
        self.outgoing.put((job.session, message))
        self._wake()
