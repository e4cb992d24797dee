"""5,000 connections that come and go: each is served, and nothing of them stays."""

import resource
import time
from pathlib import Path

from motionwire.server.server import HANDSHAKE_MS
from server.faults.clients import GREETING, HandMade
from server.faults.conftest import PATIENT, Start
from server.faults.neighbour import Neighbour
from server_process import Raw, ServerProcess

AT_ONCE = 50
FEW = 150  # file descriptors
WITH_A_SESSION, WITHOUT = 2_500, 2_500


def descriptors(server: ServerProcess) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def sessions_that_come_and_go(server: ServerProcess, says_goodbye: bool) -> None:
    clients = [Raw(server.endpoint) for _ in range(AT_ONCE)]
    for client in clients:
        client.send({"t": "hello", "v": 1, "proto": 1})
        client.send({"t": "spawn", "v": 1, "character": 1})
    for client in clients:
        assert [client.receive()["t"], client.receive()["t"]] == ["welcome", "accepted"]
        if says_goodbye:
            assert client.ask(t="bye")["t"] == "bye"
        client.close()


def connections_that_come_and_go(server: ServerProcess, how: int) -> None:
    strangers = [HandMade(server.endpoint) for _ in range(AT_ONCE)]
    for stranger in strangers:
        if how == 1:
            stranger.socket.sendall(GREETING[:20])
        elif how == 2:
            stranger.shake_hands()
    for stranger in strangers:
        stranger.vanish()


def test_5000_connects_and_disconnects(start: Start) -> None:
    server = start(f"{PATIENT}[limits]\nsessions = 4000")
    neighbour = Neighbour(server)
    before = descriptors(server)
    for turn in range(WITH_A_SESSION // AT_ONCE):
        sessions_that_come_and_go(server, says_goodbye=turn % 2 == 0)
        neighbour.walk(2)
    for turn in range(WITHOUT // AT_ONCE):
        connections_that_come_and_go(server, how=turn % 3)
        neighbour.walk(2)
    ended = time.monotonic() + 60
    while descriptors(server) > before and time.monotonic() < ended:
        neighbour.walk(1)
        time.sleep(0.05)
    assert descriptors(server) <= before
    neighbour.walk(10)
    neighbour.raw.close()


def test_more_connections_than_the_system_allows(start: Start) -> None:
    """Those that are there are served on, and when others leave there is room again."""
    server = start(PATIENT)
    neighbour = Neighbour(server)
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (FEW, FEW))
    crowd = [HandMade(server.endpoint) for _ in range(2 * FEW)]
    neighbour.walk(50)
    for stranger in crowd:
        stranger.vanish()
    newcomer = Neighbour(server)
    newcomer.walk(10)
    neighbour.walk(10)
    for client in (neighbour, newcomer):
        client.raw.close()


def test_who_never_speaks_is_hung_up_on(start: Start) -> None:
    stranger = HandMade(start(PATIENT).endpoint)
    stranger.socket.settimeout(6 * HANDSHAKE_MS / 1000)
    while stranger.socket.recv(1024):  # the server's greeting, then the end
        pass
    stranger.vanish()
