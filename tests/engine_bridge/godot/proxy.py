"""A TCP relay before a server that can go silent: the half-open connection of a pulled cable."""

import selectors
import socket
import threading
from typing import Self


class Proxy:
    """Relays to a server. `freeze`: what is connected now gets and gives no byte any more, and is not closed either."""

    def __init__(self, endpoint: str) -> None:
        host, port = endpoint.removeprefix("tcp://").rsplit(":", 1)
        self._to = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lock = threading.Lock()
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._frozen: list[socket.socket] = []
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._ends = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def freeze(self) -> None:
        """Forget what is connected."""
        with self._lock:
            for side in self._pairs:
                self._selector.unregister(side)
                self._frozen.append(side)
            self._pairs.clear()

    def _run(self) -> None:
        while not self._ends:
            for key, _ in self._selector.select(0.1):
                with self._lock:
                    if key.fileobj is self._listener:
                        self._connect()
                    elif key.fileobj in self._pairs:
                        self._relay(key.fileobj)

    def _connect(self) -> None:
        client, _ = self._listener.accept()
        server = socket.create_connection(self._to)
        for one, other in ((client, server), (server, client)):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._pairs[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _relay(self, side: socket.socket) -> None:
        other = self._pairs[side]
        try:
            data = side.recv(65536)
            other.sendall(data)
        except OSError:
            data = b""
        if not data:
            for end in (side, other):
                del self._pairs[end]
                self._selector.unregister(end)
                end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends = True
        self._thread.join()
        for end in (*self._pairs, *self._frozen, self._listener):
            end.close()
        self._selector.close()
