"""Clients that call themselves and their characters alike, down to the address that ZeroMQ lets a client choose."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import zmq

from server.faults.neighbour import Neighbour
from server_process import Raw, ServerProcess

Connect = Callable[[ServerProcess], Raw]


def place(client: Raw, character: int = 1) -> float:
    return float(np.frombuffer(client.ask(t="step", seq=1, characters=[character])["data"], "<f4")[0])


def test_each_client_has_its_own_names(server: ServerProcess, raw: Connect) -> None:
    first, second = raw(server), raw(server)
    assert first.hello()["session"] != second.hello()["session"]
    first.ask(t="spawn", character=1, transform=[5.0, 0, 0, 0])
    assert second.ask(t="step", seq=1, characters=[1])["code"] == "unknown_character"
    second.ask(t="spawn", character=1, transform=[-5.0, 0, 0, 0])
    for client, x in ((first, 5.0), (second, -5.0)):
        assert place(client) == pytest.approx(x)
    first.ask(t="despawn", character=1)
    assert place(second) == pytest.approx(-5.0)
    first.ask(t="bye")
    assert place(second) == pytest.approx(-5.0)


@pytest.fixture
def named(server: ServerProcess) -> Iterator[Callable[[bytes], Raw]]:
    """named(address) -> a client that asks ZeroMQ for this address."""
    clients: list[Raw] = []

    def connect(address: bytes) -> Raw:
        client = Raw.__new__(Raw)
        client.socket = zmq.Context.instance().socket(zmq.DEALER)
        client.socket.linger = 0
        client.socket.routing_id = address
        client.socket.connect(server.endpoint)
        clients.append(client)
        return client

    yield connect
    for client in clients:
        client.close()


@pytest.mark.parametrize("address", [b"engine", b"eight", b"\0", b"\0sixsix"])
def test_an_address_that_was_chosen_opens_nothing(
    server: ServerProcess, neighbour: Neighbour, named: Callable[[bytes], Raw], address: bytes
) -> None:
    """Another client could choose the same one when this one is gone, and have its session without its token."""
    client = named(address)
    refused = client.hello(ref=3)
    assert (refused["t"], refused["code"], refused["of"], refused["ref"]) == ("error", "bad_message", "hello", 3)
    assert "routing id" in refused["message"]
    assert client.ask(t="spawn", character=1)["code"] == "no_session"
    neighbour.walk(10)


def test_a_second_client_with_the_same_address_takes_nothing(
    server: ServerProcess, neighbour: Neighbour, named: Callable[[bytes], Raw]
) -> None:
    """The one that was there first keeps its answers; the other one is not heard at all, and has no session when the first one left."""
    first = named(b"engine")
    first.hello()
    second = named(b"engine")
    second.send({"t": "hello", "v": 1, "proto": 1})
    assert not second.socket.poll(300)
    assert first.ask(t="despawn", character=1)["code"] == "no_session"
    first.close()
    for _ in range(100):  # the first one may not have left the socket yet
        third = named(b"engine")
        third.send({"t": "step", "v": 1, "seq": 1, "characters": [1]})
        if third.socket.poll(200):
            break
    assert third.receive()["code"] == "no_session"
    neighbour.walk(10)
