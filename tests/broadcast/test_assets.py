"""What is served of the page's folder, and that its files hold together."""

import re
from pathlib import Path

import pytest

from broadcast.web import fetch, raw
from motionwire.broadcast import assets
from motionwire.broadcast.viewer import Viewer

PAGES = sorted(assets.PAGE.glob("*.html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_hold_no_inline_script_or_style(page: Path) -> None:
    text = page.read_text()
    assert "<style" not in text and " style=" not in text and "javascript:" not in text
    assert text.count("<script") == text.count('<script type="module" src="')
    assert not re.search(r"<[^>]*\son\w+=", text)


def test_no_text_of_others_becomes_markup() -> None:
    for script in assets.PAGE.glob("*.js"):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", script.read_text()), (
            script.name
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_loads_is_there(page: Path) -> None:
    for name in re.findall(r'(?:href|src)="([^"]+)"', page.read_text()):
        assert (page.parent / name).is_file(), name


def test_imports_of_the_page_are_files_of_the_page() -> None:
    scripts = [*assets.PAGE.glob("*.js"), *(assets.PAGE / "vendor").glob("[A-Z]*.js")]
    for script in scripts:
        code = re.sub(r"/\*.*?\*/", "", script.read_text(), flags=re.DOTALL)
        for name in re.findall(r"""(?:\bfrom|\bimport\()\s*["']([^"']+)["']""", code):
            assert (script.parent / name).is_file(), f"{script.name}: {name}"


def test_everything_served_is_listed(viewer: Viewer) -> None:
    listed = assets.load("live.html")
    assert {"/", "/live.html", "/clips.html", "/live.js", "/vendor/three.module.min.js", "/vendor/LICENSE.three.txt"} <= listed.keys()
    for path, asset in listed.items():
        status, headers, body = fetch(viewer.origin + path)
        assert (status, headers.getone("Content-Type").split(";")[0], body) == (200, asset.content_type, asset.body)
        assert "Content-Security-Policy" in headers


@pytest.mark.parametrize(
    "path", ["/../viewer.py", "/%2e%2e/viewer.py", "/vendor/../../viewer.py", "//etc/passwd", "/..%5cviewer.py", "/live.js/"]
)
def test_paths_outside_the_list_are_refused(viewer: Viewer, path: str) -> None:
    answer = raw(viewer, f"GET {path}")
    assert answer.split(b" ")[1] in (b"404", b"400")
    assert b"asyncio" not in answer and b"root:" not in answer


def test_other_methods_are_refused(viewer: Viewer) -> None:
    assert raw(viewer, "POST /").split(b" ")[1] == b"405"
