"""Acted sentences: a generator's features become frames at 60 Hz on a worker thread, while the character takes them one by one.

One thread serves all acts, always the one with the fewest frames in hand: a new sentence starts at once however many run.
"""

import queue
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.features import CONTACTS, decode, encode, heading_changes
from motionwire.motion.skeleton import REFERENCE, Skeleton

FPS = 30.0  # of the generator

Array = NDArray[np.float32]


class Sentences(Protocol):
    """What a text-to-motion generator offers: features float32 [n, 276] at 30 fps, chunk after chunk.

    history: features [h, 276] of the motion before, or None. Bad text raises InputError.
    """

    def stream(self, text: str, seconds: float | None = None, seed: int = 0, history: Array | None = None) -> Iterator[Array]: ...


class Frame(NamedTuple):
    """One frame: root position [3] m, local rotations [22, 4] xyzw, contacts [4]."""

    root: Array
    rotations: Array
    contacts: Array


@dataclass(frozen=True, eq=False)
class Motion:
    """n frames: root positions [n, 3] m, local rotations [n, 22, 4], contacts [n, 4]."""

    root_positions: Array
    rotations: Array
    contacts: Array

    def __len__(self) -> int:
        return len(self.rotations)

    def first(self, frames: int) -> "Motion":
        """At most this many frames."""
        return Motion(self.root_positions[:frames], self.rotations[:frames], self.contacts[:frames])


def motion(generator: Sentences, text: str, seed: int = 0, seconds: float | None = None, history: Array | None = None) -> Iterator[Motion]:
    """Frames at 30 fps, chunk after chunk, starting at the origin facing +Z; each chunk goes on where the last one ended."""
    heading, origin = 0.0, (0.0, 0.0)
    for features in generator.stream(text, seconds=seconds, seed=seed, history=history):
        if len(features) == 0:
            continue
        clip = decode(features, REFERENCE, FPS, heading, origin)
        heading += float(heading_changes(features).sum())
        origin = (float(clip.root_positions[-1, 0]), float(clip.root_positions[-1, 2]))
        yield Motion(clip.root_positions, clip.rotations, np.clip(features[:, CONTACTS], 0, 1).astype(np.float32))


def doubled(chunks: Iterator[Motion]) -> Iterator[list[Frame]]:
    """The chunks at 60 Hz: between each two frames the middle one."""
    last: Frame | None = None
    for chunk in chunks:
        frames = []
        for frame in map(Frame, chunk.root_positions, chunk.rotations, chunk.contacts):
            if last is not None:
                half = np.float32(0.5)
                middle = rot.slerp(last.rotations, frame.rotations, 0.5)
                frames.append(Frame(half * (last.root + frame.root), middle, half * (last.contacts + frame.contacts)))
            frames.append(frame)
            last = frame
        yield frames


@dataclass(eq=False)
class Act:
    """One sentence on its way from the worker to the character. past: the last second (root, rotations) at 30 fps, the prompt."""

    text: str
    seed: int
    seconds: float | None
    ref: int
    past: tuple[Array, Array]
    skeleton: Skeleton
    frames: deque[Frame] = field(default_factory=deque)
    finished: threading.Event = field(default_factory=threading.Event)
    cancelled: threading.Event = field(default_factory=threading.Event)
    error: str = ""
    stopped: bool = False  # by the player: leave at once
    last: Frame | None = None

    @property
    def is_over(self) -> bool:
        """Nothing more will come."""
        finished = self.finished.is_set()  # before looking at the frames, which the worker adds first
        return self.stopped or (finished and not self.frames)

    @property
    def is_ready(self) -> bool:
        """It can begin: two frames tell how fast it sets off."""
        finished = self.finished.is_set()
        return len(self.frames) >= (1 if finished else 2)

    def take(self) -> Frame:
        """The next frame; the last one again where the worker is late."""
        if self.frames:
            self.last = self.frames.popleft()
        assert self.last is not None, "an act on stage was ready"
        return self.last

    def before(self) -> tuple[Array, Array]:
        """Root [3] and rotations [22, 4] one tick before the frame taken last (none yet: the first), as if it had moved steadily."""
        first = self.last or self.frames[0]
        later = self.frames[0 if self.last else min(1, len(self.frames) - 1)] if self.frames else first
        return 2 * first.root - later.root, rot.multiply(first.rotations, rot.multiply(rot.inverse(later.rotations), first.rotations))

    def chunks(self, generator: Sentences) -> Iterator[list[Frame]]:
        """Its frames, as they are made."""
        history = encode(Clip(self.skeleton, FPS, *self.past))[1:]  # the first frame has no velocities
        return doubled(motion(generator, self.text, self.seed, self.seconds, history))


class Rehearsal:
    """The worker thread that makes the frames of all acts. A failure of the model is kept as the act's `error`, never raised."""

    def __init__(self, generator: Sentences) -> None:
        self._generator = generator
        self._asked: queue.SimpleQueue[Act | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="acting", daemon=True)
        self._thread.start()

    def ask(self, act: Act) -> None:
        """Begin with an act; returns at once."""
        self._asked.put(act)

    def close(self) -> None:
        """End the thread after the chunk that it makes just now."""
        self._asked.put(None)
        self._thread.join(timeout=10)  # a model that never returns ends with the process

    def _run(self) -> None:
        under_way: list[tuple[Act, Iterator[list[Frame]]]] = []
        while True:
            while not under_way or not self._asked.empty():
                act = self._asked.get()
                if act is None:
                    return
                under_way.append((act, _lazy(act, self._generator)))
            for act, _ in under_way:  # all at once: a client may replace its sentence faster than one begins
                if act.cancelled.is_set():
                    act.finished.set()
            under_way = [pair for pair in under_way if not pair[0].cancelled.is_set()]
            if not under_way:
                continue
            act, chunks = min(under_way, key=lambda pair: len(pair[0].frames))
            if not _advance(act, chunks):
                under_way.remove((act, chunks))


def _lazy(act: Act, generator: Sentences) -> Iterator[list[Frame]]:
    """The act's chunks; nothing is done before the first is asked for."""
    yield from act.chunks(generator)


def _advance(act: Act, chunks: Iterator[list[Frame]]) -> bool:
    """Make one chunk; False when the act is finished."""
    try:
        frames = next(chunks, None)
    except Exception as error:  # whatever a model does, the character walks on
        act.error = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
        frames = None
    if frames is None:
        act.finished.set()
        return False
    act.frames.extend(frames)
    return True
