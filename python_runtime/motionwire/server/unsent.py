"""Events that no client has been sent yet: those of the frame that is made, and of frames before that were dropped.

Each is kept with its moment in its character's own time, so that a frame which is not sent costs nothing for what is kept already.
"""

from collections import deque
from collections.abc import Iterable

from motionwire.character import Cast, Happening
from motionwire.server.messages import Event

MOST = 4096  # events kept for a client that takes no frames


class Unsent:
    """Of one session, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, Happening]] = deque()

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, happenings: Iterable[Happening], cast: Cast) -> None:
        """What the frame that was just made tells."""
        self._kept.extend((cast.time_of(happening.handle) - happening.ago, happening) for happening in happenings)

    def events(self, handles: Iterable[int], names: dict[int, int], cast: Cast) -> list[Event]:
        """As a frame of these characters tells them now. names: the client's numbers of handles."""
        if not self._kept:
            return []
        now = {handle: cast.time_of(handle) for handle in handles}
        told = ((h, max(0.0, round(now[h.handle] - moment, 6))) for moment, h in self._kept if h.handle in now)
        return [Event(kind=h.kind, character=names[h.handle], foot=h.foot, ref=h.ref, message=h.message, ago=ago) for h, ago in told]

    def forget(self, handles: Iterable[int]) -> None:
        """They were sent, or their characters are gone."""
        if self._kept:
            gone = set(handles)
            self._kept = deque(kept for kept in self._kept if kept[1].handle not in gone)

    def trim(self) -> None:
        """The frame is dropped: what waits for the next one is bounded."""
        while len(self._kept) > MOST:
            self._kept.popleft()
