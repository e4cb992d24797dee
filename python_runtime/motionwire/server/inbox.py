"""Receiving: one message after another from a ROUTER socket, with whom it is from.

A message has one part. ZeroMQ bounds neither how many a peer puts into one nor what they take in memory, and hands them over one by one:
those beyond the first are passed over as they come, so that a message of a million parts does not hold a tick up.
"""

import time
from typing import NamedTuple

import zmq

from motionwire.server.doorman import MARK, Peer


class Message(NamedTuple):
    """Whom it is from, its first part, how many parts it has and their bytes in all."""

    peer: Peer
    data: bytes
    parts: int
    size: int


class Inbox:
    """What arrives at a ROUTER socket."""

    def __init__(self, socket: "zmq.Socket[bytes]") -> None:
        self._socket = socket
        self._begun: Message | None = None  # of which there are parts that have not been passed over

    def take(self, end: float) -> Message | None:
        """The next message, None: there is none, or its parts are not passed over until `end` (s, monotonic)."""
        message, self._begun = self._begun, None
        if message is None:
            try:
                address = self._socket.recv(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return None
            part = self._socket.recv(zmq.NOBLOCK, copy=False)  # ZeroMQ shows a message when all of it is there
            message = Message(Peer(address.bytes, str(address.get(MARK))), part.bytes, 1, len(part))
            if not part.more:
                return message
        parts, size, more = message.parts, message.size, True
        while more and time.monotonic() < end:
            part = self._socket.recv(zmq.NOBLOCK, copy=False)
            parts, size, more = parts + 1, size + len(part), part.more
        message = message._replace(parts=parts, size=size)
        if more:
            self._begun = message
            return None
        return message
