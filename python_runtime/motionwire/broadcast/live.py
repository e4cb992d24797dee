"""The live site: characters of a runtime, the choice of its bundle, and the last seconds as a file.

GET  /about.json     what the page shows before the runtime answers (about.py)
GET  /socket         WebSocket to the runtime (relay.py)
POST /bundle         the name of another bundle as the body: the runtime serves it from then on       (needs the key)
POST /recording.bvh  frames that the page kept, as BVH (recording.py)                                 (needs the key)
"""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Protocol

import zmq.asyncio
from aiohttp import WSCloseCode, web

from motionwire.broadcast import assets, recording
from motionwire.broadcast.access import HEADERS, Access
from motionwire.broadcast.relay import MAX_MESSAGE, relay
from motionwire.errors import InputError
from motionwire.motion.skeleton import Skeleton

MAX_CONNECTIONS = 16
MAX_NAME = 256  # bytes of a bundle's name


class Runtime(Protocol):
    """What the page is about. endpoint: the ZeroMQ address; skeleton: of its characters."""

    @property
    def endpoint(self) -> str: ...

    @property
    def skeleton(self) -> Skeleton: ...

    def about(self) -> Mapping[str, object]:
        """As about.py makes it."""

    def choose(self, bundle: str) -> None:
        """Serve another bundle, perhaps at another endpoint; returns when it is ready. Raises InputError for one that is not offered."""


class LiveSite:
    """Shows a runtime."""

    def __init__(self, runtime: Runtime) -> None:
        self.assets = assets.load("live.html")
        self._runtime = runtime
        self._open: set[web.WebSocketResponse] = set()
        self._choosing = asyncio.Lock()
        self._context = zmq.asyncio.Context()

    def add_routes(self, router: web.UrlDispatcher, access: Access) -> None:
        self._access = access
        router.add_get("/about.json", self._about)
        router.add_get("/socket", self._socket)
        router.add_post("/bundle", self._bundle)
        router.add_post("/recording.bvh", self._recording)

    async def close(self) -> None:
        await self._disconnect()
        self._context.destroy(linger=200)

    async def _disconnect(self) -> None:
        for socket in list(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY, message=b"server stops")

    async def _about(self, _: web.Request) -> web.Response:
        return web.json_response(dict(self._runtime.about()), headers=HEADERS)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        self._access.check_origin(request)
        if len(self._open) >= MAX_CONNECTIONS:
            raise web.HTTPServiceUnavailable(text="too many viewers", headers=HEADERS)
        socket = web.WebSocketResponse(max_msg_size=MAX_MESSAGE, heartbeat=10.0, compress=False)
        await socket.prepare(request)
        self._open.add(socket)
        try:
            await relay(socket, self._context, self._runtime.endpoint)
        finally:
            self._open.discard(socket)
        return socket

    async def _bundle(self, request: web.Request) -> web.Response:
        self._access.check_key(request)
        name = await request.read()
        if len(name) > MAX_NAME:
            raise web.HTTPBadRequest(text="no bundle has so long a name", headers=HEADERS)
        if self._choosing.locked():
            raise web.HTTPConflict(text="another bundle is being loaded", headers=HEADERS)
        async with self._choosing:
            with _as_answer():
                await asyncio.to_thread(self._runtime.choose, name.decode("utf-8", "replace"))
        await self._disconnect()
        return web.Response(text="", headers=HEADERS)

    async def _recording(self, request: web.Request) -> web.Response:
        self._access.check_key(request)
        body = await request.read()
        with _as_answer():
            bvh = await asyncio.to_thread(recording.to_bvh, body, self._runtime.skeleton)
        return web.Response(body=bvh, content_type="text/plain", charset="utf-8", headers=HEADERS)


class _as_answer(contextlib.AbstractContextManager[None]):  # noqa: N801
    """An InputError becomes an answer that says what was wrong."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, InputError):
            raise web.HTTPBadRequest(text=str(error), headers=HEADERS) from None
