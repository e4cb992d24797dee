"""The clip page in a headless Chromium: files side by side, their timeline, frames on and back."""

import asyncio
from dataclasses import replace

import pytest

from broadcast import chromium
from broadcast.chromium import Chromium
from broadcast.page import FOCUS, STATUS, choose, click, settled, shot
from broadcast.toolchain import need
from motionwire.broadcast.clips import ClipSite
from motionwire.broadcast.viewer import Viewer
from synthetic import walking_clip

TIME = "Number(document.getElementById('view').dataset.time)"
CLIPS = [replace(walking_clip(2.0, 30.0, turn=0.4), name="slow <walk>"), replace(walking_clip(3.0, 120.0, speed=1.5), name="fast")]


@pytest.fixture(autouse=True, scope="module")
def browser_there() -> None:
    need(chromium.find(), "Chromium")


def test_clips_play_and_are_stepped_through() -> None:
    async def scenario(viewer: Viewer) -> None:
        async with Chromium((1280, 720)) as page:
            await page.open(viewer.url)
            await page.wait_for(f"{STATUS} === '' && {TIME} > 0.2")
            lanes = await page.evaluate("[...document.querySelectorAll('#lanes li')].map((item) => item.textContent)")
            assert lanes == ["slow <walk> 60 frames, 30 fps, 1.97 s", "fast 360 frames, 120 fps, 2.99 s"]
            await page.evaluate(click("contacts"))
            await page.evaluate(FOCUS)
            await page.press("KeyP")
            await settled(page, TIME)
            await page.evaluate(choose("time", 1.5))
            await shot(page, "clips")
            await page.press("Period")
            await page.wait_for(f"{TIME} === 1.533")
            await page.press("Comma")
            await page.press("Comma")
            await page.wait_for(f"{TIME} === 1.467")
            await page.evaluate(choose("time", 2.95))
            await page.press("KeyP")
            await page.wait_for(f"{TIME} < 1")  # and from the start again
            assert page.errors == []
            assert all(request.startswith(viewer.origin) for request in page.requests)

    with Viewer(ClipSite(CLIPS), port=0) as viewer:
        asyncio.run(scenario(viewer))


def test_without_the_key_it_says_what_to_do() -> None:
    async def scenario(viewer: Viewer) -> None:
        async with Chromium() as page:
            await page.open(viewer.origin)
            await page.wait_for(f"{STATUS}.includes('open the address that the terminal shows')")

    with Viewer(ClipSite(CLIPS), port=0) as viewer:
        asyncio.run(scenario(viewer))
