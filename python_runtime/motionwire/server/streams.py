"""Streams: when the frames of a subscription are made, and how far its characters go on meanwhile."""

import math
from dataclasses import dataclass

from motionwire.character import TICK
from motionwire.server.messages import MAX_STEP_SECONDS

SLICE = 2 * TICK  # s by which characters go on at once: a second of a slow stream's frame would hold everybody up


@dataclass
class Stream:
    """A subscription: what to send, how often, and how many frames the client still takes."""

    characters: dict[int, None]  # the client's ids, in its order and found at once among thousands; empty: all
    fps: float
    credit: int
    due: float  # s, monotonic: when the next frame is made
    debug: bool = False
    seq: int = 0
    ahead: float = 0.0  # s that its characters have gone on since its last frame; less than 0: that they are behind it

    @property
    def reached(self) -> float:
        """The time until which its characters have gone on, s, monotonic."""
        return self.due - 1 / self.fps + self.ahead

    @property
    def sliced(self) -> float:
        """When they go on by a slice, s, monotonic; infinity where the next frame comes before."""
        time = self.reached + SLICE
        return time if time < self.due - TICK / 4 else math.inf

    def advances(self, character: int) -> bool:
        """Whether the stream, not `step`, moves this character."""
        return not self.characters or character in self.characters

    def chosen(self, there: dict[int, int]) -> list[int]:
        """Those of a session's characters that it moves, in its order."""
        return [character for character in self.characters if character in there] if self.characters else list(there)

    def next_frame(self, now: float) -> float:
        """Go over to the latest frame time that has come; s by which the characters go on until there. What is missed is not made up for,
        a slow stream is no miss."""
        periods = 1 + math.floor((now - self.due) * self.fps)
        seconds = min(periods / self.fps - self.ahead, max(MAX_STEP_SECONDS, 1 / self.fps))
        self.due += periods / self.fps
        self.seq += periods
        self.ahead = 0.0
        return max(0.0, seconds)
