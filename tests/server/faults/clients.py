"""Clients as programs of their own, so that they can be stopped and killed; and one that speaks ZMTP by hand."""

import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgpack

TESTS = Path(__file__).resolve().parents[2]
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)  # ZMTP 3.0, https://rfc.zeromq.org/spec/23/
READY = b"\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER"
IDENTITY = b"\x08Identity"


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    """A Python program that can import the tests' helpers; its standard input and output are pipes."""
    code = f"import sys; sys.path.insert(0, {str(TESTS)!r})\n{program}"
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def end(program: "subprocess.Popen[str]") -> str:
    """Kill it; what it had still said."""
    program.kill()
    return program.communicate()[0]


def line(program: "subprocess.Popen[str]") -> str:
    """The next line that it prints."""
    assert program.stdout is not None
    said = program.stdout.readline().strip()
    assert said, "the client ended"
    return said


class HandMade:
    """A DEALER in plain TCP, which can leave in the middle of a message and not read at all. small: so is its receive buffer."""

    def __init__(self, endpoint: str, small: bool = False) -> None:
        host, port = endpoint.removeprefix("tcp://").rsplit(":", 1)
        self.socket = socket.socket()
        self.socket.settimeout(60)
        if small:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect((host, int(port)))

    def shake_hands(self, *addresses: bytes) -> None:
        """Greeting and READY in both directions. addresses: that it claims, one after the other."""
        ready = READY + b"".join(IDENTITY + struct.pack(">I", len(address)) + address for address in addresses)
        self.socket.sendall(GREETING + struct.pack("BB", 4, len(ready)) + ready)
        self._exactly(64)
        self._exactly(self._exactly(2)[1])

    def send(self, message: dict[str, Any]) -> None:
        """A whole message."""
        data = msgpack.packb({"v": 1, **message})
        self.send_part(data, len(data))

    def send_part(self, data: bytes, announced: int) -> None:
        """The first bytes of a message of `announced` bytes."""
        self.socket.sendall(struct.pack(">BQ", 2, announced) + data)

    def receive(self) -> dict[str, Any]:
        """The next message."""
        (flags,) = self._exactly(1)
        (length,) = struct.unpack(">Q", self._exactly(8)) if flags & 2 else self._exactly(1)
        return msgpack.unpackb(self._exactly(length))

    def vanish(self) -> None:
        """Leave with a reset, as the system does for a program that was killed with data unread."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            assert more, "the server closed the connection"
            data += more
        return data
