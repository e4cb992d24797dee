"""The browser viewer: a page on loopback, and a WebSocket that carries the wire's own messages.

The WebSocket is no second implementation of the protocol: each connection is relayed, frame by frame, to a DEALER socket of its
own on the runtime's ROUTER endpoint (server/), which sees one more client. Page and socket answer only to this machine's own
names (Host check, against DNS rebinding) and only to this page (Origin check, against other sites in the same browser).
"""

import asyncio
import contextlib
import json
import threading
from collections.abc import Awaitable, Callable, Mapping

import zmq
import zmq.asyncio
from aiohttp import WSCloseCode, WSMsgType, web

from motionwire.broadcast import assets
from motionwire.errors import InputError
from motionwire.server.messages import Bye, encode

PORT = 8770  # tried first, so that an open page finds a restarted server again
HOST = "127.0.0.1"
MAX_MESSAGE = 64 * 1024  # bytes that a page may send at once
MAX_CONNECTIONS = 16
QUEUE = 256  # messages waiting in either direction before the connection is given up
GOODBYE = encode(Bye())
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-cache",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Viewer:
    """Serves the page in a thread of its own until `stop`.

    endpoint: the runtime's ZeroMQ address; about: what the page tells (broadcast/about.py); port: None tries PORT and then any
    free one, a number takes that one or raises InputError, 0 takes a free one.
    """

    def __init__(self, endpoint: str, about: Mapping[str, object], port: int | None = None) -> None:
        self._endpoint = endpoint
        self._wanted = port
        self._port = 0
        self._assets = assets.load() | {"/about.json": assets.Asset(json.dumps(dict(about)).encode(), "application/json")}
        self._open: set[web.WebSocketResponse] = set()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._ready = threading.Event()
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="motionwire-viewer", daemon=True)

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the page."""
        return f"http://{HOST}:{self._port}/"

    def start(self) -> None:
        """Returns when the page can be fetched."""
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            self._thread.join()
            raise InputError(f"cannot listen: {self._error.strerror or self._error}", f"{HOST}:{self._wanted}")

    def stop(self) -> None:
        """Closes the connections and the port; may be called twice."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: already stopped
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def __enter__(self) -> "Viewer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()
            self._ready.set()

    async def _serve(self) -> None:
        self._context = zmq.asyncio.Context()
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            self._port = await _listen(runner, self._wanted)
            self._ready.set()
            await self._stopping.wait()
        except OSError as error:
            self._error = error
        finally:
            for socket in list(self._open):
                await socket.close(code=WSCloseCode.GOING_AWAY, message=b"server stops")
            await runner.cleanup()
            self._context.destroy(linger=200)

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._guard])
        application.router.add_get("/socket", self._socket)
        application.router.add_get("/{path:.*}", self._page)
        return application

    def _names(self) -> set[str]:
        return {f"{name}:{self._port}" for name in ("127.0.0.1", "localhost")}

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.get("Host") not in self._names():
            raise web.HTTPForbidden(text="unknown Host", headers=HEADERS)
        return await handler(request)

    async def _page(self, request: web.Request) -> web.Response:
        asset = self._assets.get(request.path)
        if asset is None:
            raise web.HTTPNotFound(text="no such file", headers=HEADERS)
        return web.Response(body=asset.body, content_type=asset.content_type, charset="utf-8", headers=HEADERS)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Origin") not in {f"http://{name}" for name in self._names()}:
            raise web.HTTPForbidden(text="unknown Origin", headers=HEADERS)
        if len(self._open) >= MAX_CONNECTIONS:
            raise web.HTTPServiceUnavailable(text="too many viewers", headers=HEADERS)
        socket = web.WebSocketResponse(max_msg_size=MAX_MESSAGE, heartbeat=10.0, compress=False)
        await socket.prepare(request)
        self._open.add(socket)
        try:
            await self._relay(socket)
        finally:
            self._open.discard(socket)
        return socket

    async def _relay(self, socket: web.WebSocketResponse) -> None:
        dealer = self._context.socket(zmq.DEALER)
        dealer.set_hwm(QUEUE)
        dealer.connect(self._endpoint)
        outward = asyncio.create_task(_to_page(dealer, socket))
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.BINARY:
                    await socket.close(code=WSCloseCode.UNSUPPORTED_DATA, message=b"binary frames only")
                    break
                await dealer.send(frame.data, zmq.NOBLOCK)
        except zmq.Again:
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"the runtime does not answer")
        finally:
            outward.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await outward
            with contextlib.suppress(zmq.Again):
                await dealer.send(GOODBYE, zmq.NOBLOCK)  # the page cannot: its characters should go with it
            dealer.close(linger=200)


async def _to_page(dealer: zmq.asyncio.Socket, socket: web.WebSocketResponse) -> None:
    with contextlib.suppress(ConnectionError):  # the page left; the reading side ends the relay
        while True:
            await socket.send_bytes(await dealer.recv())


async def _listen(runner: web.AppRunner, wanted: int | None) -> int:
    for port in (PORT, 0) if wanted is None else (wanted,):
        site = web.TCPSite(runner, HOST, port)
        try:
            await site.start()
        except OSError:
            if port == 0 or wanted is not None:
                raise
            continue
        return int(runner.addresses[0][1])
    raise AssertionError("the last port tried either listens or raises")
