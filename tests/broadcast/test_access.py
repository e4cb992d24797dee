"""Whom the viewer answers, and the headers that it answers with."""

import asyncio

import aiohttp
import pytest

from broadcast.web import fetch, post
from motionwire.broadcast.access import Access
from motionwire.broadcast.viewer import Viewer


def test_page_has_a_strict_policy(viewer: Viewer) -> None:
    status, headers, body = fetch(viewer.origin)
    assert status == 200
    assert b"<canvas" in body
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_unknown_host_is_refused(viewer: Viewer) -> None:
    assert fetch(viewer.origin, Host="evil.example:80")[0] == 403
    assert fetch(viewer.origin.replace("127.0.0.1", "localhost"))[0] == 200


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "https://127.0.0.1"])
def test_foreign_origin_gets_no_socket(viewer: Viewer, origin: str | None) -> None:
    async def connect() -> None:
        async with aiohttp.ClientSession() as http:
            await http.ws_connect(viewer.origin + "/socket", origin=origin)

    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        asyncio.run(connect())
    assert caught.value.status == 403


@pytest.mark.parametrize("key", ["", "wrong", "schlüssel"])
@pytest.mark.parametrize("path", ["/bundle", "/recording.bvh"])
def test_without_the_key_nothing_is_done(viewer: Viewer, path: str, key: str) -> None:
    status, headers, body = post(viewer, path, b"other", key)
    assert status == 401 and b"open the address that the terminal shows" in body
    assert "Content-Security-Policy" in headers


def test_every_viewer_has_its_own_key_and_no_request_holds_it(viewer: Viewer) -> None:
    assert Access().key != Access().key
    assert viewer.url == f"{viewer.origin}/#key={viewer.key}"  # what follows # stays in the browser
