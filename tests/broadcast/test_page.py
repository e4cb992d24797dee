"""The live page in a headless Chromium: the figure moves by itself, obeys, acts, is explained, recorded and survives a restart."""

import asyncio
import base64
import json
import math
import socket
import struct

import numpy as np
import pytest

from broadcast import chromium
from broadcast.chromium import Chromium
from broadcast.fake_server import LICENCE, SENTENCES, FakeServer
from broadcast.page import (
    FOCUS,
    PLACE,
    QUEUE,
    STATUS,
    TICK,
    check_quiet,
    choose,
    click,
    first_row,
    heading,
    moving,
    poses,
    settled,
    shot,
    steps,
)
from broadcast.toolchain import need
from motionwire.broadcast.live import LiveSite
from motionwire.broadcast.viewer import Viewer
from motionwire.formats import bvh


@pytest.fixture(autouse=True, scope="module")
def browser_there() -> None:
    need(chromium.find(), "Chromium")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_figure_moves_obeys_and_acts(viewer: Viewer) -> None:
    async def scenario() -> None:
        async with Chromium() as page:
            await page.open(viewer.url)
            await moving(page)
            await shot(page, "by-itself")
            assert await page.evaluate("document.getElementById('licence').textContent") == LICENCE
            suggestions = await page.evaluate("[...document.querySelectorAll('#suggestions button')].map((b) => b.textContent)")
            assert suggestions == SENTENCES
            assert await page.evaluate(STATUS) == ""

            await page.evaluate(FOCUS)
            await page.key("KeyW", True)
            await asyncio.sleep(0.5)
            before = await page.evaluate(PLACE)
            await moving(page, 0.6)
            after = await page.evaluate(PLACE)
            # the camera starts in front of the figure, to its left: away from it is -x, -z
            assert after[0] < before[0] and after[1] < before[1]
            ahead = heading(poses(page)[-1])
            await page.key("KeyW", False)
            await page.key("KeyA", True)
            await moving(page, 0.6)
            turn = (heading(poses(page)[-1]) - ahead + math.pi) % (2 * math.pi) - math.pi
            assert turn == pytest.approx(math.pi / 2, abs=0.2)  # to its left
            await page.key("KeyA", False)
            await page.wait_for("document.getElementById('speed').textContent === '0.0 m/s'")

            await page.evaluate("document.getElementById('sentence').focus()")
            await page.type("raise both hands")
            await page.press("Enter")
            await page.wait_for(f"{QUEUE} === 'now:raise both hands'")
            await shot(page, "acting")
            await page.wait_for(f"{QUEUE} === ''")

            await page.press("KeyP")
            tick = await settled(page, TICK)
            await page.press("Period")
            await page.wait_for(f"{TICK} === '{int(tick) + 1}'")
            check_quiet(page, viewer.origin)

    asyncio.run(scenario())


def test_what_explains_the_figure_is_asked_for_and_shown(viewer: Viewer) -> None:
    async def scenario() -> None:
        async with Chromium((1280, 720)) as page:
            await page.open(viewer.url)
            await moving(page)
            assert not any(step.debug for step in steps(page))
            for what in ("predicted", "contacts", "phase", "raw"):
                await page.evaluate(click(what))
            await page.press("KeyT")
            assert await page.evaluate("document.getElementById('desired').checked")
            seen = len(page.received)
            await page.wait_for("document.getElementById('hand').style.transform.startsWith('rotate(')")
            await moving(page)
            pose = poses(page, seen)[-1]
            assert steps(page)[-1].debug and isinstance(pose.raw, bytes)
            assert isinstance(pose.desired, bytes) and len(pose.desired) == 12 * 4 * 4
            assert isinstance(pose.predicted, bytes) and len(pose.predicted) == 6 * 4 * 4
            assert struct.unpack_from("<f", pose.raw, 4)[0] > first_row(pose)[1] + 0.1  # the fake's own pose hovers
            await shot(page, "explained")
            check_quiet(page, viewer.origin)

    asyncio.run(scenario())


def test_a_crowd_comes_and_goes(viewer: Viewer) -> None:
    async def scenario() -> None:
        async with Chromium((1280, 720)) as page:
            await page.open(viewer.url)
            await moving(page, 0.1)
            await page.evaluate(choose("count", 100))
            await page.wait_for("document.getElementById('count-now').textContent === '100'")
            await moving(page, 0.1)
            crowd = poses(page)[-1]
            assert crowd.count == 100
            places = np.frombuffer(crowd.data, "<f4").reshape(100, -1)[:, [0, 2]]
            assert np.unique(places.round(1), axis=0).shape[0] > 90
            await shot(page, "crowd")
            await page.evaluate(choose("count", 3))
            await page.wait_for("document.getElementById('count-now').textContent === '3'")
            await moving(page, 0.1)
            assert poses(page)[-1].count == 3
            check_quiet(page, viewer.origin)

    asyncio.run(scenario())


