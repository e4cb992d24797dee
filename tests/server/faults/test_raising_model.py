"""A model that raises: who asked hears of it, others do not, and the server goes on."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

import server_process
from server.faults.conftest import PATIENT, Start
from server.faults.neighbour import Neighbour
from server_process import Raw, ServerProcess


@pytest.fixture
def raising(start: Start, monkeypatch: pytest.MonkeyPatch) -> ServerProcess:
    """Its window is long: steps that are sent at once run in one batch."""
    monkeypatch.setattr(server_process, "SCRIPT", Path(__file__).with_name("serve_raising.py"))
    return start(f"{PATIENT}batch_window_ms = 10")


def test_in_a_rehearsal(raising: ServerProcess) -> None:
    neighbour = Neighbour(raising)
    for _ in range(60):  # at a rate at which the next step is expected
        neighbour.walk(1)
        time.sleep(0.015)
    assert raising.process.poll() is None
    neighbour.raw.close()


def test_in_a_batch_each_step_has_one_answer(raising: ServerProcess, raw: Callable[[ServerProcess], Raw]) -> None:
    orderly, curious = raw(raising), raw(raising)
    for client in (orderly, curious):
        client.hello()
        client.ask(t="spawn", character=1)
    answers = []
    for seq in range(40):
        orderly.send({"t": "step", "v": 1, "seq": seq, "characters": [1]})
        curious.send({"t": "step", "v": 1, "seq": seq, "characters": [1], "debug": True})
        answers.append(orderly.receive())
        failed = curious.receive()
        assert (failed["code"], failed["of"], failed["ref"]) == ("internal", "step", seq)
    assert orderly.ask(t="ping", time=1.0)["t"] == curious.ask(t="ping", time=1.0)["t"] == "pong"  # nothing came twice
    assert [answer.get("seq", answer.get("ref")) for answer in answers] == list(range(40))
    assert "pose" in {answer["t"] for answer in answers}
