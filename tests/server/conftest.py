"""A fake server for the module, and bare sockets to talk to it."""

from collections.abc import Callable, Iterator

import pytest

from server_process import Raw, ServerProcess


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    """One fake server for a module's tests."""
    running = ServerProcess()
    yield running
    running.close()


@pytest.fixture
def raw() -> Iterator[Callable[[ServerProcess], Raw]]:
    """raw(server) -> a bare socket, closed after the test."""
    sockets: list[Raw] = []

    def connect(to: ServerProcess) -> Raw:
        sockets.append(Raw(to.endpoint))
        return sockets[-1]

    yield connect
    for socket in sockets:
        socket.close()
