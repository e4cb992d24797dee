"""Which connection a message comes from, told by what no peer chooses.

A ROUTER knows its peers by addresses of five bytes that it counts up; a peer that speaks ZMTP by hand may claim any (`Identity` of its
READY), that of a client whose connection broke, too. So each connection gets a mark of this server's own by ZeroMQ's authentication
(ZAP, https://rfc.zeromq.org/spec/27), which libzmq hands over with every message as `User-Id`. Under CURVE only known keys get one.
"""

import ctypes
import secrets
import sys
import threading
from typing import NamedTuple

import zmq

ASKED_AT = "inproc://zeromq.zap.01"
OVER = b"over"
MARK = "User-Id"


class Peer(NamedTuple):
    """address: where answers go, which a peer may have claimed; mark: of the connection, which it cannot."""

    address: bytes
    mark: str


def begin_anywhere() -> None:
    """Let the next ROUTER of this thread count its peers from a random number. libzmq takes it from the C library's rand() and never seeds
    that: the addresses would be the same ones after each start, and who holds one that is yet to come ends the process when it comes."""
    library = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
    library.srand(ctypes.c_uint(secrets.randbits(32)))


class Doorman:
    """Lets connections in and marks each, in a thread of its own: a tick holds nobody up at the door. context: that of both sockets;
    guarded: the socket that they come to, not bound yet; keys: public ones (32 bytes) of whom it lets in, None: everybody. To be
    stopped before the context ends."""

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]", guarded: "zmq.Socket[bytes]", keys: frozenset[bytes] | None) -> None:
        self._context = context
        self._socket = context.socket(zmq.REP)
        self._socket.bind(ASKED_AT)
        self._keys = keys
        guarded.setsockopt(zmq.ZAP_DOMAIN, b"motionwire")  # without a domain nobody is asked
        self._thread = threading.Thread(target=self._serve, name="doorman", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let nobody in any more."""
        with self._context.socket(zmq.REQ) as bell:
            bell.connect(ASKED_AT)
            bell.send(OVER)
            self._thread.join()

    def _serve(self) -> None:
        asked = 0
        while (question := self._socket.recv_multipart()) != [OVER]:
            version, request, _domain, _address, _identity, _mechanism, *credentials = question
            asked += 1
            known = self._keys is None or (len(credentials) == 1 and credentials[0] in self._keys)
            status = (b"200", b"OK", b"%d" % asked) if known else (b"400", b"unknown key", b"")
            self._socket.send_multipart((version, request, *status, b""))
        self._socket.close(linger=0)
