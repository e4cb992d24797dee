"""The demo's browser part: the page is up while it runs, and a machine without a browser is told the address."""

import re
import urllib.request
import webbrowser
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

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
