"""Garbage: 5,000 messages, or 100,000 where MOTIONWIRE_NIGHTLY is set. All that can be answered is, with a reason that is not the server's
own failure, and neighbours are served as if nothing happened."""

import os
import random
from collections.abc import Iterator

import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.faults import clients
from server.faults.conftest import PATIENT
from server.faults.garbage import mutated
from server.faults.neighbour import Neighbour
from server_process import Raw, ServerProcess

COUNT = 100_000 if os.environ.get("MOTIONWIRE_NIGHTLY") else 5_000
MADE_UP = COUNT * 2 // 5  # by hypothesis, the others are mutated
AT_ONCE = 5
SESSION = 10  # messages, then a new session: many of them end the old one
LAST = 2**31 + 5  # a ref that no golden vector has
FLOODS = """
import random, time
from server.faults.garbage import mutated
from server_process import Raw
rng = random.Random(7)
messages = [mutated(rng) for _ in range(500)]
raws = [Raw(sys.argv[1]) for _ in range(4)]
raws[0].hello()
print("up", flush=True)
end, sent = time.monotonic() + 0.5, 0
while time.monotonic() < end:
    for raw in raws:
        raw.socket.send(messages[sent % len(messages)])
        sent += 1
print(sent, flush=True)
time.sleep(60)
"""

ANYTHING = st.one_of(
    st.binary(max_size=200),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=20) | st.binary(max_size=40),
        lambda children: st.lists(children, max_size=5) | st.dictionaries(st.text(max_size=8), children, max_size=5),
        max_leaves=10,
    ).map(msgpack.packb),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One that reads all of it, however fast it comes."""
    path = tmp_path_factory.mktemp("server") / "serve.toml"
    path.write_text(f"{PATIENT}[limits]\nrequests_per_second = 1000000\nstranger_requests_per_second = 1000000\n", encoding="utf-8")
    running = ServerProcess(config=path)
    yield running
    running.close()


@pytest.fixture(scope="module")
def stranger(server: ServerProcess) -> Iterator[Raw]:
    """One connection without a session, for all of hypothesis's examples."""
    client = Raw(server.endpoint)
    yield client
    client.close()


@settings(max_examples=MADE_UP // AT_ONCE, suppress_health_check=list(HealthCheck))
@given(messages=st.lists(ANYTHING, min_size=AT_ONCE, max_size=AT_ONCE))
def test_anything_is_answered(stranger: Raw, messages: list[bytes]) -> None:
    for message in messages:
        stranger.send(message)
    for _ in messages:
        answer = stranger.receive()
        assert answer["t"] == "error" and answer["code"] in ("bad_message", "unknown_type", "version", "no_session")


def test_mutated_golden_vectors(server: ServerProcess, neighbour: Neighbour) -> None:
    """In live sessions with characters, streams, sentences and clips under way."""
    rng = random.Random(1)
    kinds, codes = set(), set()
    for _ in range((COUNT - MADE_UP) // SESSION):
        client = Raw(server.endpoint)
        client.hello()
        for character in (1, 7):
            client.ask(t="spawn", character=character)
        for _ in range(SESSION):
            client.send(mutated(rng))
        client.send({"t": "despawn", "v": 1, "character": 2**31 - 1, "ref": LAST})
        answer = client.receive()
        while answer.get("ref") != LAST:
            kinds.add(answer["t"])
            codes.add(answer.get("code"))
            answer = client.receive()
        client.ask(t="bye")
        client.close()
        neighbour.walk(2)
    assert server.process.poll() is None
    assert "internal" not in codes
    assert kinds >= {"accepted", "pose", "pong", "welcome", "bye", "error"}  # else they tried nothing
    assert codes >= {"bad_message", "unknown_type", "version", "no_session", "unknown_character", "not_subscribed"}


def test_half_a_second_as_fast_as_it_goes() -> None:
    server = ServerProcess()
    try:
        neighbour = Neighbour(server)
        flood = clients.start(FLOODS, server.endpoint)
        clients.line(flood)
        neighbour.walk(50)
        assert int(clients.line(flood)) > 500
        neighbour.walk(20)
        clients.end(flood)
        neighbour.walk(20)
        neighbour.raw.close()
    finally:
        server.close()
