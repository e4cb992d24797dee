"""Pose frames: steps of several clients advance in one batch, streams advance when they are due."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionwire.character import INPUT, Cast, Frame, Happening
from motionwire.server.messages import MAX_STEP_SECONDS, BadMessageError, Event, Input, Pose, Step, type_of
from motionwire.server.session import Session, Stream

MAX_UNSENT = 4096  # events kept for a client that takes no frames

Watch = Callable[[Sequence[int], Frame], None]  # takes each frame and the handles of its rows, and neither waits nor raises


@dataclass(frozen=True, eq=False)
class Part:
    """One session's share of a batch: the answer's seq, the client's ids, the cast's handles and how far to advance."""

    session: Session
    seq: int
    characters: list[int]
    handles: list[int]
    dt: float
    stream: bool = False


def parse_input(request: Step | Input, ref: int = 0) -> NDArray[np.float32] | None:
    """The input rows [N, 4] of a request, None when it brings none; raises BadMessageError."""
    of = type_of(request)
    if len(set(request.characters)) != len(request.characters):
        raise BadMessageError("bad_message", "a character is listed twice", of, ref)
    if not request.input:
        return None
    wanted = len(request.characters) * INPUT * 4
    if len(request.input) != wanted:
        raise BadMessageError("bad_message", f"input has {len(request.input)} bytes, {wanted} expected", of, ref)
    rows = np.frombuffer(request.input, "<f4").reshape(-1, INPUT)
    if not np.isfinite(rows[:, [0, 1, 3]]).all() or np.isinf(rows[:, 2]).any():
        raise BadMessageError("bad_message", "input must be finite (NaN only as facing)", of, ref)
    return rows


def advance(cast: Cast, parts: list[Part], now: float, watch: Watch | None) -> Iterator[tuple[Session, Pose]]:
    """Advance all parts in one batch and yield each session's pose message; every session at most once. `watch` sees it last."""
    handles = [handle for part in parts for handle in part.handles]
    steps = np.repeat([part.dt for part in parts], [len(part.handles) for part in parts])
    frame = cast.step(np.array(handles, dtype=np.intp), steps)
    data = np.concatenate((frame.root_positions, frame.rotations.reshape(len(handles), -1)), axis=1).astype("<f4", copy=False)
    start = 0
    for part in parts:
        rows = slice(start, start + len(part.handles))
        start = rows.stop
        yield part.session, _pose(part, frame, data, rows, now)
    if watch is not None:
        watch(handles, frame)


def _pose(part: Part, frame: Frame, data: NDArray[np.float32], rows: slice, now: float) -> Pose:
    ids = dict(zip(part.handles, part.characters, strict=True))
    mine = [happening for happening in part.session.unsent if happening.handle in ids]
    mine += [happening for happening in frame.happenings if happening.handle in ids]
    part.session.unsent = [happening for happening in part.session.unsent if happening.handle not in ids]
    return Pose(
        seq=part.seq,
        stream=part.stream,
        ts=now,
        characters=part.characters,
        count=len(part.characters),
        joints=frame.rotations.shape[1],
        data=data[rows].tobytes(),
        phase=frame.phase[rows].tobytes(),
        contacts=frame.contacts[rows].tobytes(),
        root_delta=frame.root_delta[rows].tobytes(),
        acting=frame.acting[rows].tobytes(),
        events=[_event(happening, ids[happening.handle]) for happening in mine],
    )


def _event(happening: Happening, character: int) -> Event:
    return Event(kind=happening.kind, character=character, foot=happening.foot, ref=happening.ref, message=happening.message)


def keep_events(session: Session, pose: Pose) -> None:
    """The frame was dropped: its events go out with the next one."""
    for event in pose.events:
        handle = session.characters.get(event.character)
        if handle is not None:
            session.unsent.append(Happening(handle, event.kind, event.foot, event.ref, event.message))
    del session.unsent[:-MAX_UNSENT]


def due_parts(sessions: Iterable[Session], now: float) -> list[Part]:
    """The streams whose next frame is due, each advanced to the latest of its frame times; late ones skip, never pile up."""
    parts = []
    for session in sessions:
        stream = session.stream
        if stream is None or stream.due > now:
            continue
        periods = 1 + math.floor((now - stream.due) * stream.fps)
        stream.due += periods / stream.fps
        stream.seq += periods
        chosen = stream.characters or list(session.characters)
        characters = [character for character in chosen if character in session.characters]
        dt = min(periods / stream.fps, MAX_STEP_SECONDS)
        handles = [session.characters[character] for character in characters]
        parts.append(Part(session, stream.seq, characters, handles, dt, stream=True))
    return parts


def next_due(sessions: Iterable[Session]) -> float:
    """When the next stream frame is due, s; infinity without streams."""
    return min((session.stream.due for session in sessions if session.stream is not None), default=math.inf)


def streams_character(stream: Stream | None, character: int) -> bool:
    """Whether the stream advances this character."""
    return stream is not None and (not stream.characters or character in stream.characters)
