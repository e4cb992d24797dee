"""The live site: what it tells, how many it serves, the choice of the bundle, recordings."""

import asyncio
import json

import aiohttp
import msgspec
import numpy as np
import pytest

from broadcast.fake_server import FakeServer
from broadcast.web import fetch, post, talk
from motionwire.broadcast import live
from motionwire.broadcast.viewer import MAX_BODY, Viewer
from motionwire.formats import bvh


def test_bundle_is_told(viewer: Viewer, runtime: FakeServer) -> None:
    assert json.loads(fetch(viewer.origin + "/about.json")[2]) == json.loads(json.dumps(dict(runtime.about())))


def test_connections_are_bounded(viewer: Viewer) -> None:
    async def crowd() -> None:
        async with aiohttp.ClientSession() as http:
            held = [await http.ws_connect(viewer.origin + "/socket", origin=viewer.origin) for _ in range(live.MAX_CONNECTIONS)]
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await http.ws_connect(viewer.origin + "/socket", origin=viewer.origin)
            assert caught.value.status == 503
            for connection in held:
                await connection.close()

    asyncio.run(crowd())


def test_another_bundle_is_chosen_and_pages_connect_anew(viewer: Viewer, runtime: FakeServer) -> None:
    async def script(connection: aiohttp.ClientWebSocketResponse) -> None:
        status, _, _ = await asyncio.to_thread(post, viewer, "/bundle", b"other")
        assert status == 200 and runtime.chosen == ["other"]
        assert (await connection.receive()).type is aiohttp.WSMsgType.CLOSE

    asyncio.run(talk(viewer, script))


@pytest.mark.parametrize(("name", "why"), [(b"broken", b"broken: wrong sha256"), (b"x" * 300, b"no bundle has so long a name")])
def test_a_bundle_that_does_not_load_is_one_line(viewer: Viewer, name: bytes, why: bytes) -> None:
    status, _, body = post(viewer, "/bundle", name)
    assert status == 400 and body == why


def test_a_recording_comes_back_as_bvh(viewer: Viewer, runtime: FakeServer) -> None:
    pose = np.concatenate((runtime.skeleton.offsets[0], np.tile([0, 0, 0, 1], 22))).astype("<f4")
    body = msgspec.msgpack.encode({"times": np.arange(31).astype("<f8").tobytes(), "poses": np.tile(pose, 31).tobytes()})
    status, headers, content = post(viewer, "/recording.bvh", body)
    assert status == 200 and "Content-Security-Policy" in headers
    assert len(bvh.parse(content, "recording")) == 30 * 60 + 1


def test_a_recording_that_is_none_is_one_line_and_a_huge_one_is_not_read(viewer: Viewer) -> None:
    status, _, body = post(viewer, "/recording.bvh", b"\x80")
    assert status == 400 and body.startswith(b"recording: not a recording")
    assert post(viewer, "/recording.bvh", bytes(MAX_BODY + 1))[0] == 413
