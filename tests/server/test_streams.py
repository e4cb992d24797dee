"""When frames of a stream are made, and how far its characters go on between them."""

from collections.abc import Callable

import numpy as np
import pytest

from fakes import FakeController
from motionwire.character import Cast
from motionwire.server.frames import advance, due_parts, due_slices, next_due
from motionwire.server.messages import Pose
from motionwire.server.rates import Bucket
from motionwire.server.session import Session
from motionwire.server.streams import SLICE, Stream

START = 1000.0  # s


class Compared(int):
    """A number that counts how often it is compared with others."""

    times = 0

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return int(self) == other

    __hash__ = int.__hash__


def test_thousands_of_characters_are_told_apart_without_a_search() -> None:
    """A client may step 2,000 characters beside a stream of 2,000 others: a search through them all for each would hold everybody up."""
    stream = Stream(dict.fromkeys(range(2000)), 60.0, 0, 0.0)
    assert not any(stream.advances(Compared(character)) for character in range(2000, 4000))
    assert stream.advances(Compared(7))
    assert Compared.times < 4000
    assert Stream({}, 60.0, 0, 0.0).advances(5)


class Streaming:
    """A session with one walking character, served by a clock of its own."""

    def __init__(self) -> None:
        self.cast = Cast(FakeController())
        self.session = Session("", 1, b"", "", START, Bucket.full(1, 0.0))
        self.session.add(1, self.cast.spawn(np.zeros(3, np.float32), 0.0))
        self.cast.set_input(np.array([0]), np.array([[0, 1.4, np.nan, 0]], np.float32))
        self.poses: list[Pose] = []
        self.longest = 0.0  # s that it went on at once

    def until(self, end: float, then: Callable[[float], None] = lambda _: None) -> None:
        """Serve, with a turn at each moment that the stream names. then: called after each."""
        while (now := next_due([self.session])) <= end:
            for handles in due_slices([self.session], now):
                self.cast.go_on(handles, SLICE)
                self.longest = max(self.longest, SLICE)
            parts = due_parts([self.session], now, lambda _: None)
            for part, pose in advance(self.cast, parts, now, None) if parts else ():
                self.longest = max(self.longest, part.dt)
                assert pose is not None
                self.poses.append(pose)
                self.session.unsent.forget([0])
            then(now)

    @property
    def z(self) -> float:
        return float(np.frombuffer(self.poses[-1].root, "<f4")[1])


@pytest.mark.parametrize(("fps", "ticks"), [(1.0, 60), (7.5, 8), (20.0, 3), (30.0, 2)])
def test_a_slow_stream_is_the_same_in_slices(fps: float, ticks: int) -> None:
    """A frame a second was made of 60 ticks at once, which held everybody else up."""
    streaming = Streaming()
    streaming.session.subscribe([], fps, 1000, False)
    streaming.until(START + 4.5)
    whole = Streaming()
    first = min(2, ticks)  # nobody waits a second for the first frame, or is taken a second ahead by it
    for number, pose in enumerate(streaming.poses):
        frame = whole.cast.step(np.array([0]), np.array([(first if number == 0 else ticks) / 60]))
        for name in ("data", "phase", "contacts", "root_delta", "root"):
            assert bytes(getattr(pose, name)) == getattr(frame, name).tobytes(), (number, name)
        assert [(e.kind, e.foot, e.ago) for e in pose.events] == [(h.kind, h.foot, round(h.ago, 6)) for h in frame.happenings]
    assert len(streaming.poses) == 1 + int(4.5 * fps) and any(pose.events for pose in streaming.poses)
    assert streaming.longest == pytest.approx(SLICE)


def test_who_subscribes_again_and_again_does_not_run_ahead_of_time() -> None:
    once, often, in_turns = Streaming(), Streaming(), Streaming()

    def again(now: float) -> None:
        often.session.seen = now + 0.005
        often.session.subscribe([], 10.0, 1000, False)

    def anew(now: float) -> None:
        in_turns.session.unsubscribe()
        again_at = in_turns.session.seen = now + 0.005
        in_turns.session.subscribe([], 10.0, 1000, False)
        assert in_turns.session.stream is not None and in_turns.session.stream.due == again_at

    for streaming, then in ((once, lambda _: None), (often, again), (in_turns, anew)):
        streaming.session.subscribe([], 10.0, 1000, False)
        streaming.until(START + 3.0, then)
    assert len(often.poses) > 10 * len(once.poses)
    for streaming in (often, in_turns):
        assert streaming.z == pytest.approx(once.z, abs=0.2)  # a frame is 0.14 m


def test_another_rate_goes_on_where_the_one_before_was() -> None:
    streaming = Streaming()
    streaming.session.subscribe([], 1.0, 1000, False)
    streaming.until(START + 1.5)
    streaming.session.seen = START + 1.5
    streaming.session.subscribe([], 60.0, 1000, False)
    streaming.until(START + 1.5)
    assert streaming.z == pytest.approx(1.4 * 1.5, abs=0.1)
