"""What is kept for clients whose queue is full, and for how long."""

import zmq

from motionwire.server.messages import Pong
from motionwire.server.outbox import BACKLOG, Outbox

MESSAGE = Pong(time=0.0, server_time=0.0)


class Socket:
    """A ROUTER socket with queues that are full, or have room for all."""

    def __init__(self) -> None:
        self.full = True
        self.sent: list[bytes] = []

    def send_multipart(self, parts: tuple[bytes, bytes], _flags: int) -> None:
        if self.full:
            raise zmq.Again
        self.sent.append(parts[0])


def test_what_was_kept_goes_out_when_there_is_room_and_only_to_sessions() -> None:
    socket = Socket()
    outbox = Outbox(socket, lambda _: None)  # type: ignore[arg-type]
    for identity in (b"here", b"moved", b"here"):
        assert outbox.send(identity, MESSAGE, keep=True)
    assert not outbox.send(b"here", MESSAGE, keep=False)
    assert len(outbox) == 3
    outbox.retry(lambda identity: identity == b"here")
    assert len(outbox) == 2  # nothing stays of a connection that has no session, however long it reads nothing
    socket.full = False
    outbox.retry(lambda identity: identity == b"here")
    assert socket.sent == [b"here", b"here"] and len(outbox) == 0


def test_who_reads_nothing_is_given_up() -> None:
    given_up: list[bytes] = []
    outbox = Outbox(Socket(), given_up.append)  # type: ignore[arg-type]
    for _ in range(BACKLOG):
        outbox.send(b"deaf", MESSAGE, keep=True)
    assert len(outbox) == BACKLOG and not given_up
    outbox.send(b"deaf", MESSAGE, keep=True)
    assert given_up == [b"deaf"] and len(outbox) == 0
