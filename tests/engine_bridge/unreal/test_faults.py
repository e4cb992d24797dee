"""What happens to servers and networks: the client says so, never holds its caller up, and comes back with its characters."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine_bridge.unreal import peers
from engine_bridge.unreal.driven import Driven
from server_process import ServerProcess

LATE_S = 0.005
FARTHEST_M = 0.5  # that a character may be from where it was seen last, after whatever happened


def port_of(server: ServerProcess) -> int:
    return int(server.endpoint.rsplit(":", 1)[1])


@pytest.fixture
def drive(sanitized: Path) -> Iterator[Callable[[int], Driven]]:
    """drive(port) -> a running game loop."""
    running: list[Driven] = []

    def start(port: int) -> Driven:
        running.append(Driven(sanitized, port))
        return running[-1]

    yield start
    for one in running:
        one.kill()


@pytest.fixture
def listen() -> Iterator[Callable[[peers.Behaviour], peers.Listener]]:
    """listen(behaviour) -> a port with it."""
    listeners: list[peers.Listener] = []

    def start(behaviour: peers.Behaviour) -> peers.Listener:
        listeners.append(peers.Listener(behaviour))
        return listeners[-1]

    yield start
    for one in listeners:
        one.close()


def test_server_killed_and_restarted(drive: Callable[[int], Driven]) -> None:
    """Back within a second of the new server's first moment, in one of two restarts at least: a busy machine makes any of them slower."""
    server = ServerProcess()
    port = port_of(server)
    client = drive(port)
    after, _, _ = client.wait("pose")
    took = []
    try:
        for _ in range(2):
            time.sleep(0.5)
            server.kill()
            after, _, lost = client.wait("lost", after)
            assert str(port) in lost["text"] and ("closed" in lost["text"] or "reset" in lost["text"]), lost
            server = ServerProcess(port)
            ready = time.monotonic()
            after, _, _ = client.wait("restored", after)
            after, back, _ = client.wait("pose", after)
            took.append(back - ready)
        result = client.end()
    finally:
        server.close()
    print(took)
    assert min(took) < 1.0, took
    assert result["farthest_m"] < FARTHEST_M, result


def test_server_paused_for_five_seconds(drive: Callable[[int], Driven]) -> None:
    """The session lives on: the server finds it again by its key."""
    server = ServerProcess()
    client = drive(port_of(server))
    after, _, _ = client.wait("pose")
    try:
        os.kill(server.process.pid, signal.SIGSTOP)
        time.sleep(5)
        os.kill(server.process.pid, signal.SIGCONT)
        after, _, lost = client.wait("lost", after)
        assert "does not answer" in lost["text"], lost
        after, _, _ = client.wait("resumed", after)
        client.wait("pose", after)
        result = client.end()
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
        server.close()
    assert result["farthest_m"] < FARTHEST_M, result


def test_half_open_connection(drive: Callable[[int], Driven], listen: Callable[[peers.Behaviour], peers.Listener]) -> None:
    """No packet says that the connection is gone; the silence does."""
    server = ServerProcess()
    relay = peers.Relay(port_of(server))
    client = drive(listen(relay).port)
    try:
        after, _, _ = client.wait("pose")
        relay.freeze()
        after, _, lost = client.wait("lost", after)
        assert "does not answer" in lost["text"], lost
        after, _, _ = client.wait("resumed", after)
        client.wait("pose", after)
        result = client.end()
    finally:
        server.close()
    assert result["farthest_m"] < FARTHEST_M, result


def test_garbage_then_a_server(drive: Callable[[int], Driven], listen: Callable[[peers.Behaviour], peers.Listener]) -> None:
    server = ServerProcess()
    client = drive(listen(peers.GarbageFirst(9, port_of(server))).port)
    try:
        client.wait("lost")
        client.wait("pose")
        client.end()
    finally:
        server.close()
    texts = [line["text"] for _, line in client.lines if line.get("notice") == "lost"]
    assert any("does not speak ZMTP" in text for text in texts), texts
    assert any("frame" in text or "message" in text or "command" in text for text in texts), texts


def test_events_of_a_pose_that_is_unreadable(drive: Callable[[int], Driven], listen: Callable[[peers.Behaviour], peers.Listener]) -> None:
    """They are not told with the next connection's poses."""
    server = ServerProcess()
    client = drive(listen(peers.Spoilt(port_of(server))).port)
    after, _, lost = client.wait("lost")
    assert "no message of this protocol" in lost["text"], lost
    client.wait("pose", after)
    client.end()
    server.close()
    assert not [line for _, line in client.lines if line.get("notice") == "fault"]


@pytest.mark.parametrize("behaviour", [peers.never_answers, peers.handshake_then_silence])
def test_closed_while_it_waits(
    behaviour: peers.Behaviour, drive: Callable[[int], Driven], listen: Callable[[peers.Behaviour], peers.Listener]
) -> None:
    """For a handshake, or for the answer to hello: closing does not wait for it."""
    peer = listen(behaviour)
    client = drive(peer.port)
    while peer.connections == 0:
        time.sleep(0.02)
    time.sleep(0.3)
    client.end()


def test_peer_that_never_reads(drive: Callable[[int], Driven], listen: Callable[[peers.Behaviour], peers.Listener]) -> None:
    """What waits for it does not grow without bound."""
    client = drive(listen(peers.pings_and_never_reads).port)
    _, _, lost = client.wait("lost", seconds=60)
    assert "does not read" in lost["text"], lost


def test_flood_of_pings_in_a_session(drive: Callable[[int], Driven], listen: Callable[[peers.Behaviour], peers.Listener]) -> None:
    """Answers to thousands of pings behind each message leave the game its frames."""
    server = ServerProcess()
    client = drive(listen(peers.Pinging(port_of(server), 2000)).port)
    client.wait("pose")
    time.sleep(1.5)
    result = client.end()
    server.close()
    assert result["poses"] > 20, result


def test_answers_that_come_after_the_wait(drive: Callable[[int], Driven], listen: Callable[[peers.Behaviour], peers.Listener]) -> None:
    """They lie there in the next frame."""
    server = ServerProcess()
    client = drive(listen(peers.Late(port_of(server), LATE_S)).port)
    client.wait("pose")
    time.sleep(2)
    result = client.end()
    server.close()
    assert result["poses"] > 40, result


def test_nobody_listens(drive: Callable[[int], Driven], listen: Callable[[peers.Behaviour], peers.Listener]) -> None:
    """Told once, not at each try; and once there is a server, it is found."""
    server = ServerProcess()
    port = port_of(server)
    server.kill()
    client = drive(port)
    _, _, lost = client.wait("lost")
    assert "refused" in lost["text"], lost
    server = ServerProcess(port)
    try:
        client.wait("connected")
        client.wait("pose")
        client.end()
    finally:
        server.close()
    texts = [line["text"] for _, line in client.lines if line.get("notice") == "lost"]
    assert len(texts) == len(set(texts)) <= 3, texts  # a server that is about to start may take a connection and not answer yet


def test_server_that_takes_its_leave(drive: Callable[[int], Driven]) -> None:
    """Its reason reaches the game."""
    server = ServerProcess()
    client = drive(port_of(server))
    after, _, _ = client.wait("pose")
    server.close()
    _, _, lost = client.wait("lost", after)
    assert "the server stops" in lost["text"], lost
    client.end()
