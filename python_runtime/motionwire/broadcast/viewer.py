"""The browser viewer's web server: a page on loopback, in a thread of its own.

What it shows is a site: live characters (live.py) or clips (clips.py). access.py says whom it answers.
"""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from aiohttp import web

from motionwire.broadcast.access import HEADERS, HOST, Access
from motionwire.broadcast.assets import Asset
from motionwire.errors import InputError

PORT = 8770  # tried first, so that an open page finds a restarted server again
MAX_BODY = 8 * 2**20  # bytes of a request

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site(Protocol):
    """What a viewer shows."""

    @property
    def assets(self) -> Mapping[str, Asset]: ...

    def add_routes(self, router: web.UrlDispatcher, access: Access) -> None:
        """What it answers besides its files."""

    async def close(self) -> None:
        """End what is still open."""


class Viewer:
    """Serves a site until `stop`.

    port: None tries PORT and then any free one, a number takes that one or raises InputError, 0 takes a free one.
    """

    def __init__(self, site: Site, port: int | None = None) -> None:
        self._site = site
        self._wanted = port
        self._access = Access()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._ready = threading.Event()
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="motionwire-viewer", daemon=True)

    @property
    def origin(self) -> str:
        """Its address, without a path."""
        return f"http://{HOST}:{self._access.port}"

    @property
    def key(self) -> str:
        """What requests for more than the page must hold."""
        return self._access.key

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the page; holds the key."""
        return f"{self.origin}/#key={self.key}"

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
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            self._access.port = await _listen(runner, self._wanted)
            self._ready.set()
            await self._stopping.wait()
        except OSError as error:
            self._error = error
        finally:
            await self._site.close()
            await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._guard], client_max_size=MAX_BODY)
        self._site.add_routes(application.router, self._access)
        application.router.add_get("/{path:.*}", self._file)
        return application

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self._access.check_host(request)
        return await handler(request)

    async def _file(self, request: web.Request) -> web.Response:
        asset = self._site.assets.get(request.path)
        if asset is None:
            raise web.HTTPNotFound(text="no such file", headers=HEADERS)
        return web.Response(body=asset.body, content_type=asset.content_type, charset="utf-8", headers=HEADERS)


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
