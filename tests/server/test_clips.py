"""Clips under way: what they emit, limits, cancelling; driven by hand in the place of the generator's thread."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from motionwire.generator.integrate import Integrator
from motionwire.generator.scheduler import CLIP_LANES
from motionwire.motion import features
from motionwire.server.clips import Clip, Clips
from motionwire.server.messages import BadMessageError, ClipChunk, ClipEnd, Error, Generate, Message, Progress
from motionwire.server.settings import Limits
from synthetic import walking_clip

WALK = features.encode(walking_clip(2.0))


class Kept:
    """In the place of a scheduler: keeps what it is asked for."""

    def __init__(self) -> None:
        self.jobs: list[Clip] = []

    def ask(self, job: Clip) -> None:
        self.jobs.append(job)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def clips(kept: Kept) -> Clips:
    return Clips(kept, np.zeros((22, 3), "<f4").tobytes(), 22, Limits(clips=2, clips_total=20), lambda: None)  # type: ignore[arg-type]


def session(key: str = "key") -> Any:
    return SimpleNamespace(key=key)


def emitted(clips: Clips) -> list[Message]:
    return [clips.outgoing.get()[1] for _ in range(clips.outgoing.qsize())]


def kinds(clips: Clips) -> list[str]:
    return [type(message).__name__ for message in emitted(clips)]


def test_a_clip_from_beginning_to_end(clips: Clips, kept: Kept) -> None:
    clips.start(session(), Generate(request=1, text="a walk", frames=6))
    assert kinds(clips) == ["Accepted", "Progress"]
    (job,) = kept.jobs
    assert job.seconds == pytest.approx(8 / 30) and not job.live
    job.add(WALK[:4])
    job.add(WALK[4:8])
    job.finish("")
    told = emitted(clips)
    assert [type(message).__name__ for message in told] == ["ClipBegin", "ClipChunk", "Progress", "ClipChunk", "Progress", "ClipEnd"]
    chunks = [message for message in told if isinstance(message, ClipChunk)]
    assert [(chunk.first, chunk.frames, len(chunk.data)) for chunk in chunks] == [(0, 4, 4 * 91 * 4), (4, 2, 2 * 91 * 4)]
    assert isinstance(told[-1], ClipEnd) and told[-1].frames == 6 and not told[-1].cancelled and len(clips) == 0
    made = Integrator().add(WALK[:6])
    data = np.concatenate([np.frombuffer(chunk.data, "<f4").reshape(-1, 91) for chunk in chunks])
    np.testing.assert_allclose(data[:, :3], made.root_positions, atol=1e-5)


def test_its_number_may_be_used_again_when_it_ends(clips: Clips, kept: Kept) -> None:
    for error, last in (("no words", "Error"), ("", "ClipEnd")):
        clips.start(session(), Generate(request=1, text="a walk"))
        with pytest.raises(BadMessageError, match="still under way"):
            clips.start(session(), Generate(request=1, text="again"))
        kept.jobs[-1].finish(error)
        assert kinds(clips)[-1] == last and len(clips) == 0


def test_a_failure_is_told(clips: Clips, kept: Kept) -> None:
    clips.start(session(), Generate(request=7, text="a walk"))
    kept.jobs[0].finish("no words " + "x" * 1000)
    told = emitted(clips)[-1]
    assert isinstance(told, Error) and (told.code, told.ref, len(told.message)) == ("generation_failed", 7, 300)


def test_cancelled(clips: Clips, kept: Kept) -> None:
    clips.start(session(), Generate(request=1, text="a walk"))
    clips.cancel(session(), 1)
    assert kept.jobs[0].cancelled.is_set()
    kept.jobs[0].finish("")
    told = emitted(clips)[-1]
    assert isinstance(told, ClipEnd) and told.cancelled
    with pytest.raises(BadMessageError, match="no request 1"):
        clips.cancel(session(), 1)


def test_limits_and_what_is_ahead(clips: Clips) -> None:
    for number in range(CLIP_LANES + 2):
        clips.start(session(str(number)), Generate(request=1, text="a walk"))
    ahead = [message.ahead for message in emitted(clips) if isinstance(message, Progress)]
    assert ahead == [0] * CLIP_LANES + [1, 2]
    clips.start(session("0"), Generate(request=2, text="a walk"))
    with pytest.raises(BadMessageError, match="2 clips"):
        clips.start(session("0"), Generate(request=3, text="a walk"))


def test_a_session_that_ends_takes_its_clips_along(clips: Clips, kept: Kept) -> None:
    mine, other = session("mine"), session("other")
    for owner in (mine, other):
        clips.start(owner, Generate(request=1, text="a walk"))
    clips.drop(mine)
    assert [job.cancelled.is_set() for job in kept.jobs] == [True, False]
    clips.close()
    assert kept.jobs[1].cancelled.is_set()
