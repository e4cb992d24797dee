"""The viewer's server: what it serves, whom it answers, and the relay between WebSocket and runtime."""

import asyncio
import json
import math
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator

import aiohttp
import pytest

from broadcast.fake_server import FakeServer
from motionwire.broadcast import assets, viewer
from motionwire.broadcast.viewer import Viewer
from motionwire.errors import InputError
from motionwire.server import messages as wire

ABOUT: dict[str, object] = {"bundle": "fake 1", "licence": "CC0", "sentences": ["a person waves"], "script": []}


@pytest.fixture(scope="module")
def runtime() -> Iterator[FakeServer]:
    with FakeServer() as running:
        yield running


@pytest.fixture(scope="module")
def page(runtime: FakeServer) -> Iterator[Viewer]:
    with Viewer(runtime.endpoint, ABOUT, port=0) as running:
        yield running


def fetch(url: str, **headers: str) -> tuple[int, aiohttp.typedefs.LooseHeaders, bytes]:
    """(status, headers, body) of a GET."""

    async def get() -> tuple[int, aiohttp.typedefs.LooseHeaders, bytes]:
        async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
            return answer.status, answer.headers, await answer.read()

    return asyncio.run(get())


def raw(page: Viewer, request_line: str) -> bytes:
    """The answer to a request that no client library would send."""
    port = int(page.url.rsplit(":", 1)[1].strip("/"))
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"{request_line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while block := connection.recv(65536):
            answer += block
    return answer


def test_page_has_a_strict_policy(page: Viewer) -> None:
    status, headers, body = fetch(page.url)
    assert status == 200
    assert b"<canvas" in body
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_page_holds_no_inline_script_or_style() -> None:
    text = (assets.PAGE / "index.html").read_text()
    assert "<style" not in text and " style=" not in text and "javascript:" not in text
    assert text.count("<script") == text.count('<script type="module" src="')
    assert " on" not in "".join(part.split(">")[0] for part in text.split("<")).replace(" onto", "")


def test_everything_served_is_listed(page: Viewer) -> None:
    listed = assets.load()
    assert {"/", "/index.html", "/main.js", "/vendor/three.module.min.js", "/vendor/LICENSE.three.txt"} <= listed.keys()
    for path, asset in listed.items():
        status, headers, body = fetch(page.url.rstrip("/") + path)
        assert (status, headers.getone("Content-Type").split(";")[0], body) == (200, asset.content_type, asset.body)
        assert "Content-Security-Policy" in headers


def test_imports_of_the_page_are_files_of_the_page() -> None:
    for path in assets.PAGE.glob("*.js"):
        for line in path.read_text().splitlines():
            if " from " in line and line.rstrip().endswith(";") and '"' in line:
                assert (path.parent / line.split('"')[1]).is_file(), f"{path.name}: {line}"


def test_bundle_is_told(page: Viewer) -> None:
    assert json.loads(fetch(page.url + "about.json")[2]) == ABOUT


@pytest.mark.parametrize(
    "path", ["/../viewer.py", "/%2e%2e/viewer.py", "/vendor/../../viewer.py", "//etc/passwd", "/..%5cviewer.py", "/main.js/"]
)
def test_paths_outside_the_list_are_refused(page: Viewer, path: str) -> None:
    answer = raw(page, f"GET {path}")
    assert answer.split(b" ")[1] in (b"404", b"400")
    assert b"asyncio" not in answer and b"root:" not in answer


def test_other_methods_are_refused(page: Viewer) -> None:
    assert raw(page, "POST /").split(b" ")[1] == b"405"


def test_unknown_host_is_refused(page: Viewer) -> None:
    assert fetch(page.url, Host="evil.example:80")[0] == 403
    assert fetch(page.url.replace("127.0.0.1", "localhost"))[0] == 200


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "https://127.0.0.1"])
def test_foreign_origin_gets_no_socket(page: Viewer, origin: str | None) -> None:
    async def connect() -> None:
        async with aiohttp.ClientSession() as http:
            await http.ws_connect(page.url + "socket", origin=origin)

    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        asyncio.run(connect())
    assert caught.value.status == 403


