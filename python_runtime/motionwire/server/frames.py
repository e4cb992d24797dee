"""Pose frames: steps of several clients advance in one batch, streams advance when they are due."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from typing import cast as typed

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from motionwire.character import Cast, Frame, Happening
from motionwire.motion.skeleton import JOINTS
from motionwire.server.messages import MAX_STEP_SECONDS, Event, Pose
from motionwire.server.session import Session

MAX_UNSENT = 4096  # events kept for a client that takes no frames

Watch = Callable[[Sequence[int], Frame], None]  # takes each frame and the handles of its rows, and neither waits nor raises


@dataclass(frozen=True, eq=False)
class Part:
    """One session's share of a batch: the answer's seq, the client's ids, the cast's handles and how far to advance.

    received: when the step came, s, monotonic.
    """

    session: Session
    seq: int
    characters: list[int]
    handles: NDArray[np.intp]
    dt: float
    debug: bool
    stream: bool = False
    received: float = 0.0


def advance(cast: Cast, parts: list[Part], now: float, watch: Watch | None) -> Iterator[tuple[Part, Pose]]:
    """Advance all parts in one batch and yield each part's pose message; every session at most once. `watch` sees it last."""
    handles = parts[0].handles if len(parts) == 1 else np.concatenate([part.handles for part in parts])
    ends = list(accumulate(len(part.handles) for part in parts))
    rows_of = [slice(end - len(part.handles), end) for part, end in zip(parts, ends, strict=True)]
    seconds = np.empty(len(handles))
    for part, rows in zip(parts, rows_of, strict=True):
        seconds[rows] = part.dt
    frame = cast.step(handles, seconds)
    for part, rows in zip(parts, rows_of, strict=True):
        pose = _pose(part, frame, rows, now)
        if part.debug and part.characters:  # the network has no thoughts of nobody
            thoughts = cast.thoughts(part.handles)
            raw = np.concatenate((thoughts.root_positions, thoughts.rotations.reshape(len(part.handles), -1)), axis=1)
            pose.desired, pose.predicted, pose.raw = _bytes(thoughts.desired), _bytes(thoughts.predicted), _bytes(raw)
        yield part, pose
    if watch is not None:
        watch(handles.tolist(), frame)


def _pose(part: Part, frame: Frame, rows: slice, now: float) -> Pose:
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
        events=_events(part, frame.happenings),
    )


def _bytes(values: NDArray[Any]) -> bytes:
    """An array's memory as the encoder takes it, without a copy."""
    return typed(bytes, np.ascontiguousarray(values).data)


def _events(part: Part, happenings: list[Happening]) -> list[Event]:
    """What happened to this part's characters, and what was kept of frames before."""
    session = part.session
    told = [happening for happening in happenings if happening.handle in session.names]
    if session.unsent:
        mine = set(part.handles.tolist())
        told = [replace(kept, ago=kept.ago + part.dt) for kept in session.unsent if kept.handle in mine] + told
        session.unsent = [happening for happening in session.unsent if happening.handle not in mine]
    return [
        Event(kind=h.kind, character=session.names[h.handle], foot=h.foot, ref=h.ref, message=h.message, ago=round(h.ago, 6)) for h in told
    ]


def keep_events(session: Session, pose: Pose) -> None:
    """The frame was dropped: its events go out with the next one."""
    for event in pose.events:
        handle = session.characters.get(event.character)
        if handle is not None:
            session.unsent.append(Happening(handle, event.kind, event.foot, event.ref, event.message, event.ago))
    del session.unsent[:-MAX_UNSENT]


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
        periods = 1 + math.floor((now - stream.due) * stream.fps)
        stream.due += periods / stream.fps
        stream.seq += periods
        chosen = stream.characters or list(session.characters)
        characters = [character for character in chosen if character in session.characters]
        dt = min(periods / stream.fps, max(MAX_STEP_SECONDS, 1 / stream.fps))  # what is missed is not made up for, a slow stream is no miss
        handles = session.handles(characters, "subscribe")
        parts.append(Part(session, stream.seq, characters, handles, dt, stream.debug, stream=True))
    return parts


def next_due(sessions: Iterable[Session]) -> float:
    """When the next stream frame is due, s; infinity without streams."""
    return min((session.stream.due for session in sessions if session.stream is not None), default=math.inf)
