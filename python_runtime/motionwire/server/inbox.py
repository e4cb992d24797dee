"""Receiving: one message after another from a ROUTER socket, with whom it is from."""

import zmq

from motionwire.server.doorman import MARK, Peer


class Inbox:
    """What arrives at a ROUTER socket."""

    def __init__(self, socket: "zmq.Socket[bytes]") -> None:
        self._socket = socket

    def take(self) -> tuple[Peer, list[bytes]] | None:
        """The next message, None: there is none."""
        try:
            address, *parts = self._socket.recv_multipart(zmq.NOBLOCK, copy=False)
        except zmq.Again:
            return None
        return Peer(address.bytes, str(address.get(MARK))), [part.bytes for part in parts]
