"""Peers between the client and a server that do what networks and strangers do: go silent without closing, talk garbage, never answer."""

import contextlib
import random
import socket
import struct
import threading
import time
from collections.abc import Callable

import msgpack

from server.faults.clients import GREETING
from server.faults.garbage import mutated

READY = b"\x05READY\x0bSocket-Type\x00\x00\x00\x06ROUTER"
PING = b"\x04\x17\x04PING\x00\x64" + bytes(16)
Behaviour = Callable[[socket.socket, int], None]  # of a connection and its number


class Listener:
    """A port on which each connection is treated by `behaviour` in a thread of its own."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._behaviour = behaviour
        self._open: list[socket.socket] = []
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._treat, args=(connection, self.connections), daemon=True).start()
            self.connections += 1

    def _treat(self, connection: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError):  # the client has left
            self._behaviour(connection, number)

    def close(self) -> None:
        for one in (self._socket, *self._open):
            one.close()


class Relay:
    """Passes bytes on to a server. freeze(): what is connected now stays so, but nothing passes any more (half-open)."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._frozen = 0  # connections before this number

    def __call__(self, connection: socket.socket, number: int) -> None:
        onward = socket.create_connection(("127.0.0.1", self._to))
        self._last = number
        threading.Thread(target=self._pass, args=(onward, connection, number), daemon=True).start()
        self._pass(connection, onward, number)

    def freeze(self) -> None:
        self._frozen = self._last + 1

    def _pass(self, source: socket.socket, target: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if number < self._frozen:
                    return  # and both ends stay open
                target.sendall(data)
        if number >= self._frozen:
            source.close()
            target.close()


class Late(Relay):
    """A relay that holds whatever the server says for some time: answers that come when nobody waits for them any more."""

    def __init__(self, port: int, seconds: float) -> None:
        super().__init__(port)
        self._seconds = seconds

    def _pass(self, source: socket.socket, target: socket.socket, number: int) -> None:
        late = source.getpeername()[1] == self._to
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if late:
                    time.sleep(self._seconds)
                target.sendall(data)


class FrameRelay(Relay):
    """A relay that changes what the server says frame by frame (ZMTP's: head, size, body)."""

    def _pass(self, source: socket.socket, target: socket.socket, number: int) -> None:
        if source.getpeername()[1] != self._to:
            super()._pass(source, target, number)
            return
        with contextlib.suppress(OSError), source.makefile("rb") as frames:
            target.sendall(frames.read(len(GREETING)))
            while head := frames.read(1):
                size = frames.read(8 if head[0] & 2 else 1)
                target.sendall(self._changed(head, size, frames.read(int.from_bytes(size, "big"))))

    def _changed(self, head: bytes, size: bytes, body: bytes) -> bytes:
        """What is passed on of a frame; 4 in its head: a command, no message."""
        raise NotImplementedError


class Spoilt(FrameRelay):
    """A relay that makes the first pose unreadable, behind an event that nobody had."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._done = False

    def _changed(self, head: bytes, size: bytes, body: bytes) -> bytes:
        message = {} if head[0] & 4 else msgpack.unpackb(body)
        if message.get("t") == "pose" and not self._done:
            self._done = True
            event = {"kind": "fault", "character": 1, "message": "spoilt"}
            body = msgpack.packb({**message, "events": [event], "data": message["data"][:-4]})
            head, size = b"\x02", len(body).to_bytes(8, "big")
        return head + size + body


def never_answers(connection: socket.socket, number: int) -> None:
    """Takes the connection and is silent."""
    threading.Event().wait(60)


def handshake_then_silence(connection: socket.socket, number: int) -> None:
    """Speaks ZMTP and then reads nothing."""
    connection.sendall(GREETING + bytes((4, len(READY))) + READY)
    threading.Event().wait(60)


def pings_and_never_reads(connection: socket.socket, number: int) -> None:
    """Asks for pongs without end."""
    connection.sendall(GREETING + bytes((4, len(READY))) + READY)
    while True:
        connection.sendall(PING * 4000)


class Pinging(FrameRelay):
    """A relay that puts `count` pings behind each frame of the server: a session that goes on under a flood."""

    def __init__(self, port: int, count: int) -> None:
        super().__init__(port)
        self._pings = PING * count

    def _changed(self, head: bytes, size: bytes, body: bytes) -> bytes:
        return head + size + body + (b"" if head[0] & 4 else self._pings)


def garbage(connection: socket.socket, number: int) -> None:
    """Random bytes; or a handshake and random frames, or messages that were tampered with."""
    rng = random.Random(number)
    if number % 3 == 0:
        connection.sendall(rng.randbytes(rng.randrange(1, 300)))
        return
    connection.sendall(GREETING + bytes((4, len(READY))) + READY)
    for _ in range(200):
        if number % 3 == 1:
            connection.sendall(rng.randbytes(rng.randrange(1, 100)))
        else:
            message = mutated(rng)
            connection.sendall(struct.pack(">BQ", 2, len(message)) + message)


class GarbageFirst:
    """Garbage for the first `count` connections, then the server."""

    def __init__(self, count: int, port: int) -> None:
        self._count = count
        self._relay = Relay(port)

    def __call__(self, connection: socket.socket, number: int) -> None:
        if number < self._count:
            garbage(connection, number)
            connection.close()
        else:
            self._relay(connection, number)
