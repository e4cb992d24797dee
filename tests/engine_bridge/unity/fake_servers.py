"""Peers that behave badly: one that speaks ZMTP and then nonsense, wires between client and server that go dead or are slow, a server that
is late once."""

import contextlib
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence

import msgpack
import zmq

from engine_bridge.unreal.peers import Relay

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x01NULL".ljust(55, b"\0")
READY = b"\x04\x1c\x05READY\x0bSocket-Type\x00\x00\x00\x06ROUTER"


class Nonsense:
    """A listener whose every connection gets the next of some replies, and is closed after it. port: where; served: how many so far."""

    def __init__(self, replies: Sequence[bytes], port: int = 0) -> None:
        self._replies = replies
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self.served = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        for reply in self._replies:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.sendall(reply)
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(0.1)
                while connection.recv(4096):  # closing with something unread would take back what was sent
                    pass
            self.served += 1
        self._listener.close()

    def close(self) -> None:
        self._listener.close()


def nonsense(messages: Sequence[bytes], count: int) -> list[bytes]:
    """Replies of each kind of mistake, always the same ones: bytes, handshakes, frames, messages."""
    chance = random.Random(3)
    welcome = next(message for message in messages if b"\xa7welcome" in message)
    hands = GREETING + READY
    made = [
        b"",
        bytes(64),
        b"HTTP/1.1 400 Bad Request\r\n\r\n" * 4,
        GREETING,
        GREETING[:30],
        GREETING.replace(b"NULL", b"BLAH"),
        GREETING + b"\x04\x00",
        GREETING + READY.replace(b"ROUTER", b"PUBPUB"),
        hands + frame(b"\x80", flags=1),
        hands + b"\x02" + b"\x7f" * 8,
        hands + frame(b"\x91" * 60000),
        hands + frame(b"\x04PING", flags=4),
        hands + frame(b"\xc1"),
    ]
    mixed = []
    while len(mixed) < count:
        message = bytearray(chance.choice(messages))
        for _ in range(chance.randrange(1, 4)):
            message[chance.randrange(len(message))] = chance.randrange(256)
        mixed.append(hands + frame(welcome) + frame(bytes(message)) + chance.randbytes(chance.randrange(40)))
        if made:  # a welcome before lets the client come back sooner
            mixed.append(made.pop())
    return mixed


def frame(body: bytes, flags: int = 0) -> bytes:
    """A ZMTP frame."""
    if len(body) < 256:
        return bytes((flags, len(body))) + body
    return bytes((flags | 2,)) + len(body).to_bytes(8, "big") + body


class Wire:
    """A proxy to a port. `cut` lets what is connected go dead without a word, as a pulled cable does; new connections work."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._dead = threading.Event()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._dead.set()
        self._dead = threading.Event()

    def close(self) -> None:
        self._listener.close()
        for end in self._open:
            end.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._open += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, sink, self._dead), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, dead: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if dead.is_set():
                    return
                sink.sendall(data)


class SlowToChallenge(Relay):
    """A relay whose server takes its time to ask for the token's proof."""

    def _pass(self, source: socket.socket, target: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if b"challenge" in data:
                    time.sleep(1.2)
                target.sendall(data)


class LateOnce:
    """A server of one character with one joint. Its tenth step takes it `seconds`, and a foot lands in it. port: where."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._socket = zmq.Context.instance().socket(zmq.ROUTER)
        self._socket.linger = 0
        self.port = self._socket.bind_to_random_port("tcp://127.0.0.1")
        self._steps = 0
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._ends.is_set():
            if self._socket.poll(50):
                peer, data = self._socket.recv_multipart()
                answer = self._answer(msgpack.unpackb(data))
                if answer:
                    self._socket.send_multipart((peer, msgpack.packb({"v": 1, **answer})))

    def _answer(self, asked: dict) -> dict:
        if asked["t"] == "hello":
            return welcome(asked["ref"])
        if asked["t"] == "ping":
            return {"t": "pong", "time": asked["time"], "server_time": time.monotonic()}
        if asked["t"] != "step":
            return {"t": "accepted", "of": asked["t"], "ref": asked.get("ref", 0)}
        self._steps += 1
        late = self._steps == 10
        if late:
            time.sleep(self._seconds)
        root = struct.pack("<7f", 0, 1, 0, 0, 0, 0, 1)
        return {
            "t": "pose", "seq": asked["seq"], "ts": time.monotonic(), "characters": asked["characters"], "count": 1, "joints": 1,
            "data": root, "phase": bytes(4), "contacts": bytes(16), "root_delta": bytes(12), "root": bytes(12), "acting": b"\0",
            "events": [{"kind": "footstep", "character": asked["characters"][0], "foot": 0}] if late else [],
        }  # fmt: skip

    def close(self) -> None:
        self._ends.set()
        self._thread.join()
        self._socket.close()


def welcome(ref: int = 0, models: Sequence[dict] = ()) -> dict:
    """Of a skeleton with one joint."""
    skeleton = {"names": ["pelvis"], "parents": [-1], "offsets": struct.pack("<3f", 0, 1, 0)}
    return {
        "t": "welcome", "v": 1, "proto": 1, "minor": 3, "session": "key", "resumed": False, "heartbeat_ms": 1000, "expiry_ms": 10000,
        "server": "fake", "models": models, "skeleton": skeleton, "characters": [], "ref": ref,
    }  # fmt: skip


@contextlib.contextmanager
def deaf_listener() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
