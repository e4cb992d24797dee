"""Clips from sentences (`generate`): the generator's thread makes them, the server's loop sends what they emit."""

import math
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from motionwire.generator import layout
from motionwire.generator.integrate import Integrator
from motionwire.generator.scheduler import CLIP_LANES, Scheduler
from motionwire.motion.features import FPS
from motionwire.server.messages import Accepted, BadMessageError, ClipBegin, ClipChunk, ClipEnd, Error, Generate, Message, Progress
from motionwire.server.session import Session
from motionwire.server.settings import Limits

Emit = Callable[[Session, Message], None]


@dataclass(eq=False)
class Clip:
    """One clip under way, which the scheduler makes. skeleton: rest offsets and number of joints; done: called when it is over."""

    session: Session
    request: Generate
    skeleton: tuple[bytes, int]
    emit: Emit
    done: Callable[["Clip"], None]
    live: bool = field(default=False, init=False)
    cancelled: threading.Event = field(default_factory=threading.Event)
    frames: int = 0

    def __post_init__(self) -> None:
        self.text, self.seed = self.request.text, self.request.seed
        # Whole positions, so that what a clip shows does not depend on where it is cut.
        self.seconds = math.ceil(self.request.frames / layout.STRIDE) * layout.STRIDE / FPS or None
        self._integrator = Integrator()

    def is_ready(self) -> bool:
        """Clips wait for nothing but a lane."""
        return True

    def history(self) -> None:
        """They go on from nothing."""

    def in_hand(self) -> float:
        """Nobody waits for frames."""
        return math.inf

    def add(self, features: NDArray[np.float32]) -> None:
        """Emit the next frames."""
        number, wanted = self.request.request, self.request.frames
        chunk = self._integrator.add(features)
        if wanted:
            chunk = chunk.first(wanted - self.frames)
        if self.frames == 0:
            offsets, joints = self.skeleton
            self.emit(self.session, ClipBegin(request=number, fps=FPS, joints=joints, offsets=offsets, seed=self.seed))
        data = np.concatenate((chunk.root_positions, chunk.rotations.reshape(len(chunk), -1)), axis=1).astype("<f4")
        self.emit(self.session, ClipChunk(request=number, first=self.frames, frames=len(chunk), data=data.tobytes()))
        self.frames += len(chunk)
        self.emit(self.session, Progress(request=number, ahead=0, frames=self.frames, total=wanted))

    def finish(self, error: str) -> None:
        """Emit how it ended."""
        number = self.request.request
        self.done(self)  # first: who hears of the end may use the number again
        if error:
            self.emit(self.session, Error(code="generation_failed", message=error[:300], of="generate", ref=number))
        else:
            self.emit(self.session, ClipEnd(request=number, frames=self.frames, cancelled=self.cancelled.is_set()))


class Clips:
    """All clips of all sessions. wake: called by the generator's thread whenever `outgoing` has something to send."""

    def __init__(self, scheduler: Scheduler | None, offsets: bytes, joints: int, limits: Limits, wake: Callable[[], None]) -> None:
        self.outgoing: queue.SimpleQueue[tuple[Session, Message]] = queue.SimpleQueue()
        self._scheduler = scheduler
        self._skeleton = (offsets, joints)
        self._limits = limits
        self._wake = wake
        self._clips: dict[tuple[str, int], Clip] = {}  # the generator's thread takes out what is over

    def __len__(self) -> int:
        return len(self._clips)

    def start(self, session: Session, request: Generate) -> None:
        """Ask for a clip; emits `accepted` and `progress`. Raises BadMessageError (no_generator, request_exists, limit)."""
        number = request.request
        if self._scheduler is None:
            raise BadMessageError("no_generator", "this server's model does not act sentences", "generate", number)
        if (session.key, number) in self._clips:
            raise BadMessageError("request_exists", f"request {number} is still under way", "generate", number)
        own = sum(key == session.key for key, _ in list(self._clips))
        if own >= self._limits.clips or len(self._clips) >= self._limits.clips_total:
            raise BadMessageError("limit", f"{own} clips of this session are under way, {len(self._clips)} in all", "generate", number)
        ahead = max(0, len(self._clips) + 1 - CLIP_LANES)
        clip = Clip(session, request, self._skeleton, self._emit, self._done)
        self._emit(session, Accepted(of="generate", ref=number))
        self._emit(session, Progress(request=number, ahead=ahead, frames=0, total=request.frames))
        self._clips[session.key, number] = clip  # before it can be over
        self._scheduler.ask(clip)

    def cancel(self, session: Session, number: int) -> None:
        """End a clip; its `clip_end` follows. Raises BadMessageError(unknown_request)."""
        try:
            clip = self._clips[session.key, number]
        except KeyError:
            raise BadMessageError("unknown_request", f"no request {number} is under way", "cancel", number) from None
        clip.cancelled.set()

    def drop(self, session: Session) -> None:
        """The session ends: so do its clips."""
        for clip in list(self._clips.values()):
            if clip.session is session:
                clip.cancelled.set()

    def close(self) -> None:
        """End everything."""
        for clip in list(self._clips.values()):
            clip.cancelled.set()

    def _done(self, clip: Clip) -> None:
        self._clips.pop((clip.session.key, clip.request.request), None)

    def _emit(self, session: Session, message: Message) -> None:
        self.outgoing.put((session, message))
        self._wake()
