"""Between the page's WebSocket and the runtime."""

import asyncio
import math
import struct
from collections.abc import Callable

import aiohttp
import pytest

from broadcast.fake_server import FakeServer
from broadcast.web import talk
from motionwire.broadcast import relay
from motionwire.broadcast.viewer import Viewer
from motionwire.server import messages as wire


def test_messages_pass_both_ways(viewer: Viewer) -> None:
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

    asyncio.run(talk(viewer, script))


def test_a_page_that_leaves_says_goodbye(viewer: Viewer, runtime: FakeServer) -> None:
    async def script(connection: aiohttp.ClientWebSocketResponse) -> None:
        await connection.send_bytes(wire.encode(wire.Hello(proto=wire.VERSION, client="leaver")))
        await connection.receive_bytes()
        assert runtime.sessions == 1

    asyncio.run(until(lambda: runtime.sessions == 0))
    asyncio.run(talk(viewer, script))
    asyncio.run(until(lambda: runtime.sessions == 0))


async def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Sooner than the session would expire by itself."""
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


def test_text_and_oversized_frames_end_the_connection(viewer: Viewer) -> None:
    async def text(connection: aiohttp.ClientWebSocketResponse) -> None:
        await connection.send_str("hello")
        assert (await connection.receive()).type is aiohttp.WSMsgType.CLOSE
        assert connection.close_code == aiohttp.WSCloseCode.UNSUPPORTED_DATA

    async def huge(connection: aiohttp.ClientWebSocketResponse) -> None:
        await connection.send_bytes(bytes(relay.MAX_MESSAGE + 1))
        assert (await connection.receive()).type is aiohttp.WSMsgType.CLOSE
        assert connection.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG

    asyncio.run(talk(viewer, text))
    asyncio.run(talk(viewer, huge))
