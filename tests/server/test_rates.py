"""How much peers may ask: buckets by hand, and a server that goes on answering others while one peer floods it."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from motionwire.server.rates import CHUNK, STRANGERS, Bucket, Strangers
from server_process import Raw, ServerProcess

Connect = Callable[[ServerProcess], Raw]


def test_a_bucket_fills_at_its_rate() -> None:
    bucket = Bucket.full(10.0, 100.0)
    assert [bucket.take(50, 100.0) for _ in range(11)] == [True] * 10 + [False]
    assert [bucket.take(50, 100.25) for _ in range(3)] == [True, True, False]  # 2.5 came
    assert [bucket.take(50, 1000.0) for _ in range(11)] == [True] * 10 + [False]  # never more than a second's worth


def test_large_messages_count_more_but_are_never_impossible() -> None:
    bucket = Bucket.full(10.0, 0.0)
    assert [bucket.take(4 * CHUNK, 0.0) for _ in range(3)] == [True, True, False]
    assert not bucket.take(100 * CHUNK, 0.5)
    assert bucket.take(100 * CHUNK, 10.0) and not bucket.take(0, 10.0)


def test_each_part_counts() -> None:
    bucket = Bucket.full(100, 0.0)
    assert bucket.take(0, 0.0, parts=60)
    assert not bucket.take(0, 0.0, parts=60)
    assert bucket.take(0, 0.0, parts=40)


def test_strangers_are_bounded() -> None:
    strangers = Strangers(1.0)
    first = strangers.bucket(b"first", 0.0)
    for number in range(3 * STRANGERS):
        strangers.bucket(str(number).encode(), 0.0)
        assert strangers.bucket(b"first", 0.0) is first  # who is heard of stays
    assert len(strangers._buckets) == STRANGERS
    assert strangers.leave(b"first", 0.0) is first
    assert strangers.bucket(b"first", 0.0) is not first


def test_a_bucket_is_as_full_at_another_rate() -> None:
    strangers = Strangers(20.0)
    for _ in range(5):
        assert strangers.bucket(b"it", 0.0).take(0, 0.0)
    session = strangers.leave(b"it", 0.0).at(200.0)
    assert (session.rate, session.level) == (200.0, 150.0)
    assert session.take(99 * CHUNK, 0.0)
    strangers.come_back(b"it", session)
    assert (strangers.bucket(b"it", 0.0).rate, strangers.bucket(b"it", 0.0).level) == (20.0, 5.0)
    for number in range(3 * STRANGERS):
        strangers.come_back(str(number).encode(), session)
    assert len(strangers._buckets) == STRANGERS


@pytest.mark.parametrize("again", [["hello"], ["bye", "hello"]], ids=" ".join)
def test_no_greeting_makes_room_for_more(tmp_path: Path, raw: Connect, again: list[str]) -> None:
    path = tmp_path / "serve.toml"
    path.write_text("[limits]\nrequests_per_second = 50\nstranger_requests_per_second = 50\n", encoding="utf-8")
    server = ServerProcess(config=path)
    try:
        client = raw(server)
        client.hello()
        begun = time.monotonic()
        for _ in range(20):
            for kind in [*again, *["ping"] * 40]:
                client.send({"t": kind, "v": 1, "proto": 1})
        answered = 0
        while client.socket.poll(500):
            answered += client.receive().get("code") != "rate"
        assert answered < 60 + 50 * (time.monotonic() - begun)
    finally:
        server.close()


def test_who_has_no_session_is_not_read_at_length(raw: Connect, server: ServerProcess) -> None:
    client = raw(server)
    long = {"t": "step", "seq": 1, "characters": [1], "v": [{}] * 100_000}
    assert client.ask(**long) | {"message": ""} == {"t": "error", "v": 1, "code": "no_session", "message": "", "of": "", "ref": 0}
    assert client.hello(more="x" * 15_000)["t"] == "welcome"
    answer = client.ask(**long)
    assert (answer["code"], answer["of"], answer["ref"]) == ("version", "step", 1) and len(answer["message"]) < 300


def test_a_flood_is_told_once_and_harms_nobody(tmp_path: Path, raw: Connect) -> None:
    path = tmp_path / "serve.toml"
    path.write_text("[limits]\nrequests_per_second = 50\nstranger_requests_per_second = 20\n", encoding="utf-8")
    server = ServerProcess(config=path)
    try:
        stranger, flooder, orderly = raw(server), raw(server), raw(server)
        for client in (flooder, orderly):
            client.hello()
            client.ask(t="spawn", character=1)
        for client in (stranger, flooder):
            for _ in range(5000):
                client.send({"t": "ping", "v": 1})
        for seq in range(10):
            assert orderly.ask(t="step", seq=seq, characters=[1])["seq"] == seq
        for client, most in ((stranger, 20), (flooder, 50)):
            codes = []
            while client.socket.poll(1000):
                codes.append(client.receive().get("code"))
            answered = [code for code in codes if code != "rate"]
            assert most - 5 < len(answered) < 10 * most  # what came in while the flood lasted too
            assert 1 <= codes.count("rate") <= len(answered) + 1  # once after each message that was read
        time.sleep(0.5)
        assert flooder.ask(t="ping")["t"] == "pong"
        assert stranger.hello()["t"] == "welcome"
    finally:
        server.close()
