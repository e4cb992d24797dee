"""Steps for nobody: before the first client comes, and shortly before each step that is expected.

A client that steps once a frame leaves the server asleep for most of it, and other programs fill the caches meanwhile: the next step would
fetch code and weights from memory first, which takes longer than the step itself. So the same work is done for a character of
nobody's a moment earlier. It costs a third of a millisecond of processor time a frame, and the client waits half as long.
"""

import logging
import math
import struct
from collections.abc import Iterable

import numpy as np

from motionwire.character import Cast
from motionwire.server import messages as wire
from motionwire.server.frames import Part, advance
from motionwire.server.rates import Bucket
from motionwire.server.session import Session
from motionwire.server.wanted import parse

log = logging.getLogger(__name__)

LEAD_S = 0.003  # before the step is expected; the loop sleeps in whole ms, rounded up, so 2 ms are left at least: 1 is too little
WARM_S = 0.006  # so long after a step nothing needs to be rehearsed
SLOWEST_S = 0.1  # between two steps of a client whose next one is expected
SHORT_S = 0.002  # a batch that takes longer gains nothing
SOME = 3  # characters that are rehearsed once at the start


class Rehearsal:
    """A character of nobody's, in a cast of its own, and its steps. worked: told by the loop when a batch was done and how long it
    took."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast.apart()
        self._session = Session("", 0, b"", "", 0.0, Bucket.full(1, 0.0))
        self._warm_until = 0.0  # s, monotonic
        self._busy = False
        self._over = False
        self._request = wire.encode(wire.Step(seq=0, characters=[0], input=struct.pack("<4f", 0.0, 1.0, math.nan, 0.0)))
        handles = np.array([self._cast.spawn(np.zeros(3, np.float32), 0.0) for _ in range(SOME)])
        for some in (handles, handles[[2, 0]], handles[1:2]):  # side by side and not: no client shall wait for compilers
            self._step(some, 1.5 / 60, debug=True)
        self._cast.despawn(handles[1:].tolist())
        self._handles = handles[:1]

    def worked(self, now: float, seconds: float) -> None:
        """A batch is done, which took so long."""
        self._warm_until, self._busy = now + WARM_S, seconds > SHORT_S

    def due(self, sessions: Iterable[Session]) -> float:
        """When to rehearse next, s; infinity when no step is expected."""
        if self._busy or self._over:
            return math.inf
        times = (session.stepped + session.pace - LEAD_S for session in sessions if session.pace < SLOWEST_S)
        return min((time for time in times if time > self._warm_until), default=math.inf)

    def run(self, now: float) -> None:
        """The step of a client, but for the sending. A model that fails here is not asked again: no client asked either."""
        self._warm_until = now + WARM_S
        try:
            self._step(self._handles, 1 / 60)
        except Exception:
            log.exception("a rehearsal failed; there will be no more")
            self._over = True

    def _step(self, handles: np.ndarray, dt: float, debug: bool = False) -> None:
        request = wire.decode_request(self._request)
        assert isinstance(request, wire.Step)
        wanted = parse(request, 1)
        assert wanted.rows is not None
        self._cast.set_input(handles[:1], wanted.rows)
        for _, pose in advance(self._cast, [Part(self._session, 0, request.characters, handles, dt, debug)], 0.0, None):
            assert pose is not None
            wire.encode(pose)