def test_the_last_seconds_are_downloaded(viewer: Viewer, runtime: FakeServer) -> None:
    saved = """new Promise((resolve) => {
        const link = HTMLAnchorElement.prototype, save = link.click;
        link.click = function () {
            link.click = save;
            fetch(this.href).catch(() => {});
            resolve(this.download);
        };
        URL.createObjectURL = ((create) => (blob) => {
            window.saved = blob.arrayBuffer().then((data) => btoa(String.fromCharCode(...new Uint8Array(data).slice(0, 60000))));
            window.size = blob.size;
            return create.call(URL, blob);
        })(URL.createObjectURL);
        document.getElementById('KIND').click();
    })"""

    async def scenario() -> None:
        async with Chromium() as page:
            await page.open(viewer.url)
            await moving(page, 1.0)
            await page.evaluate(FOCUS)
            await page.press("KeyP")
            await settled(page, TICK)
            whole = "window.saved"
            assert await page.evaluate(saved.replace("KIND", "bvh").replace("fetch(this.href).catch(() => {});", "")) == "motionwire.bvh"
            text = base64.b64decode(await page.evaluate(whole))
            assert text.startswith(b"HIERARCHY\nROOT pelvis\n")
            if await page.evaluate("window.size") < 60_000:
                assert len(bvh.parse(text, "recording")) > 10
            assert await page.evaluate(saved.replace("KIND", "glb").replace("fetch(this.href).catch(() => {});", "")) == "motionwire.glb"
            content = base64.b64decode(await page.evaluate(whole))
            magic, version, size, length, kind = struct.unpack_from("<4sIIII", content)
            assert (magic, version, kind) == (b"glTF", 2, 0x4E4F534A) and size == await page.evaluate("window.size")
            described = json.loads(content[20 : 20 + length])
            assert set(runtime.skeleton.names) <= {node["name"] for node in described["nodes"] if "name" in node}
            assert len(described["animations"][0]["channels"]) == len(runtime.skeleton) + 1
            check_quiet(page, viewer.origin)

    asyncio.run(scenario())


def test_another_bundle_is_chosen() -> None:
    async def scenario(viewer: Viewer, runtime: FakeServer) -> None:
        async with Chromium() as page:
            await page.open(viewer.url)
            await moving(page, 0.1)
            await page.evaluate(choose("bundle", "other"))
            await page.wait_for("document.getElementById('licence').textContent === 'CC0'")
            assert runtime.chosen == ["other"]
            await page.wait_for(f"{STATUS} === ''")
            await moving(page, 0.1)
            await page.open(viewer.origin)  # without the key
            await moving(page, 0.1)
            await page.evaluate(choose("bundle", "fake"))
            await page.wait_for("document.getElementById('notice').textContent.startsWith('open the address')")
            assert runtime.chosen == ["other"]
            assert [error for error in page.errors if "401" not in error] == []

    with FakeServer() as runtime, Viewer(LiveSite(runtime), port=0) as viewer:
        asyncio.run(scenario(viewer, runtime))


def test_page_survives_a_restart_and_says_so() -> None:
    port = free_port()

    async def scenario() -> None:
        async with Chromium((390, 780), touch=True) as page:
            with FakeServer() as first, Viewer(LiveSite(first), port) as viewer:
                await page.open(viewer.url)
                await moving(page, 1.0)
                await shot(page, "phone")
                await page.evaluate(click("pause"))
                tick = await settled(page, TICK)
                place = await settled(page, PLACE)
            assert await page.wait_for(STATUS) in ("Connection lost. Reconnecting…", "The server is away. Trying to reach it again…")
            await shot(page, "phone-away")
            with FakeServer() as second, Viewer(LiveSite(second), port):
                await page.wait_for(f"{STATUS} === ''")
                await page.evaluate(click("step"))
                await page.wait_for(f"{TICK} !== '{tick}'")
                assert await settled(page, PLACE) == pytest.approx(place, abs=0.06)  # where it was, and one frame on
                await page.evaluate(click("pause"))
                await moving(page)

    asyncio.run(scenario())


def test_gamepad_mouse_and_tab_reach_everything(viewer: Viewer) -> None:
    async def scenario() -> None:
        async with Chromium() as page:
            await page.open(viewer.url)
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

            await page.evaluate(click("phase"))
            reached = set()
            for _ in range(30):
                await page.press("Tab")
                reached.add(
                    await page.evaluate("document.activeElement.id || document.activeElement.name || document.activeElement.textContent")
                )
            tools = {
                "bundle",
                "gait",
                "style",
                "strafe",
                "desired",
                "predicted",
                "contacts",
                "phase",
                "raw",
                "count",
                "pause",
                "speed-factor",
            }
            assert {"view", "sentence", "act", "stop", "bvh", "glb", *tools, *SENTENCES} <= reached

    asyncio.run(scenario())


def test_a_thumb_on_the_stick_moves_the_figure(viewer: Viewer) -> None:
    async def scenario() -> None:
        async with Chromium((390, 780), touch=True) as page:
            await page.open(viewer.url)
            await moving(page, 0.1)
            x, y, width = await page.evaluate(
                "(({ x, y, width }) => [x, y, width])(document.getElementById('stick').getBoundingClientRect())"
            )
            assert width > 80, "the stick is hidden on a touch screen"
            middle = (x + width / 2, y + width / 2)
            await page.touch("touchStart", middle)
            await page.touch("touchMove", (middle[0], y))
            await asyncio.sleep(0.5)
            before = await page.evaluate(PLACE)
            await moving(page, 0.6)
            after = await page.evaluate(PLACE)
            assert after[0] < before[0] and after[1] < before[1]
            await page.touch("touchEnd")
            await page.wait_for("document.getElementById('speed').textContent === '0.0 m/s'")

    asyncio.run(scenario())
