"""What tests ask of the viewer's page."""

import asyncio
import os
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from broadcast.chromium import Chromium
from motionwire.motion import rotations as rot
from motionwire.server import messages as wire

PLACE = "document.getElementById('place').textContent.split(', ').map(Number)"
TICK = "document.getElementById('view').dataset.tick"
STATUS = "document.getElementById('status').textContent"
QUEUE = "[...document.querySelectorAll('#queue li')].map((item) => `${item.className}:${item.textContent}`).join()"
FOCUS = "document.getElementById('view').focus()"


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


def click(what: str) -> str:
    """JavaScript that clicks the element of this id."""
    return f"document.getElementById('{what}').click()"


def choose(what: str, value: object) -> str:
    """JavaScript that sets a field as its user would."""
    return f"""(() => {{
        const field = document.getElementById('{what}');
        field.value = {msgspec.json.encode(value).decode()};
        for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind));
    }})()"""


def poses(page: Chromium, start: int = 0) -> list[wire.Pose]:
    """Those received, from the so-manieth WebSocket frame on."""
    replies = [wire.decode_reply(frame) for frame in page.received[start:]]
    return [reply for reply in replies if isinstance(reply, wire.Pose)]


def steps(page: Chromium) -> list[wire.Step]:
    """Those sent."""
    requests = [wire.decode_request(frame) for frame in page.sent]
    return [request for request in requests if isinstance(request, wire.Step)]


def first_row(pose: wire.Pose) -> np.ndarray:
    """The player's root position and rotations, float32 [3 + 4 J]."""
    return np.frombuffer(pose.data, "<f4").reshape(pose.count, -1)[0]


def heading(pose: wire.Pose) -> float:
    """Of the player's root, rad."""
    return float(rot.yaw_of(first_row(pose)[3:7]))


def check_quiet(page: Chromium, origin: str) -> None:
    """No error in the console, and no request to anything but the viewer."""
    assert page.errors == []
    own = (origin, origin.replace("http:", "ws:"), f"blob:{origin}")
    assert [request for request in page.requests if not request.startswith(own)] == []
    assert any(request.startswith("ws:") for request in page.requests)
