"""Two clients that call themselves and their characters alike, down to the address that ZeroMQ lets a client choose."""

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
def namesake(server: ServerProcess) -> Iterator[Callable[[], Raw]]:
    """namesake() -> a client that asks ZeroMQ for the same address as the others."""
    clients: list[Raw] = []

    def connect() -> Raw:
        client = Raw.__new__(Raw)
        client.socket = zmq.Context.instance().socket(zmq.DEALER)
        client.socket.linger = 0
        client.socket.routing_id = b"engine"
        client.socket.connect(server.endpoint)
        clients.append(client)
        return client

    yield connect
    for client in clients:
        client.close()


def test_a_second_client_with_the_same_address_takes_nothing(
    server: ServerProcess, neighbour: Neighbour, namesake: Callable[[], Raw]
) -> None:
    """The one that was there first keeps the address and its answers; the other one is not served at all."""
    first = namesake()
    first.hello()
    first.ask(t="spawn", character=1, transform=[5.0, 0, 0, 0])
    second = namesake()
    second.send({"t": "hello", "v": 1, "proto": 1})
    second.send({"t": "despawn", "v": 1, "character": 1})
    assert not second.socket.poll(300)
    assert place(first) == pytest.approx(5.0)
    neighbour.walk(10)
