"""The demo's browser part: the page is up while it runs, and a machine without a browser is told the address."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
import webbrowser
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

import toy_bundle
from broadcast.fake_server import FakeServer
from motionwire.broadcast.about import Leg
from motionwire.cli import demo_viewer
from motionwire.errors import InputError


@dataclass
class Server:
    """Stands for the server's process: fetches the page that was opened, then is or is not over."""

    endpoint: str
    over: bool = False
    opened: list[str] = field(default_factory=list)
    page: bytes = b""

    def ends_within(self, seconds: float | None) -> bool:
        self.page = urllib.request.urlopen(self.opened[0], timeout=10).read()
        return self.over


BUNDLE = SimpleNamespace(name="tiny", licence_line="CC0 (commercial use allowed)", manifest=SimpleNamespace(name="tiny", version="1"))


@pytest.fixture
def server() -> Server:
    with FakeServer() as runtime:
        yield Server(runtime.endpoint)


def run(server: Server, monkeypatch: pytest.MonkeyPatch, opens: bool) -> None:
    monkeypatch.setattr(demo_viewer, "open_browser", lambda url: server.opened.append(url) or opens)
    demo_viewer.run_viewer(server, BUNDLE, ["a person waves"], [Leg(1.0, speed=1.0)], 1.0)


def test_page_is_served_and_opened(server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run(server, monkeypatch, opens=True)
    assert b"<canvas" in server.page
    told = capsys.readouterr().out
    assert re.search(r"http://127\.0\.0\.1:\d+/", told) and "CC0 (commercial use allowed)" in told
    assert "yourself" not in told


def test_without_a_browser_it_says_so_and_goes_on(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(server, monkeypatch, opens=False)
    assert b"<canvas" in server.page
    assert "open the address yourself" in capsys.readouterr().out


def test_a_server_that_ends_is_an_error(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.over = True
    with pytest.raises(InputError, match="motionwire serve: it ended by itself"):
        run(server, monkeypatch, opens=True)


def test_a_browser_is_tried_only_where_it_has_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: not tried.append(url))
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert not demo_viewer.open_browser("http://127.0.0.1:1/") and tried == []
    monkeypatch.setenv("DISPLAY", ":0")
    assert demo_viewer.open_browser("http://127.0.0.1:1/") and tried == ["http://127.0.0.1:1/"]


def test_a_broken_browser_is_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(url: str) -> bool:
        raise webbrowser.Error("none")

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", fail)
    assert demo_viewer.open_browser("http://127.0.0.1:1/") is False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_the_page_and_leaves_nothing_behind(number: signal.Signals, tmp_path: Path) -> None:
    bundle = toy_bundle.write(tmp_path / "toy")
    command = [sys.executable, "-u", "-m", "motionwire", "demo", "--bundle", str(bundle), "--sentence", "a person bows"]
    alone = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=alone) as process:
        try:
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
    assert about["bundle"].startswith("toy") and about["sentences"][0] == "a person bows"
    assert [leg["acts"] for leg in about["script"]].count(True) == 1
    assert process.returncode == (0 if number == signal.SIGINT else 128 + signal.SIGTERM)
    assert "Traceback" not in errors
    assert len(children) == 1 and not children[0].is_running()
