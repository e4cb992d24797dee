"""Events of frames that were dropped: kept without being touched again, told with how long ago they were."""

import numpy as np
import pytest

from fakes import FakeController
from motionwire.character import Cast, Happening
from motionwire.server import unsent
from motionwire.server.frames import advance, due_parts
from motionwire.server.rates import Bucket
from motionwire.server.session import Session
from motionwire.server.streams import Stream
from motionwire.server.unsent import Unsent


@pytest.fixture
def cast() -> Cast:
    cast = Cast(FakeController())
    for _ in range(3):
        cast.spawn(np.zeros(3, np.float32), 0.0)
    return cast


def step(cast: Cast, handle: int, seconds: float) -> None:
    cast.step(np.array([handle]), np.array([seconds]))


def test_each_is_as_long_ago_as_its_own_character_has_moved_since(cast: Cast) -> None:
    kept = Unsent()
    kept.add([Happening(0, "footstep", 1), Happening(1, "act_end", ref=7, ago=0.5)], cast)
    step(cast, 0, 0.25)
    names = {0: 10, 1: 11, 2: 12}
    told = kept.events([1, 0, 2], names, cast)
    assert [(event.kind, event.character, event.foot, event.ref, event.ago) for event in told] == [
        ("footstep", 10, 1, 0, 0.25),
        ("act_end", 11, -1, 7, 0.5),
    ]
    assert [event.character for event in kept.events([1], names, cast)] == [11]
    kept.forget([0])
    assert [event.character for event in kept.events([0, 1, 2], names, cast)] == [11]


def test_the_oldest_go(cast: Cast) -> None:
    kept = Unsent()
    kept.add([Happening(0, "act_end", ref=ref) for ref in range(unsent.MOST + 10)], cast)
    assert len(kept.events([0], {0: 1}, cast)) == unsent.MOST + 10  # a crowd's own frame may tell as many
    kept.trim()
    assert [event.ref for event in kept.events([0], {0: 1}, cast)] == list(range(10, unsent.MOST + 10))


def test_a_paused_stream_costs_nothing_for_what_is_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of them, each with thousands of events, took half of each tick."""
    session = Session("", 1, b"", "", 0.0, Bucket.full(1, 0.0))
    session.add(5, 0)
    session.stream = Stream({}, 60.0, 0, 0.0)
    session.unsent.add([Happening(0, "act_end", ref=ref) for ref in range(unsent.MOST)], cast)
    with monkeypatch.context() as patched:
        patched.setattr(unsent, "Event", None)
        for frame in range(4):
            (part,) = due_parts([session], frame / 60, lambda _: None)
            assert [pose for _, pose in advance(cast, [part], 0.0, None)] == [None]
    session.stream.credit = 1
    (part,) = due_parts([session], 4 / 60, lambda _: None)
    ((_, pose),) = advance(cast, [part], 0.0, None)
    assert pose is not None and len(pose.events) == unsent.MOST
    assert {event.ago for event in pose.events} == {round(5 / 60, 6)}
