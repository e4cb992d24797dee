"""Opening the page: a machine without a browser is told the address."""

import webbrowser

import pytest

from motionwire.cli import browser


def test_a_browser_is_tried_only_where_it_has_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: not tried.append(url))
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert not browser.open_browser("http://127.0.0.1:1/") and tried == []
    monkeypatch.setenv("DISPLAY", ":0")
    assert browser.open_browser("http://127.0.0.1:1/") and tried == ["http://127.0.0.1:1/"]


def test_a_broken_browser_is_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(url: str) -> bool:
        raise webbrowser.Error("none")

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", fail)
    assert browser.open_browser("http://127.0.0.1:1/") is False
