"""A headless Chromium driven over the DevTools protocol with aiohttp alone (https://chromedevtools.github.io/devtools-protocol/).

Software rendering, a profile of its own, and nothing that Chromium itself would fetch; it keeps the page's errors and requests.
"""

import asyncio
import base64
import contextlib
import itertools
import shutil
import tempfile
from pathlib import Path
from typing import Any, Self

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
)
KEYS = {
    "KeyW": ("w", 87),
    "KeyA": ("a", 65),
    "KeyS": ("s", 83),
    "KeyD": ("d", 68),
    "KeyT": ("t", 84),
    "KeyP": ("p", 80),
    "Period": (".", 190),
    "Comma": (",", 188),
    "Enter": ("Enter", 13),
    "Tab": ("Tab", 9),
}


def find() -> str | None:
    """Chromium's path, or None where it is not installed."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Chromium:
    """One browser with one page; use as `async with Chromium(size) as page`."""

    def __init__(self, size: tuple[int, int] = (960, 600), scale: float = 1.0, touch: bool = False) -> None:
        self._size = size  # CSS pixels
        self._scale = scale  # device pixels in one of them
        self._touch = touch
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loaded = asyncio.Event()
        self.errors: list[str] = []  # console errors, exceptions, log entries of level error
        self.requests: list[str] = []  # every URL that the page asked for, WebSockets included
        self.sent: list[bytes] = []  # binary WebSocket frames
        self.received: list[bytes] = []

    async def __aenter__(self) -> Self:
        self._cleanup = contextlib.AsyncExitStack()
        try:
            await self._launch()
        except BaseException:
            await self._cleanup.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._cleanup.aclose()

    async def _launch(self) -> None:
        program = find()
        assert program is not None, "Chromium is not installed"
        profile = Path(self._cleanup.enter_context(tempfile.TemporaryDirectory(prefix="motionwire-", ignore_cleanup_errors=True)))
        arguments = (*FLAGS, f"--user-data-dir={profile}", "about:blank")
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(program, *arguments, stdout=quiet, stderr=quiet)
        self._cleanup.push_async_callback(_end, process)
        port = await _first_line(profile / "DevToolsActivePort")
        http = await self._cleanup.enter_async_context(aiohttp.ClientSession())
        async with http.get(f"http://127.0.0.1:{port}/json/list") as answer:
            targets = await answer.json()
        address = next(target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page")
        self._socket = await self._cleanup.enter_async_context(http.ws_connect(address, max_msg_size=0))
        reader = asyncio.create_task(self._read())
        self._cleanup.callback(reader.cancel)
        width, height = self._size
        await self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=self._scale, mobile=self._touch)
        await self.call("Emulation.setTouchEmulationEnabled", enabled=self._touch)
        for domain in ("Page", "Runtime", "Network", "Log"):
            await self.call(f"{domain}.enable")

    async def _read(self) -> None:
        async for frame in self._socket:
            message = frame.json()
            if "id" in message:
                self._answers.pop(message["id"]).set_result(message)
            else:
                self._event(message["method"], message["params"])

    def _event(self, method: str, params: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self._loaded.set()
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "assert"):
            self.errors.append(" ".join(str(argument.get("value", argument.get("description"))) for argument in params["args"]))
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}".strip())
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.requests.append(params["url"])
        elif method == "Network.webSocketFrameSent":
            self.sent.append(base64.b64decode(params["response"]["payloadData"]))
        elif method == "Network.webSocketFrameReceived":
            self.received.append(base64.b64decode(params["response"]["payloadData"]))

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """One DevTools command; returns its result."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        answer = await asyncio.wait_for(self._answers[number], 30)
        assert "error" not in answer, f"{method}: {answer.get('error')}"
        return answer["result"]

    async def open(self, url: str) -> None:
        """Go to a page; returns when it has loaded."""
        self._loaded.clear()
        await self.call("Page.navigate", url=url)
        await asyncio.wait_for(self._loaded.wait(), 30)

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        result = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    async def wait_for(self, expression: str, seconds: float = 30.0, pause: float = 0.1) -> Any:
        """Ask every `pause` seconds until the expression is true and return its value; fails after so many seconds."""
        value = None
        for _ in range(int(seconds / pause)):
            value = await self.evaluate(expression)
            if value:
                return value
            await asyncio.sleep(pause)
        raise AssertionError(f"not within {seconds} s: {expression} (last: {value!r}; errors: {self.errors})")

    async def key(self, code: str, down: bool) -> None:
        """Press or release one key by its `code`."""
        key, number = KEYS[code]
        text = {"text": {"Enter": "\r", "Tab": "\t"}.get(code, key)} if down else {}
        kind = "keyDown" if down else "keyUp"
        await self.call("Input.dispatchKeyEvent", type=kind, code=code, key=key, windowsVirtualKeyCode=number, **text)

    async def press(self, code: str) -> None:
        """Press and release one key."""
        await self.key(code, True)
        await self.key(code, False)

    async def click(self, x: float, y: float) -> None:
        """One click of the left button."""
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """touchStart, touchMove or touchEnd with the fingers that are down."""
        await self.call("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": x, "y": y} for x, y in points])

    async def type(self, text: str) -> None:
        """Type into what has the focus."""
        await self.call("Input.insertText", text=text)

    async def screenshot(self) -> bytes:
        """The page as PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot", format="png"))["data"])


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 5)
    except TimeoutError:
        process.kill()
        await process.wait()


async def _first_line(path: Path, seconds: float = 30.0) -> str:
    for _ in range(int(seconds / 0.05)):
        if path.exists() and (text := path.read_text()):
            return text.splitlines()[0]
        await asyncio.sleep(0.05)
    raise AssertionError(f"Chromium did not start within {seconds} s")
