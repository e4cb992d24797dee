"""Requests to a viewer."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

import aiohttp

from motionwire.broadcast.viewer import Viewer

Answer = tuple[int, "aiohttp.typedefs.LooseHeaders", bytes]


def fetch(url: str, **headers: str) -> Answer:
    """(status, headers, body) of a GET."""
    return asyncio.run(_ask("GET", url, headers, None))


def fetch_private(viewer: Viewer, path: str) -> Answer:
    """A GET with the viewer's key."""
    return fetch(viewer.origin + path, Authorization=f"Bearer {viewer.key}")


def post(viewer: Viewer, path: str, body: bytes, key: str | None = None) -> Answer:
    """A POST with the viewer's key, or with another one."""
    return asyncio.run(_ask("POST", viewer.origin + path, {"Authorization": f"Bearer {viewer.key if key is None else key}"}, body))


async def _ask(method: str, url: str, headers: dict[str, str], body: bytes | None) -> Answer:
    async with aiohttp.ClientSession() as http, http.request(method, url, headers=headers, data=body) as answer:
        return answer.status, answer.headers, await answer.read()


def raw(viewer: Viewer, request_line: str) -> bytes:
    """The answer to a request that no client library would send."""
    port = int(viewer.origin.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"{request_line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while block := connection.recv(65536):
            answer += block
    return answer


async def talk(viewer: Viewer, script: Callable[[aiohttp.ClientWebSocketResponse], Awaitable[None]]) -> None:
    """Run a script on a WebSocket that the page could have opened."""
    async with aiohttp.ClientSession() as http, http.ws_connect(viewer.origin + "/socket", origin=viewer.origin) as connection:
        await asyncio.wait_for(script(connection), 20)
