"""What is kept for clients whose queue is full, and for how long."""

import zmq

from motionwire.server.messages import Pong, Pose
from motionwire.server.outbox import BACKLOG, POSES, Outbox

MESSAGE = Pong(time=0.0, server_time=0.0)
POSE = Pose(
    seq=1, ts=0.0, characters=[], count=0, joints=22, data=b"", phase=b"", contacts=b"", root_delta=b"", acting=b"", events=[]
)  # fmt: skip


class Socket:
    """A ROUTER socket with queues that are full, or have room for all; nobody is there by the name of `gone`."""

    def __init__(self) -> None:
        self.full = True
        self.sent: list[bytes] = []

    def send_multipart(self, parts: tuple[bytes, bytes], _flags: int) -> None:
        if parts[0] == b"gone":
            raise zmq.ZMQError(zmq.EHOSTUNREACH)
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


def test_answers_to_steps_wait_their_turn_but_not_many() -> None:
    socket = Socket()
    outbox = Outbox(socket, lambda _: None)  # type: ignore[arg-type]
    assert outbox.send(b"busy", MESSAGE, keep=True)
    assert [outbox.send(b"busy", POSE, keep=True) for _ in range(POSES + 2)] == [True] * POSES + [False] * 2
    assert outbox.send(b"busy", MESSAGE, keep=True) and len(outbox) == POSES + 2
    socket.full = False
    outbox.retry(lambda _: True)
    assert len(socket.sent) == POSES + 2 and len(outbox) == 0
    assert outbox.send(b"busy", POSE, keep=True)


def test_nothing_is_sent_to_who_is_gone() -> None:
    outbox = Outbox(Socket(), lambda _: None)  # type: ignore[arg-type]
    assert not outbox.send(b"gone", POSE, keep=True)
    assert not outbox.send(b"gone", MESSAGE, keep=True)
    assert len(outbox) == 0


def test_who_reads_nothing_is_given_up() -> None:
    given_up: list[bytes] = []
    outbox = Outbox(Socket(), given_up.append)  # type: ignore[arg-type]
    for _ in range(BACKLOG):
        outbox.send(b"deaf", MESSAGE, keep=True)
    assert len(outbox) == BACKLOG and not given_up
    outbox.send(b"deaf", MESSAGE, keep=True)
    assert given_up == [b"deaf"] and len(outbox) == 0
