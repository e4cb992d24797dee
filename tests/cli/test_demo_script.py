"""The demo's script, however long it is."""

import pytest

from motionwire.cli import demo_script
from motionwire.client import Client
from server_process import ServerProcess


@pytest.mark.parametrize(("seconds", "asked"), [(2.0, 1.0), (40.0, 10.0), (3600.0, 20.0)])
def test_the_sentence_has_a_length_that_models_can_act(monkeypatch: pytest.MonkeyPatch, seconds: float, asked: float) -> None:
    server = ServerProcess()
    lengths: list[float] = []
    monkeypatch.setattr(Client, "act", lambda _self, _character, _sentence, seconds: lengths.append(seconds))
    monkeypatch.setattr(demo_script, "FPS", 1 / seconds * 8)  # a few frames are enough
    monkeypatch.setattr(demo_script, "_wait_until", lambda _moment: False)
    try:
        with Client(server.endpoint) as client:
            monkeypatch.setattr(client, "step", lambda sticks, _dt, step=client.step: step(sticks, 1 / 60))
            demo_script.drive(client, seconds, "a person waves", lambda *_: None)
    finally:
        server.close()
    assert lengths == [asked]
