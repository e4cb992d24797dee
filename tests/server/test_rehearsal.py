"""When a step is rehearsed: shortly before the next one of a client that steps regularly, and not while steps are on their way."""

import math

import numpy as np
import pytest

from controller.fake_network import FakeNetwork
from motionwire.character import Cast
from motionwire.controller.controller import Controller
from motionwire.server.rates import Bucket
from motionwire.server.rehearsal import LEAD_S, SHORT_S, WARM_S, Rehearsal
from motionwire.server.session import Session


@pytest.fixture
def cast() -> Cast:
    return Cast(Controller(FakeNetwork()))


def stepped(*times: float) -> Session:
    """A client that stepped at these times."""
    session = Session("key", 1, b"a", "", 0.0, Bucket.full(1, 0.0))
    for time in times:
        session.seen = time
        session.step()
    return session


def test_a_regular_client_is_expected(cast: Cast) -> None:
    rehearsal = Rehearsal(cast)
    assert rehearsal.due([]) == rehearsal.due([stepped(10.0)]) == math.inf
    assert rehearsal.due([stepped(10.0, 10.3)]) == math.inf, "a turn-based client"
    client = stepped(10.0, 10.02)
    rehearsal.worked(10.021, 0.001)
    assert rehearsal.due([client]) == pytest.approx(10.04 - LEAD_S)
    rehearsal.run(10.04 - LEAD_S)
    assert rehearsal.due([client]) == math.inf, "once is enough"
    assert rehearsal.due([stepped(10.0, 10.02), stepped(10.01, 10.03)]) == pytest.approx(10.05 - LEAD_S)


def test_who_steps_all_the_time_needs_none(cast: Cast) -> None:
    rehearsal = Rehearsal(cast)
    rehearsal.worked(10.004, 0.001)
    assert rehearsal.due([stepped(10.0, 10.004)]) == math.inf
    assert rehearsal.due([stepped(10.0, 10.004 + WARM_S + LEAD_S)]) < math.inf
    rehearsal.worked(10.004, 2 * SHORT_S)
    assert rehearsal.due([stepped(10.0, 10.02)]) == math.inf, "long batches fill the caches themselves"


def test_a_model_that_fails_is_rehearsed_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    rehearsal = Rehearsal(cast)

    def fail(*_: object) -> None:
        raise RuntimeError("the model broke")

    monkeypatch.setattr(rehearsal, "_step", fail)
    client = stepped(10.0, 10.02)
    assert rehearsal.due([client]) < math.inf
    rehearsal.run(10.03)
    rehearsal.worked(10.04, 0.001)
    client.seen = 10.06
    client.step()
    assert rehearsal.due([client]) == math.inf
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_nobody_sees_it(cast: Cast) -> None:
    rehearsal = Rehearsal(cast)
    handle = cast.spawn(np.zeros(3, np.float32), 0.0)
    before = cast.step(np.array([handle]), np.array([1 / 60]))
    for tick in range(50):
        rehearsal.run(float(tick))
    after = cast.step(np.array([handle]), np.array([0.0]))
    np.testing.assert_array_equal(after.root_positions, before.root_positions)
    np.testing.assert_array_equal(after.rotations, before.rotations)
    assert not after.happenings
    assert len(cast) == 1, "its own character has no place among the clients'"
    assert handle == 0
