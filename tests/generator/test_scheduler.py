"""Who is made when: joining, leaving, live acts before clips, failures; turn by turn, whatever the threads' timing."""

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from motionwire.errors import InputError
from motionwire.generator.scheduler import CLIP_LANES, LANES, SHORT_S, Scheduler

CHUNK = np.zeros((4, 276), np.float32)
CHUNK_S = 4 / 30


class Sentence:
    """A job that keeps what it is given; a take is the job's text and how many chunks it still has."""

    def __init__(self, text: str, live: bool = False) -> None:
        self.text, self.live, self.seed, self.seconds = text, live, 0, None
        self.cancelled = threading.Event()
        self.chunks, self.ready, self.errors = 0, True, []

    def is_ready(self) -> bool:
        return self.ready

    def history(self) -> None:
        return None

    def in_hand(self) -> float:
        return self.chunks * CHUNK_S

    def add(self, features: np.ndarray) -> None:
        self.chunks += 1
        if self.text == "spoils" and self.chunks == 2:
            raise ValueError("cannot take it")

    def finish(self, error: str) -> None:
        self.errors.append(error)


class Stage:
    """A batch whose turns the test lets happen one by one, and the scheduler that runs it. turns: who was made in each."""

    def __init__(self) -> None:
        self.free, self.turns = LANES, []
        self._entered, self._may = threading.Semaphore(0), threading.Semaphore(0)
        self.closing = False
        self.scheduler = Scheduler(self)

    def batch(self, lanes: int) -> "Stage":
        return self

    def begin(self, text: str, seconds: float | None, seed: int, history: None) -> list[Any]:
        if text == "refused":
            raise InputError("no such words")
        self.free -= 1
        return [text, 20 if "long" in text else 3]

    def advance(self, takes: Sequence[list[Any]]) -> list[np.ndarray | InputError | None]:
        self._entered.release()
        if not self.closing:
            self._may.acquire()
        self.turns.append([text for text, _ in takes])
        if "breaks" in self.turns[-1]:
            raise MemoryError("too much")
        for take in takes:
            take[1] -= 1
        return [InputError("failed") if text == "fails" else None if left < 0 else CHUNK for text, left in takes]

    def end(self, take: list[Any]) -> None:
        self.free += 1

    def ask(self, *jobs: Sentence) -> list[Sentence]:
        """Ask while a turn is under way, so that all are there at its end."""
        for job in jobs:
            self.scheduler.ask(job)
        return list(jobs)

    def turn(self, count: int = 1) -> None:
        """Let turns happen; on return the next one has begun."""
        for _ in range(count):
            self._may.release()
            assert self._entered.acquire(timeout=30)

    def open(self, job: Sentence) -> Sentence:
        """The first job, whose first turn has begun on return."""
        self.scheduler.ask(job)
        assert self._entered.acquire(timeout=30)
        return job


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.closing = True
    stage._may.release(1000)
    stage.scheduler.close()


def test_sentences_join_and_leave_between_turns(stage: Stage) -> None:
    first = stage.open(Sentence("a"))
    second, third = stage.ask(Sentence("b"), Sentence("c"))
    stage.turn(4)
    assert stage.turns == [["a"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c"]]  # in the fourth "a" turned out complete
    assert first.errors == [""] and first.chunks == 3 and not second.errors
    stage.turn()
    assert stage.turns[-1] == ["b", "c"] and second.errors == [""] and not third.errors


def test_a_live_act_that_is_short_goes_before_clips(stage: Stage) -> None:
    stage.open(Sentence("clip"))
    stage.ask(Sentence("act", live=True), Sentence("later"))
    stage.turn(4)
    assert pytest.approx(3 * CHUNK_S) == SHORT_S  # so many chunks are made of the act alone
    assert stage.turns == [["clip"], ["act"], ["act"], ["act"]]
    stage.turn()
    assert stage.turns[-1] == ["clip", "act", "later"]


def test_a_live_act_begins_before_clips_that_wait(stage: Stage) -> None:
    stage.open(Sentence("clip"))
    stage.ask(*(Sentence(f"clip {number}") for number in range(3)), Sentence("act", live=True))
    stage.turn(2)
    assert stage.turns[1] == ["act"]


def test_clips_leave_lanes_for_live_acts(stage: Stage) -> None:
    first, *others = (Sentence(f"long {number}") for number in range(CLIP_LANES + 2))
    stage.open(first)
    stage.ask(*others)
    stage.turn(20)
    assert len(stage.turns[-1]) == CLIP_LANES and stage.free == LANES - CLIP_LANES
    assert others[-1].chunks == 0
    stage.turn(3)  # the first is complete: the next one takes its place
    assert "long 8" in stage.turns[-1] and len(stage.turns[-1]) == CLIP_LANES


def test_cancelled_in_the_middle_frees_its_lane(stage: Stage) -> None:
    keeps = stage.open(Sentence("keeps"))
    goes, waits = stage.ask(Sentence("goes"), Sentence("waits"))
    stage.turn(2)
    assert stage.turns[-1] == ["keeps", "goes"] and stage.free == LANES - 3
    goes.cancelled.set()
    waits.cancelled.set()
    stage.turn()
    assert goes.errors == waits.errors == [""] and not keeps.errors
    assert stage.free == LANES - 1 and len(stage.scheduler) == 1


@pytest.mark.parametrize(("text", "error"), [("fails", "failed"), ("refused", "no such words"), ("spoils", "ValueError: cannot take it")])
def test_one_that_fails_leaves_the_others(stage: Stage, text: str, error: str) -> None:
    other = stage.open(Sentence("other"))
    (bad,) = stage.ask(Sentence(text))
    stage.turn(3)
    assert bad.errors == [error] and not other.errors and other.chunks == 3
    assert stage.free == LANES - 1


def test_a_run_that_fails_ends_those_in_it_and_no_more(stage: Stage) -> None:
    act, clip = Sentence("breaks", live=True), Sentence("clip")
    stage.open(clip)
    stage.ask(act)
    stage.turn(2)
    assert act.errors == ["MemoryError: too much"] and not clip.errors
    stage.turn()
    assert stage.turns[-1] == ["clip"]


def test_a_turn_that_fails_leaves_nobody_waiting(stage: Stage) -> None:
    """What no job and no model may do, and what they do."""

    def fail() -> bool:
        raise ValueError("not to be asked")

    made = stage.open(Sentence("long"))
    bad, waits = Sentence("bad"), Sentence("waits")
    bad.is_ready = fail  # type: ignore[method-assign]
    stage.ask(bad, waits)
    stage._may.release()
    end = time.monotonic() + 30
    while not waits.errors and time.monotonic() < end:
        time.sleep(0.01)
    later = stage.open(Sentence("later"))
    for job in (made, bad, waits):
        assert job.errors == ["ValueError: not to be asked"]
    assert stage.free == LANES - 1
    stage.turn(3)
    stage._may.release()
    stage.open(Sentence("last"))
    assert later.errors == [""] and later.chunks == 3


def test_a_queued_sentence_begins_when_it_is_ready(stage: Stage) -> None:
    stage.open(Sentence("first", live=True))
    queued = Sentence("queued", live=True)
    queued.ready = False
    stage.ask(queued)
    stage.turn(2)
    assert stage.turns == [["first"]] * 2
    queued.ready = True
    stage.turn(2)
    assert "queued" in stage.turns[-1]
