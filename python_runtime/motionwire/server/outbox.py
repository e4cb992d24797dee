"""Sending: where a client's queue is full, streamed poses are dropped; all else is kept for it up to a bound."""

import contextlib
import logging
from collections import deque
from collections.abc import Callable

import zmq

from motionwire.server import messages as wire

BACKLOG = 4096  # messages kept for a client whose queue is full; beyond, its session ends
POSES = 4  # of them poses, which may be large; beyond, they are dropped

log = logging.getLogger(__name__)


class Outbox:
    """What leaves through a ROUTER socket. give_up: told of the client that reads nothing."""

    def __init__(self, socket: "zmq.Socket[bytes]", give_up: Callable[[bytes], None]) -> None:
        self._socket = socket
        self._give_up = give_up
        self._backlog: dict[bytes, deque[tuple[bytes, bool]]] = {}  # each with whether it is a pose
        self._buffer = bytearray()  # of the message that is sent; ZeroMQ copies it

    def __len__(self) -> int:
        return sum(len(waiting) for waiting in list(self._backlog.values()))

    def send(self, identity: bytes, message: wire.Message, keep: bool) -> bool:
        """Queue a message; False: dropped, since nobody is there, or the queue is full and it is not to be kept."""
        wire.encode_into(message, self._buffer)
        waiting = self._backlog.get(identity)
        if waiting is None:
            try:
                return self._push(identity, self._buffer)
            except zmq.Again:
                waiting = deque()
        is_pose = isinstance(message, wire.Pose)
        if not keep or (is_pose and sum(is_one for _, is_one in waiting) >= POSES):
            return False
        self._backlog[identity] = waiting
        waiting.append((bytes(self._buffer), is_pose))
        if len(waiting) > BACKLOG:
            log.warning("a client reads nothing; its session ends")
            del self._backlog[identity]
            self._give_up(identity)
        return True

    def retry(self, has_session: Callable[[bytes], bool]) -> None:
        """Send what was kept, as far as it goes; what was kept for a session that has ended or moved is dropped."""
        for identity, waiting in list(self._backlog.items()):
            if not has_session(identity):
                waiting.clear()
            with contextlib.suppress(zmq.Again):
                while waiting:
                    self._push(identity, waiting[0][0])
                    waiting.popleft()
            if not waiting:
                del self._backlog[identity]

    def reaches(self, identity: bytes, message: wire.Message) -> bool:
        """Whether the connection is there; asked by sending this message, if it has room."""
        try:
            self._socket.send_multipart((identity, wire.encode(message)), zmq.NOBLOCK)
        except zmq.Again:
            return True
        except zmq.ZMQError:
            return False
        return True

    def _push(self, identity: bytes, data: bytes | bytearray) -> bool:
        """Whether it is sent, not so where the client is gone; raises zmq.Again when the client's queue is full."""
        try:
            self._socket.send_multipart((identity, data), zmq.NOBLOCK)
        except zmq.Again:
            raise
        except zmq.ZMQError as error:
            if error.errno != zmq.EHOSTUNREACH:
                log.warning("sending failed: %s", error.strerror)
            return False
        return True
