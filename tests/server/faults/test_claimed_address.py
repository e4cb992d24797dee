"""Peers that speak ZMTP by hand and claim the very address that ZeroMQ gave a client."""

import select
from collections.abc import Iterator
from pathlib import Path

import pytest

import server_process
from server.faults.clients import HandMade
from server.faults.conftest import PATIENT
from server_process import Raw, ServerProcess


class Telling(ServerProcess):
    """A fake server that prints addresses; client, address: the first one's."""

    def __init__(self, config: Path) -> None:
        super().__init__(config=config)
        self.client = Raw(self.endpoint)
        self.address, _ = self.hello(self.client)

    def hello(self, client: Raw, **fields: str) -> tuple[bytes, dict]:
        """Where a client's hello comes from, and its answer."""
        welcome = client.hello(**fields)
        assert self.process.stdout is not None
        return bytes.fromhex(self.process.stdout.readline()), welcome


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Telling]]:
    """Two of them."""
    path = tmp_path_factory.mktemp("server") / "serve.toml"
    path.write_text(PATIENT, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(server_process, "SCRIPT", Path(__file__).with_name("serve_telling_addresses.py"))
        both = [Telling(path) for _ in range(2)]
    yield both
    for server in both:
        server.client.close()
        server.close()


def claim(server: ServerProcess, *addresses: bytes) -> HandMade:
    """A connection with the last of these addresses, once the one that had it has left the socket: until then it is not heard."""
    for _ in range(100):
        peer = HandMade(server.endpoint)
        peer.shake_hands(*addresses)
        peer.send({"t": "ping"})
        if select.select([peer.socket], [], [], 0.3)[0]:
            return peer
        peer.socket.close()
    raise AssertionError("never heard")


def test_addresses_are_others_after_each_start(servers: list[Telling]) -> None:
    """Who knew them could wait at those that are still to come: libzmq ends the process when it gives out one that is taken."""
    assert servers[0].address != servers[1].address


@pytest.mark.parametrize("before", [(), (b"",)], ids=["at once", "after none"])
def test_the_address_of_a_lost_connection_opens_nothing(servers: list[Telling], before: tuple[bytes, ...]) -> None:
    """ZeroMQ takes the last address of a READY, and tells the application the first one."""
    client = Raw(servers[0].endpoint)
    address, welcome = servers[0].hello(client)
    client.ask(t="spawn", character=42)
    client.close()
    claiming = claim(servers[0], *before, address)
    for request in ({"t": "teleport", "character": 42}, {"t": "hello", "proto": 1}, {"t": "bye"}):
        claiming.send(request)
        answer = claiming.receive()
        while answer["of"] != request["t"]:  # the ping's
            answer = claiming.receive()
        assert answer["code"] == "bad_message"
    back = Raw(servers[0].endpoint)
    assert servers[0].hello(back, session=welcome["session"])[1]["characters"] == [42]
    back.close()
    claiming.socket.close()
