"""Acted sentences: features become frames at 60 Hz on the generator's thread, while the character takes them one by one."""

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from motionwire.generator import layout
from motionwire.generator.integrate import Integrator, Motion
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.features import DIM, FPS, encode
from motionwire.motion.skeleton import Skeleton

PROMPT = layout.MAX_HISTORY * layout.STRIDE  # frames at 30 fps: the last second
SHOWN_FPS = 60.0

Array = NDArray[np.float32]


class Frame(NamedTuple):
    """One frame: root position [3] m, local rotations [22, 4] xyzw, contacts [4]."""

    root: Array
    rotations: Array
    contacts: Array


def doubled(chunk: Motion, last: Frame | None) -> list[Frame]:
    """A chunk at 60 Hz: before each frame the middle between the one before (`last`: of the chunk before) and it."""
    roots, rotations, contacts = chunk.root_positions, chunk.rotations, chunk.contacts
    if last is not None:
        roots, rotations, contacts = (
            np.concatenate((one[None], many)) for one, many in zip(last, (roots, rotations, contacts), strict=True)
        )
    half = np.float32(0.5)
    middles = (half * (roots[:-1] + roots[1:]), rot.slerp(rotations[:-1], rotations[1:], 0.5), half * (contacts[:-1] + contacts[1:]))
    frames = [] if last is not None else [Frame(roots[0], rotations[0], contacts[0])]
    for number in range(len(roots) - 1):
        frames += [Frame(*(part[number] for part in middles)), Frame(roots[number + 1], rotations[number + 1], contacts[number + 1])]
    return frames


@dataclass(eq=False)
class Act:
    """One sentence on its way to the character. past: the last second (root, rotations) shown, at 30 fps, one frame more than the prompt;
    after: the sentence before it, whose end it goes on from."""

    text: str
    seed: int
    seconds: float | None
    ref: int
    past: tuple[Array, Array]
    skeleton: Skeleton
    after: "Act | None" = None
    live: bool = field(default=True, init=False)
    frames: deque[Frame] = field(default_factory=deque)
    finished: threading.Event = field(default_factory=threading.Event)
    cancelled: threading.Event = field(default_factory=threading.Event)
    error: str = ""
    stopped: bool = False  # by the player: leave at once
    replaced: bool = False  # leave when the next one can enter
    last: Frame | None = None

    def __post_init__(self) -> None:
        self._integrator = Integrator()
        self._made: Frame | None = None  # last frame at 30 fps
        self._tail = np.zeros((0, DIM), np.float32)  # the features of the last second up to the end of what is made

    # The character's side

    @property
    def is_over(self) -> bool:
        """Nothing more will come."""
        finished = self.finished.is_set()  # before looking at the frames, which the generator's thread adds first
        return self.stopped or (finished and not self.frames)

    @property
    def can_enter(self) -> bool:
        """It can begin: two frames tell how fast it sets off."""
        finished = self.finished.is_set()
        return len(self.frames) >= (1 if finished else 2)

    def take(self) -> Frame:
        """The next frame; the last one again where the generator is late."""
        if self.frames:
            self.last = self.frames.popleft()
        assert self.last is not None, "an act on stage can enter"
        return self.last

    def before(self) -> tuple[Array, Array]:
        """Root [3] and rotations [22, 4] one tick before the frame taken last (none yet: the first), as if it had moved steadily."""
        first = self.last or self.frames[0]
        later = self.frames[0 if self.last else min(1, len(self.frames) - 1)] if self.frames else first
        return 2 * first.root - later.root, rot.multiply(first.rotations, rot.multiply(rot.inverse(later.rotations), first.rotations))

    # The scheduler's side

    def is_ready(self) -> bool:
        """It begins when the sentence that it follows is made."""
        return self.after is None or self.after.finished.is_set()

    def history(self) -> Array:
        """The second that it goes on from: the end of the sentence before, or what was shown when it was asked for."""
        if self.after is not None and len(self.after._tail):
            self._tail = self.after._tail
        else:
            self._tail = encode(Clip(self.skeleton, FPS, *self.past))[1:]  # the first frame has no velocities
        return self._tail

    def in_hand(self) -> float:
        """Seconds of frames not yet taken."""
        return len(self.frames) / SHOWN_FPS

    def add(self, features: Array) -> None:
        """The next features [n, 276] become frames. Raises InputError where they are not finite."""
        motion = self._integrator.add(features)
        self.frames.extend(doubled(motion, self._made))
        self._made = Frame(motion.root_positions[-1], motion.rotations[-1], motion.contacts[-1])
        self._tail = np.concatenate((self._tail, motion.features))[-PROMPT:]

    def finish(self, error: str) -> None:
        """It is complete, cancelled or failed."""
        self.error = error
        self.after = None  # or a character that never stops would keep all it ever acted
        self.finished.set()