async def talk(page: Viewer, script: Callable[[aiohttp.ClientWebSocketResponse], Awaitable[None]]) -> None:
    async with aiohttp.ClientSession() as http, http.ws_connect(page.url + "socket", origin=page.url.rstrip("/")) as connection:
        await asyncio.wait_for(script(connection), 20)


def test_messages_pass_both_ways(page: Viewer) -> None:
    async def script(connection: aiohttp.ClientWebSocketResponse) -> None:
        await connection.send_bytes(wire.encode(wire.Hello(proto=wire.VERSION, client="test")))
        assert isinstance(wire.decode_reply(await connection.receive_bytes()), wire.Welcome)
        await connection.send_bytes(wire.encode(wire.Spawn(character=1)))
        assert isinstance(wire.decode_reply(await connection.receive_bytes()), wire.Accepted)
        step = wire.Step(seq=7, characters=[1], input=struct.pack("<4f", 1.0, 0.0, math.nan, 0.0), dt=0.1)
        await connection.send_bytes(wire.encode(step))
        pose = wire.decode_reply(await connection.receive_bytes())
        assert isinstance(pose, wire.Pose) and pose.seq == 7
        assert struct.unpack_from("<f", pose.data)[0] == pytest.approx(0.1, abs=0.01)

    asyncio.run(talk(page, script))


def test_a_page_that_leaves_says_goodbye(page: Viewer, runtime: FakeServer) -> None:
    async def script(connection: aiohttp.ClientWebSocketResponse) -> None:
        await connection.send_bytes(wire.encode(wire.Hello(proto=wire.VERSION, client="leaver")))
        await connection.receive_bytes()
        assert runtime.sessions == 1

    asyncio.run(until(lambda: runtime.sessions == 0))
    asyncio.run(talk(page, script))
    asyncio.run(until(lambda: runtime.sessions == 0))


async def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Sooner than the session would expire by itself."""
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


def test_text_and_oversized_frames_end_the_connection(page: Viewer) -> None:
    async def text(connection: aiohttp.ClientWebSocketResponse) -> None:
        await connection.send_str("hello")
        assert (await connection.receive()).type is aiohttp.WSMsgType.CLOSE
        assert connection.close_code == aiohttp.WSCloseCode.UNSUPPORTED_DATA

    async def huge(connection: aiohttp.ClientWebSocketResponse) -> None:
        await connection.send_bytes(bytes(viewer.MAX_MESSAGE + 1))
        assert (await connection.receive()).type is aiohttp.WSMsgType.CLOSE
        assert connection.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG

    asyncio.run(talk(page, text))
    asyncio.run(talk(page, huge))


def test_connections_are_bounded(page: Viewer) -> None:
    async def crowd() -> None:
        async with aiohttp.ClientSession() as http:
            held = [await http.ws_connect(page.url + "socket", origin=page.url.rstrip("/")) for _ in range(viewer.MAX_CONNECTIONS)]
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await http.ws_connect(page.url + "socket", origin=page.url.rstrip("/"))
            assert caught.value.status == 503
            for connection in held:
                await connection.close()

    asyncio.run(crowd())


def test_a_taken_port_is_one_line(page: Viewer, runtime: FakeServer) -> None:
    port = int(page.url.rsplit(":", 1)[1].strip("/"))
    with pytest.raises(InputError, match=rf"127\.0\.0\.1:{port}: cannot listen"):
        Viewer(runtime.endpoint, ABOUT, port=port).start()


def test_stopping_frees_the_port_and_may_be_repeated(runtime: FakeServer) -> None:
    first = Viewer(runtime.endpoint, ABOUT, port=0)
    first.start()
    port = int(first.url.rsplit(":", 1)[1].strip("/"))
    first.stop()
    first.stop()
    with Viewer(runtime.endpoint, ABOUT, port=port) as second:
        assert fetch(second.url)[0] == 200
