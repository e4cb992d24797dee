"""A `hello` that somebody overheard is worth nothing: not on another connection, not a second time, not at the next server."""

from collections.abc import Iterator
from typing import Any

import pytest

from server.faults.conftest import PATIENT, Start
from server.faults.neighbour import Neighbour
from server_process import Raw, ServerProcess, proof

TOKEN = "swordfish"
SETTINGS = f'{PATIENT}token = "{TOKEN}"'


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with a token."""
    config = tmp_path_factory.mktemp("locked") / "serve.toml"
    config.write_text(SETTINGS, encoding="utf-8")
    running = ServerProcess(config=config)
    yield running
    running.close()


def overheard(client: Raw, session: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """A hello that is right, and its answer."""
    challenge = client.ask(t="hello", proto=1, session=session)
    assert challenge["t"] == "challenge"
    hello = {"t": "hello", "proto": 1, "session": session, "nonce": challenge["nonce"], "proof": proof(TOKEN, challenge["nonce"])}
    return hello, client.ask(**hello)


def refused(server: ServerProcess, hello: dict[str, Any]) -> None:
    """On a connection of its own, with a challenge of its own or without."""
    for asks_first in (False, True):
        thief = Raw(server.endpoint)
        if asks_first:
            assert thief.ask(t="hello", proto=1)["t"] == "challenge"
        assert thief.ask(**hello)["code"] == "unauthorised"
        assert thief.ask(t="spawn", character=1)["code"] == "no_session"
        thief.close()


def test_on_another_connection(locked: ServerProcess) -> None:
    neighbour = Neighbour(locked, token=TOKEN)
    client = Raw(locked.endpoint)
    hello, welcome = overheard(client)
    client.ask(t="spawn", character=1)
    refused(locked, hello)
    refused(locked, hello | {"session": welcome["session"]})  # and does not steal the session
    resuming, again = overheard(client, welcome["session"])
    assert again["resumed"]
    refused(locked, resuming)
    assert client.ask(t="step", seq=1, characters=[1])["t"] == "pose"
    neighbour.walk(10)
    for raw in (client, neighbour.raw):
        raw.close()


def test_overtaken_by_another_connection(locked: ServerProcess) -> None:
    """The proof reaches the server from somebody else before it comes from the client that it is of."""
    client, thief = Raw(locked.endpoint), Raw(locked.endpoint)
    nonce = client.ask(t="hello", proto=1)["nonce"]
    hello = {"t": "hello", "proto": 1, "nonce": nonce, "proof": proof(TOKEN, nonce)}
    assert thief.ask(**hello)["code"] == "unauthorised"
    assert client.ask(**hello)["t"] == "welcome"
    for raw in (client, thief):
        raw.close()


def test_on_the_same_connection(locked: ServerProcess) -> None:
    client = Raw(locked.endpoint)
    hello, welcome = overheard(client)
    assert welcome["t"] == "welcome"
    client.ask(t="spawn", character=1)
    assert client.ask(**hello)["code"] == "unauthorised"
    assert client.ask(t="step", seq=1, characters=[1])["t"] == "pose"  # its session is as it was
    client.ask(t="bye")
    assert client.ask(**hello)["code"] == "unauthorised"
    assert client.ask(t="spawn", character=1)["code"] == "no_session"
    client.close()


def test_at_the_server_that_follows(start: Start) -> None:
    first = start(SETTINGS)
    client = Raw(first.endpoint)
    hello, _ = overheard(client)
    client.close()
    first.kill()
    refused(start(SETTINGS), hello)


def test_a_proof_of_something_else(locked: ServerProcess) -> None:
    client = Raw(locked.endpoint)
    nonce = client.ask(t="hello", proto=1)["nonce"]
    for given, shown in (
        (nonce, proof("sword", nonce)),
        (nonce, proof(TOKEN, nonce[::-1])),
        (nonce[:-1], proof(TOKEN, nonce[:-1])),
        (nonce[::-1], proof(TOKEN, nonce[::-1])),
        (bytes(32), proof(TOKEN, bytes(32))),
        (b"", proof(TOKEN, b"")),
        (nonce, proof(TOKEN, nonce)[:31]),
    ):
        assert client.ask(t="hello", proto=1, nonce=given, proof=shown)["code"] == "unauthorised"
    assert client.ask(t="hello", proto=1, nonce=nonce, proof=proof(TOKEN, nonce))["t"] == "welcome"
    client.close()
