"""The challenge on hello: what opens the gate, once, in time, on its own connection; over real sockets."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from motionwire.client import Client, ServerError
from motionwire.server.authentication import Gate, proof_of
from server_process import Raw, ServerProcess, proof

Connect = Callable[[ServerProcess], Raw]
TOKEN = "schwertfisch ü"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("guarded") / "serve.toml"
    path.write_text(f'token = "{TOKEN}"\nchallenge_ms = 400\n', encoding="utf-8")
    server = ServerProcess(config=path)
    yield server
    server.close()


def challenged(client: Raw, **fields: object) -> dict:
    return client.ask(t="hello", proto=1, **fields)


def test_the_right_token_and_only_that(guarded: ServerProcess, raw: Connect) -> None:
    client = raw(guarded)
    assert client.ask(t="spawn", character=1)["code"] == "no_session"
    answer = challenged(client, ref=7)
    assert answer["t"] == "challenge" and answer["ref"] == 7 and len(answer["nonce"]) == 32
    for wrong in ("", "x", TOKEN + " "):
        refused = client.hello(wrong or "\0")
        assert refused["code"] == "unauthorised" and refused["of"] == "hello"
    assert client.ask(t="hello", proto=1, token=TOKEN)["t"] == "challenge"  # never in the clear
    assert client.hello(TOKEN)["t"] == "welcome"
    assert client.ask(t="spawn", character=1)["t"] == "accepted"


def test_every_hello_gets_another_nonce(guarded: ServerProcess, raw: Connect) -> None:
    client = raw(guarded)
    nonces = {challenged(client)["nonce"] for _ in range(50)}
    assert len(nonces) == 50


def test_a_replayed_hello_is_refused(guarded: ServerProcess, raw: Connect) -> None:
    """The bytes that opened a session open none again: not here, not from another connection, not after a restart."""
    client, thief = raw(guarded), raw(guarded)
    nonce = challenged(client)["nonce"]
    recorded = {"t": "hello", "v": 1, "proto": 1, "nonce": nonce, "proof": proof(TOKEN, nonce)}
    assert client.ask(**recorded)["t"] == "welcome"
    assert thief.ask(**recorded)["code"] == "unauthorised"
    assert client.ask(**recorded)["code"] == "unauthorised"
    assert client.ask(t="ping")["t"] == "pong"  # the session that it opened is untouched
    assert thief.ask(t="ping")["code"] == "no_session"


def test_a_challenge_that_is_too_old(guarded: ServerProcess, raw: Connect) -> None:
    client = raw(guarded)
    nonce = challenged(client)["nonce"]
    time.sleep(0.6)
    assert client.ask(t="hello", proto=1, nonce=nonce, proof=proof(TOKEN, nonce))["code"] == "unauthorised"
    assert client.hello(TOKEN)["t"] == "welcome"


@pytest.mark.parametrize("nonce", [b"", b"short", bytes(32), bytes(31)])
def test_a_nonce_of_ones_own(guarded: ServerProcess, raw: Connect, nonce: bytes) -> None:
    assert raw(guarded).ask(t="hello", proto=1, nonce=nonce, proof=proof(TOKEN, nonce))["code"] == "unauthorised"


def test_resuming_needs_the_token_too(guarded: ServerProcess, raw: Connect) -> None:
    first = raw(guarded)
    key = first.hello(TOKEN)["session"]
    first.ask(t="spawn", character=3)
    second = raw(guarded)
    assert challenged(second, session=key)["t"] == "challenge"
    assert second.hello("wrong", session=key)["code"] == "unauthorised"
    welcome = second.hello(TOKEN, session=key)
    assert welcome["resumed"] and welcome["characters"] == [3]


def test_the_python_client(guarded: ServerProcess) -> None:
    for token, words in (("", "asks for a token"), ("sword", "proof is wrong")):
        with pytest.raises(ServerError, match=words) as caught:
            Client(guarded.endpoint, token=token)
        assert caught.value.code == "unauthorised"
    with Client(guarded.endpoint, token=TOKEN) as client:
        client.spawn(1)


def test_a_client_of_another_process_proves_itself_with_hashlib_alone(guarded: ServerProcess) -> None:
    """What SPEC.md says is enough to write a client from."""
    script = (
        "import hashlib, hmac, msgpack, sys, zmq\n"
        "s = zmq.Context().socket(zmq.DEALER); s.linger = 0; s.connect(sys.argv[1])\n"
        "def ask(**m):\n    s.send(msgpack.packb({'v': 1, **m})); return msgpack.unpackb(s.recv())\n"
        "n = ask(t='hello', proto=1)['nonce']\n"
        "p = hmac.new(sys.argv[2].encode(), b'motionwire-hello-1' + n, hashlib.sha256).digest()\n"
        "print(ask(t='hello', proto=1, nonce=n, proof=p)['t'])\n"
    )
    done = subprocess.run([sys.executable, "-c", script, guarded.endpoint, TOKEN], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "welcome\n"


def test_gate_by_hand() -> None:
    """Whatever the clock of the wall does; and accepted nonces are forgotten when they are too old to come again."""
    gate = Gate("secret", 10.0)
    nonces = [gate.challenge(b"a", 100.0) for _ in range(1000)]
    assert all(gate.admits(b"a", nonce, proof_of("secret", nonce), 105.0) for nonce in nonces)
    assert not any(gate.admits(b"a", nonce, proof_of("secret", nonce), 105.0) for nonce in nonces)
    late = gate.challenge(b"a", 200.0)
    assert gate.admits(b"a", late, proof_of("secret", late), 210.0)
    assert len(gate._used) == 1
    assert Gate("", 1.0).is_open and not gate.is_open


def test_another_process_does_not_know_the_nonce(tmp_path: Path) -> None:
    before, after = Gate("secret", 10.0), Gate("secret", 10.0)
    nonce = before.challenge(b"a", 0.0)
    assert not after.admits(b"a", nonce, proof_of("secret", nonce), 1.0)
