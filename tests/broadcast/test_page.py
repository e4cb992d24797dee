"""The page in a headless Chromium: the figure moves by itself, obeys the keys, acts sentences and survives a restart."""

import asyncio
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from broadcast import chromium
from broadcast.chromium import Chromium
from broadcast.fake_server import FakeServer
from broadcast.toolchain import need
from motionwire.broadcast.viewer import Viewer

SENTENCES = ["a person waves <b>", "a person kicks"]
SCRIPT = [{"seconds": 4.0, "speed": 1.3, "turn": 0.0, "acts": False}, {"seconds": 4.0, "speed": 1.3, "turn": 1.0, "acts": False}]
ABOUT: dict[str, object] = {
    "bundle": "fake 1",
    "licence": "CC BY-NC 4.0 (not for commercial use)",
    "sentences": SENTENCES,
    "script": SCRIPT,
}
PLACE = "document.getElementById('place').textContent.split(', ').map(Number)"
TICK = "document.getElementById('view').dataset.tick"
STATUS = "document.getElementById('status').textContent"


@pytest.fixture(autouse=True, scope="module")
def browser_there() -> None:
    need(chromium.find(), "Chromium")


async def shot(page: Chromium, name: str) -> None:
    """Keep a screenshot where MOTIONWIRE_SCREENSHOTS names a folder; in any case the page can be captured."""
    picture = await page.screenshot()
    assert picture.startswith(b"\x89PNG")
    if folder := os.environ.get("MOTIONWIRE_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.png").write_bytes(picture)


async def moving(page: Chromium, metres: float = 0.3) -> None:
    """Wait until the figure has gone so far."""
    start = await page.wait_for(f"{PLACE}.length === 2 && {PLACE}")
    await page.wait_for(f"Math.hypot({PLACE}[0] - {start[0]}, {PLACE}[1] - {start[1]}) > {metres}")


async def settled(page: Chromium, expression: str) -> Any:
    """The value once it no longer changes; fails when it always does."""
    for _ in range(20):
        before = await page.evaluate(expression)
        await asyncio.sleep(0.5)
        if await page.evaluate(expression) == before:
            return before
    raise AssertionError(f"{expression} does not settle")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_figure_moves_obeys_and_acts() -> None:
    async def scenario(url: str) -> None:
        async with Chromium() as page:
            await page.open(url)
            await moving(page)
            await shot(page, "by-itself")
            licence = await page.evaluate("document.getElementById('licence').textContent")
            assert licence == "licence: CC BY-NC 4.0 (not for commercial use)"
            suggestions = await page.evaluate("[...document.querySelectorAll('#suggestions button')].map((b) => b.textContent)")
            assert suggestions == SENTENCES
            assert await page.evaluate(STATUS) == ""

            await page.evaluate("document.getElementById('view').focus()")
            await page.key("KeyW", True)
            await asyncio.sleep(0.5)
            before = await page.evaluate(PLACE)
            await moving(page, 0.6)
            after = await page.evaluate(PLACE)
            await page.key("KeyW", False)
            # the camera starts in front of the figure, to its left: away from it is -x, -z
            assert after[0] < before[0] and after[1] < before[1]
            await page.wait_for("document.getElementById('speed').textContent === '0.0 m/s'")

            await page.evaluate("document.getElementById('sentence').focus()")
            await page.type("raise both hands")
            await page.press("Enter")
            await page.wait_for("document.getElementById('acting').textContent === 'acting: raise both hands'")
            await asyncio.sleep(0.5)
            await shot(page, "acting")
            await page.wait_for("document.getElementById('acting').textContent === ''")

            await page.press("KeyP")
            tick = await settled(page, TICK)
            await page.press("Period")
            await page.wait_for(f"{TICK} === '{int(tick) + 1}'")
            check_quiet(page, url)

    with FakeServer() as runtime, Viewer(runtime.endpoint, ABOUT, port=0) as viewer:
        asyncio.run(scenario(viewer.url))


def test_page_survives_a_restart_and_says_so() -> None:
    port = free_port()

    async def scenario() -> None:
        async with Chromium((390, 780)) as page:
            with FakeServer() as first, Viewer(first.endpoint, ABOUT, port) as viewer:
                await page.open(viewer.url)
                await moving(page, 1.0)
                await shot(page, "phone")
                await page.evaluate("document.getElementById('view').focus()")
                await page.press("KeyP")
                tick = await settled(page, TICK)
                place = await settled(page, PLACE)
            assert await page.wait_for(STATUS) in ("Connection lost. Reconnecting…", "The server is away. Trying to reach it again…")
            with FakeServer() as second, Viewer(second.endpoint, ABOUT, port):
                await page.wait_for(f"{STATUS} === ''")
                await page.press("Period")
                await page.wait_for(f"{TICK} !== '{tick}'")
                assert await settled(page, PLACE) == pytest.approx(place, abs=0.06)  # where it was, and one frame on
                await page.press("KeyP")
                await moving(page)

    asyncio.run(scenario())


def test_gamepad_mouse_and_tab_reach_everything() -> None:
    async def scenario(url: str) -> None:
        async with Chromium() as page:
            await page.open(url)
            await moving(page)
            await page.evaluate(
                """navigator.getGamepads = () => [{ connected: true, axes: [0, -1, 0, 0], buttons: [{ pressed: false }] }]"""
            )
            await asyncio.sleep(0.5)
            before = await page.evaluate(PLACE)
            await moving(page, 0.6)
            after = await page.evaluate(PLACE)
            assert after[0] < before[0] and after[1] < before[1]

            # half a turn of the camera with the mouse: forward is now the other way
            await page.call("Input.dispatchMouseEvent", type="mousePressed", x=200, y=300, button="left", clickCount=1)
            await page.call("Input.dispatchMouseEvent", type="mouseMoved", x=500, y=300, button="left")
            await page.call("Input.dispatchMouseEvent", type="mouseReleased", x=500, y=300, button="left")
            await asyncio.sleep(0.5)
            before = await page.evaluate(PLACE)
            await moving(page, 0.6)
            after = await page.evaluate(PLACE)
            assert after[0] > before[0] and after[1] > before[1]

            reached = set()
            for _ in range(12):
                await page.press("Tab")
                reached.add(await page.evaluate("document.activeElement.id || document.activeElement.textContent"))
            assert {"view", "pause", "speed-factor", "sentence", "act", "stop", *SENTENCES} <= reached

    with FakeServer() as runtime, Viewer(runtime.endpoint, ABOUT, port=0) as viewer:
        asyncio.run(scenario(viewer.url))


def check_quiet(page: Chromium, url: str) -> None:
    """No error in the console, and no request to anything but the viewer."""
    assert page.errors == []
    own = (url, url.replace("http:", "ws:"))
    assert [request for request in page.requests if not request.startswith(own)] == []
    assert any(request.startswith("ws:") for request in page.requests)
