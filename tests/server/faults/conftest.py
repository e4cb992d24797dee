"""A neighbour for each test: the client that must not notice the fault."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.faults.neighbour import Neighbour
from server_process import ServerProcess

Start = Callable[[str], ServerProcess]


PATIENT = "expiry_ms = 600000\n"  # of sessions that are silent while a slow machine starts another process


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One fake server for a module's tests."""
    path = tmp_path_factory.mktemp("server") / "serve.toml"
    path.write_text(PATIENT, encoding="utf-8")
    running = ServerProcess(config=path)
    yield running
    running.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """start(toml) -> a fake server with these settings, ended after the test."""
    servers: list[ServerProcess] = []

    def run(text: str) -> ServerProcess:
        path = tmp_path / f"serve{len(servers)}.toml"
        path.write_text(text, encoding="utf-8")
        servers.append(ServerProcess(config=path))
        return servers[-1]

    yield run
    for server in servers:
        server.close()


@pytest.fixture
def neighbour(server: ServerProcess) -> Iterator[Neighbour]:
    """An orderly client of the module's server."""
    orderly = Neighbour(server)
    yield orderly
    orderly.raw.ask(t="bye")
    orderly.raw.close()
