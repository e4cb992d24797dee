"""The bookkeeping of clips under way, whatever the workers' timing."""

from concurrent.futures import Future

import numpy as np
import pytest

from fakes import FakeGenerator
from motionwire.server.clips import Clips
from motionwire.server.messages import BadMessageError, Generate
from motionwire.server.session import Session
from motionwire.server.settings import Limits


def opened() -> Clips:
    return Clips(FakeGenerator(), np.zeros((22, 3), "<f4").tobytes(), 22, Limits(clips=2), 1, lambda: None)


def kinds(clips: Clips) -> list[str]:
    return [type(clips.outgoing.get()[1]).__name__ for _ in range(clips.outgoing.qsize())]


def test_a_clip_that_is_made_at_once_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker may be done before the call that started it returns."""
    clips = opened()

    def submit(work, *arguments) -> Future:
        done: Future = Future()
        done.set_result(work(*arguments))
        return done

    monkeypatch.setattr(clips._pool, "submit", submit)
    session = Session("key", b"address", "test", 0.0)
    for text, last in (("refuse", "Error"), ("a walk", "ClipEnd")):
        clips.start(session, Generate(request=1, text=text, frames=8))
        assert kinds(clips)[-1] == last and len(clips) == 0


def test_cancelled_while_it_waits() -> None:
    clips = opened()
    session = Session("key", b"address", "test", 0.0)
    for request in (1, 2):
        clips.start(session, Generate(request=request, text="wait", frames=8))
    with pytest.raises(BadMessageError, match="2 clips"):
        clips.start(session, Generate(request=3, text="wait", frames=8))
    clips.cancel(session, 2)
    assert len(clips) == 1 and kinds(clips)[-1] == "ClipEnd"
    clips.drop(session)
    clips._generator.gate.release(10)
    clips.close()
    assert len(clips) == 0
