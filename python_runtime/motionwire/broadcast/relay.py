"""One WebSocket of the page, relayed frame by frame to a DEALER socket of its own on the runtime's ROUTER endpoint (server/).

The WebSocket is no second implementation of the protocol: the runtime sees one more client.
"""

import asyncio
import contextlib

import zmq
import zmq.asyncio
from aiohttp import WSCloseCode, WSMsgType, web

from motionwire.server.messages import Bye, encode

MAX_MESSAGE = 64 * 1024  # bytes that a page may send at once
QUEUE = 256  # messages waiting in either direction before the connection is given up
GOODBYE = encode(Bye())


async def relay(page: web.WebSocketResponse, context: zmq.asyncio.Context, endpoint: str) -> None:
    """Pass binary frames both ways until the page leaves, then say `bye` for it."""
    dealer = context.socket(zmq.DEALER)
    dealer.set_hwm(QUEUE)
    dealer.connect(endpoint)
    outward = asyncio.create_task(_to_page(dealer, page))
    try:
        async for frame in page:
            if frame.type is not WSMsgType.BINARY:
                await page.close(code=WSCloseCode.UNSUPPORTED_DATA, message=b"binary frames only")
                break
            await dealer.send(frame.data, zmq.NOBLOCK)
    except zmq.Again:
        await page.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"the runtime does not answer")
    finally:
        outward.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await outward
        with contextlib.suppress(zmq.Again):
            await dealer.send(GOODBYE, zmq.NOBLOCK)  # the page cannot: its characters should go with it
        dealer.close(linger=200)


async def _to_page(dealer: zmq.asyncio.Socket, page: web.WebSocketResponse) -> None:
    with contextlib.suppress(ConnectionError):  # the page left; the reading side ends the relay
        while True:
            await page.send_bytes(await dealer.recv())
