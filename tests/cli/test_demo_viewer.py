"""The demo's browser part: the page is up while it runs, and the command leaves nothing behind."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

import toy_bundle
from broadcast.fake_server import FakeServer
from motionwire.cli import browser, demo_viewer
from motionwire.errors import InputError


class Runtime(FakeServer):
    """Fetches the page that was opened, then is or is not over."""

    over = False

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def ends_within(self, seconds: float | None) -> bool:
        self.page = urllib.request.urlopen(self.opened[0], timeout=10).read()
        return self.over


BUNDLE = SimpleNamespace(name="tiny", licence_line="CC0 (commercial use allowed)")


def run(monkeypatch: pytest.MonkeyPatch, opens: bool, over: bool = False) -> bytes:
    """The page that a user gets."""
    with Runtime() as runtime:
        runtime.over = over
        monkeypatch.setattr(browser, "open_browser", lambda url: runtime.opened.append(url) or opens)
        demo_viewer.run_viewer(runtime, BUNDLE, 1.0)  # type: ignore[arg-type]
        return runtime.page


def test_page_is_served_and_opened(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert b"<canvas" in run(monkeypatch, opens=True)
    told = capsys.readouterr().out
    assert re.search(r"http://127\.0\.0\.1:\d+/#key=\S{20,};", told) and "CC0 (commercial use allowed)" in told
    assert "yourself" not in told


def test_without_a_browser_it_says_so_and_goes_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert b"<canvas" in run(monkeypatch, opens=False)
    assert "open the address yourself" in capsys.readouterr().out


def test_a_server_that_ends_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="motionwire serve: it ended by itself"):
        run(monkeypatch, opens=True, over=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_the_page_and_leaves_nothing_behind(number: signal.Signals, tmp_path: Path) -> None:
    bundle = toy_bundle.write(tmp_path / "toy")
    command = [sys.executable, "-u", "-m", "motionwire", "demo", "--bundle", str(bundle), "--sentence", "a person bows"]
    alone = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=alone) as process:
        try:
            assert process.stdout is not None and process.stderr is not None
            told = ""
            while not (address := re.search(r"http://\S+/", told)):
                line = process.stdout.readline()
                assert line, process.stderr.read()
                told += line
            with urllib.request.urlopen(address.group() + "about.json", timeout=10) as answer:
                about = json.load(answer)
            children = psutil.Process(process.pid).children()
            process.send_signal(number)
            _, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert about["bundle"] == "toy" and about["sentences"][0] == "a person bows"
    assert [leg["acts"] for leg in about["script"]].count(True) == 1
    assert process.returncode == (0 if number == signal.SIGINT else 128 + signal.SIGTERM)
    assert "Traceback" not in errors
    assert len(children) == 1 and not children[0].is_running()
