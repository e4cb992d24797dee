"""Messages of many parts: passed over in pieces of time, never handed on."""

import time
from collections.abc import Iterator

import pytest
import zmq

from motionwire.server.doorman import Doorman
from motionwire.server.inbox import Inbox

FAR = float("inf")


@pytest.fixture
def ends() -> Iterator[tuple[zmq.Socket, zmq.Socket]]:
    """A ROUTER, and a DEALER that was let in."""
    context = zmq.Context()
    router, dealer = context.socket(zmq.ROUTER), context.socket(zmq.DEALER)
    router.setsockopt(zmq.RCVTIMEO, 60_000)
    doorman = Doorman(context, router, None)
    port = router.bind_to_random_port("tcp://127.0.0.1")
    dealer.connect(f"tcp://127.0.0.1:{port}")
    yield router, dealer
    doorman.stop()
    context.destroy(linger=0)


def test_parts_are_counted_and_only_the_first_is_kept(ends: tuple[zmq.Socket, zmq.Socket]) -> None:
    router, dealer = ends
    dealer.send_multipart([b"first", b"", b"third"])
    dealer.send(b"alone")
    inbox = Inbox(router)
    assert router.poll(60_000)
    message = inbox.take(FAR)
    assert message is not None and (message.data, message.parts, message.size) == (b"first", 3, 10)
    assert router.poll(60_000)
    message = inbox.take(FAR)
    assert message is not None and (message.data, message.parts, message.size, message.peer.mark) == (b"alone", 1, 5, "1")
    assert inbox.take(FAR) is None


def test_a_million_parts_do_not_hold_a_tick_up(ends: tuple[zmq.Socket, zmq.Socket]) -> None:
    """They are taken between other work, however long that takes in all."""
    router, dealer = ends
    dealer.send_multipart([b""] * 100_000)
    assert router.poll(60_000)
    inbox = Inbox(router)
    pieces = 1
    while (message := inbox.take(time.monotonic() + 0.001)) is None:
        pieces += 1
    assert message.parts == 100_000 and message.size == 0
    assert pieces > 10
