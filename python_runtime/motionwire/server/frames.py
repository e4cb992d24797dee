"""Pose frames: steps of several clients advance in one batch, streams advance when they are due."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from typing import cast as typed

import numpy as np
from numpy.typing import NDArray

from motionwire.character import Cast, Frame
from motionwire.motion.skeleton import JOINTS
from motionwire.server.messages import Event, Pose
from motionwire.server.session import Session
from motionwire.server.streams import SLICE

Watch = Callable[[Sequence[int], Frame], None]  # takes each frame and the handles of its rows, and neither waits nor raises


@dataclass(frozen=True, eq=False)
class Part:
    """One session's share of a batch: the answer's seq, the client's ids, the cast's handles and how far to advance.

    received: when the step came, s, monotonic. wanted: there is a client who takes the frame.
    """

    session: Session
    seq: int
    characters: list[int]
    handles: NDArray[np.intp]
    dt: float
    debug: bool
    stream: bool = False
    received: float = 0.0
    wanted: bool = True


def advance(cast: Cast, parts: list[Part], now: float, watch: Watch | None) -> Iterator[tuple[Part, Pose | None]]:
    """Advance all parts in one batch and yield each part's pose message, None where nobody wants it; every session at most once. `watch`
    sees the frame last."""
    handles = parts[0].handles if len(parts) == 1 else np.concatenate([part.handles for part in parts])
    ends = list(accumulate(len(part.handles) for part in parts))
    rows_of = [slice(end - len(part.handles), end) for part, end in zip(parts, ends, strict=True)]
    seconds = np.empty(len(handles))
    for part, rows in zip(parts, rows_of, strict=True):
        seconds[rows] = part.dt
    frame = cast.step(handles, seconds)
    for part, rows in zip(parts, rows_of, strict=True):
        names = part.session.names
        part.session.unsent.add((happening for happening in frame.happenings if happening.handle in names), cast)
        if not part.wanted:
            yield part, None
            continue
        pose = _pose(part, frame, rows, now, part.session.unsent.events(part.handles.tolist(), names, cast))
        if part.debug and part.characters:  # the network has no thoughts of nobody
            thoughts = cast.thoughts(part.handles)
            raw = np.concatenate((thoughts.root_positions, thoughts.rotations.reshape(len(part.handles), -1)), axis=1)
            pose.desired, pose.predicted, pose.raw = _bytes(thoughts.desired), _bytes(thoughts.predicted), _bytes(raw)
        yield part, pose
    if watch is not None:
        watch(handles.tolist(), frame)


def _pose(part: Part, frame: Frame, rows: slice, now: float, events: list[Event]) -> Pose:
    return Pose(
        seq=part.seq,
        stream=part.stream,
        ts=now,
        characters=part.characters,
        count=len(part.characters),
        joints=JOINTS,
        data=_bytes(frame.data[rows]),
        phase=_bytes(frame.phase[rows]),
        contacts=_bytes(frame.contacts[rows]),
        root_delta=_bytes(frame.root_delta[rows]),
        root=_bytes(frame.root[rows]),
        acting=_bytes(frame.acting[rows]),
        events=events,
    )


def _bytes(values: NDArray[Any]) -> bytes:
    """An array's memory as the encoder takes it, without a copy."""
    return typed(bytes, np.ascontiguousarray(values).data)


def due_parts(sessions: Iterable[Session], now: float, late: Callable[[float], None]) -> list[Part]:
    """The streams whose next frame is due, each advanced to the latest of its frame times; late ones skip, never pile up.

    late: told by how many s each frame begins after its time.
    """
    parts = []
    for session in sessions:
        stream = session.stream
        if stream is None or stream.due > now:
            continue
        late(now - stream.due)
        dt = stream.next_frame(now)
        characters = stream.chosen(session.characters)
        handles = session.handles(characters, "subscribe")
        parts.append(Part(session, stream.seq, characters, handles, dt, stream.debug, stream=True, wanted=stream.credit > 0))
    return parts


def due_slices(sessions: Iterable[Session], now: float) -> list[NDArray[np.intp]]:
    """The characters, by handles, of each stream that goes on by a SLICE now, long before its next frame."""
    slices = []
    for session in sessions:
        stream = session.stream
        if stream is not None and stream.sliced <= now < stream.due:
            stream.ahead += SLICE
            slices.append(session.handles(stream.chosen(session.characters), "subscribe"))
    return slices


def next_due(sessions: Iterable[Session]) -> float:
    """When the next stream frame or slice is due, s; infinity without streams."""
    streams = (session.stream for session in sessions if session.stream is not None)
    return min((min(stream.due, stream.sliced) for stream in streams), default=math.inf)
