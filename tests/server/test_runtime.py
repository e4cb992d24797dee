"""From settings to a server: what stands in its file reaches the controller."""

from pathlib import Path

import pytest

from motionwire.controller.controller import Controller
from motionwire.server import runtime, settings
from motionwire.server.metrics import Metrics


class OpenedError(Exception):
    """As far as the controller."""


def test_the_controller_answers_the_stick_as_the_file_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "serve.toml"
    path.write_text("threads = 3\n[controller]\nvelocity_halflife = 0.1\nfoot_lock = false", encoding="utf-8")
    made = []

    class Told(Controller):
        def __init__(self, *arguments: object) -> None:
            made.extend(arguments[1:])
            raise OpenedError

    monkeypatch.setattr(runtime, "Controller", Told)
    with pytest.raises(OpenedError):
        runtime.open_server(settings.load(path), Metrics())
    chosen, threads = made
    assert (chosen.velocity_halflife, chosen.foot_lock, chosen.pull, threads) == (0.1, False, 0.1, 3)
