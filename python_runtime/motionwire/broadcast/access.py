"""Whom the viewer answers: its own names, its own page, and holders of its key.

Host    only this machine's names, against DNS rebinding
Origin  a WebSocket opens for the viewer's own page only, against other sites in the same browser
key     everything that gives out more than the page itself or changes something wants `Authorization: Bearer KEY`, against other
        users of the machine; the key is in the fragment of the address that the viewer is opened with, so no request carries it
"""

import hmac
import secrets

from aiohttp import web

HOST = "127.0.0.1"
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


class Access:
    """The checks of one viewer. port: known once it listens; each check raises aiohttp's HTTPForbidden or HTTPUnauthorized."""

    def __init__(self) -> None:
        self.port = 0
        self.key = secrets.token_urlsafe(24)

    def _names(self) -> set[str]:
        return {f"{name}:{self.port}" for name in (HOST, "localhost")}

    def check_host(self, request: web.Request) -> None:
        """The request names this machine."""
        if request.headers.get("Host") not in self._names():
            raise web.HTTPForbidden(text="unknown Host", headers=HEADERS)

    def check_origin(self, request: web.Request) -> None:
        """The viewer's own page asks."""
        if request.headers.get("Origin") not in {f"http://{name}" for name in self._names()}:
            raise web.HTTPForbidden(text="unknown Origin", headers=HEADERS)

    def check_key(self, request: web.Request) -> None:
        """The request holds the key; compared in constant time."""
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, f"Bearer {self.key}".encode()):
            raise web.HTTPUnauthorized(text="open the address that the terminal shows: it holds the viewer's key", headers=HEADERS)
