"""A fake server that sends garbage: below ZMTP, within it, and messages that are nearly right."""

import random
import socket
import struct
import threading
from typing import Self

import msgpack

from server.faults.garbage import GOLDEN, mutated

GREETING = bytes([0xFF, *bytes(8), 0x7F, 3, 1]) + b"NULL".ljust(20, b"\0") + bytes(32)
READY = b"\x05READY\x0bSocket-Type\0\0\0\x06ROUTER\x08Identity\0\0\0\0"
MESSAGES = 2000  # of one connection
WELCOME = next(data for data in GOLDEN if msgpack.unpackb(data)["t"] == "welcome")


def frame(body: bytes, flags: int = 0) -> bytes:
    """A ZMTP frame."""
    if len(body) < 256:
        return bytes([flags, len(body)]) + body
    return bytes([flags | 2]) + struct.pack(">Q", len(body)) + body


def _garbage(rng: random.Random) -> list[bytes]:
    """What a connection gets instead of a ZMTP handshake, or in the middle of it."""
    handshake = GREETING + frame(READY, 4)
    return [
        b"HTTP/1.1 400 Bad Request\r\n\r\n" * 4,
        rng.randbytes(5000),
        b"\xff" + bytes(8) + b"\x7f\x01" + bytes(60),
        GREETING.replace(b"NULL\0", b"CURVE"),
        GREETING[:40],
        GREETING + frame(b"\x05ERROR\x04nope", 4),
        GREETING + frame(b"", 4),
        GREETING + frame(b"\xffREADY", 4),
        GREETING + frame(b"a message before READY"),
        handshake + bytes([2]) + b"\xff" * 8,
        handshake + bytes([2]) + struct.pack(">Q", 2**31),
        handshake + frame(b"part", 1),
        handshake + b"\x7f" + rng.randbytes(100),
        handshake + frame(b"\x04PING", 4) + frame(b"\x04PING\0", 4) + frame(b"\x09SUBSCRIBE", 4) + frame(b"", 1),
    ]


def _nearly_right(rng: random.Random) -> list[bytes]:
    """Messages: golden vectors tampered with, deep and long ones, a welcome with a broken skeleton."""
    deep = b"\x81\xa1t" + b"\x91" * 100_000 + b"\0"
    long = b"\xdd" + struct.pack(">I", 400_000) + bytes(400_000)
    announced = b"\xdd\xff\xff\xff\xff" + b"\xdf\xff\xff\xff\xff" + b"\xc6\xff\xff\xff\xff"
    return [b"", b"\xc1", deep, long, announced, *(mutated(rng) for _ in range(MESSAGES))]


class Hostile:
    """Connection by connection another kind of garbage; the last kind again and again, until `stop` frees the port."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.endpoint = f"tcp://127.0.0.1:{self.port}"
        self.served = 0
        self.kinds = 0
        self.all_sent = threading.Event()
        self._ends = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        rng = random.Random(7)
        kinds = _garbage(rng)
        self.kinds = len(kinds)
        self._listener.settimeout(0.2)
        while not self._ends:
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            with client:
                client.settimeout(3.0)
                try:
                    if self.served < self.kinds:
                        client.sendall(kinds[self.served])
                        while client.recv(4096):
                            pass
                    else:
                        self._speak(client, rng)
                except OSError:
                    pass
            self.served += 1

    def _speak(self, client: socket.socket, rng: random.Random) -> None:
        """As a server does, then wrongly."""
        client.sendall(GREETING + frame(READY, 4))
        client.recv(4096)
        for ref in range(1, 40):  # one of them answers the client's hello
            for wrong in ({"ref": str(ref)}, {"ref": ref, "resumed": "yes"}):  # what does not compare with what is expected
                client.sendall(frame(msgpack.packb(msgpack.unpackb(WELCOME) | wrong)))
        for message in _nearly_right(rng):
            client.sendall(frame(message))
        self.all_sent.set()
        client.recv(1)

    def stop(self) -> None:
        """Leave the port to others."""
        self._ends = True
        self._thread.join()
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
