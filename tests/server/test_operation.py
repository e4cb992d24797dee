"""Settings, tokens, silence, limits and the end of a server."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgpack
import pytest

import toy_bundle
from motionwire.errors import InputError
from motionwire.server import settings
from motionwire.server.settings import Settings
from server_process import Raw, ServerProcess

Connect = Callable[[ServerProcess], Raw]


def configured(folder: Path, text: str) -> ServerProcess:
    path = folder / "serve.toml"
    path.write_text(text, encoding="utf-8")
    return ServerProcess(config=path)


def test_sentences_are_bounded_in_all(tmp_path: Path, raw: Connect) -> None:
    server = configured(tmp_path, "[limits]\nacts_total = 2")
    try:
        client = raw(server)
        client.hello()
        for character in (1, 2):
            assert client.ask(t="spawn", character=character)["t"] == "accepted"
        for queue in (False, True):
            assert client.ask(t="act", character=1, text="wave", seconds=20.0, queue=queue)["t"] == "accepted"
        refused = client.ask(t="act", character=2, text="wave", ref=7)
        assert (refused["code"], refused["of"], refused["ref"]) == ("limit", "act", 7)
        assert client.ask(t="stop", character=1)["t"] == "accepted"
        assert client.ask(t="step", seq=1, characters=[1, 2])["t"] == "pose"
        assert client.ask(t="act", character=2, text="wave")["t"] == "accepted"
    finally:
        server.close()


def test_one_session_does_not_take_all_sentences(tmp_path: Path, raw: Connect) -> None:
    server = configured(tmp_path, "[limits]\nacts = 2\nacts_total = 3")
    try:
        greedy, other = raw(server), raw(server)
        for client in (greedy, other):
            client.hello()
            for character in (1, 2):
                client.ask(t="spawn", character=character)
        for queue in (False, True):
            assert greedy.ask(t="act", character=1, text="wave", seconds=20.0, queue=queue)["t"] == "accepted"
        for character, queue in ((1, True), (2, False), (2, True)):
            assert greedy.ask(t="act", character=character, text="jump", queue=queue, ref=7)["code"] == "limit"
        assert other.ask(t="act", character=1, text="wave", seconds=20.0)["t"] == "accepted"
        assert other.ask(t="act", character=2, text="wave")["code"] == "limit"
        for client in (greedy, other):  # another one instead
            assert client.ask(t="act", character=1, text="jump", seconds=20.0)["t"] == "accepted"
    finally:
        server.close()


def test_so_many_wait_beside_the_one_that_is_acted(tmp_path: Path, raw: Connect) -> None:
    server = configured(tmp_path, "[limits]\nacts_queued = 2")
    try:
        client = raw(server)
        client.hello()
        client.ask(t="spawn", character=1)
        answers = [client.ask(t="act", character=1, text="wave", seconds=20.0, queue=True)["t"] for _ in range(4)]
        assert answers == ["accepted", "accepted", "accepted", "error"]
        for _ in range(2):  # what was stopped waits no longer, before the next frame already
            assert client.ask(t="stop", character=1)["t"] == "accepted"
            answers = [client.ask(t="act", character=1, text="wave", seconds=20.0, queue=True)["t"] for _ in range(4)]
            assert answers == ["accepted", "accepted", "accepted", "error"]
        assert client.ask(t="stop", character=1)["t"] == "accepted"
        ended = client.ask(t="step", seq=1, characters=[1])["events"]
        assert [event["kind"] for event in ended] == ["act_end"] * 9
    finally:
        server.close()


def test_a_hello_is_a_sign_of_life(tmp_path: Path, raw: Connect) -> None:
    """Also one that is refused."""
    server = configured(tmp_path, "heartbeat_ms = 500\nexpiry_ms = 1500")
    try:
        client = raw(server)
        key = client.hello()["session"]
        for _ in range(8):
            time.sleep(0.3)
            assert client.ask(t="hello", proto=2)["code"] == "version"
        assert client.hello(session=key)["resumed"]
    finally:
        server.close()


def test_silent_sessions_expire_and_limits_hold(tmp_path: Path, raw: Connect) -> None:
    server = configured(tmp_path, "heartbeat_ms = 500\nexpiry_ms = 1500\n[limits]\nsessions = 1\ncharacters = 2\nmessage_bytes = 4096")
    try:
        first, second = raw(server), raw(server)
        first.hello()
        assert second.hello()["code"] == "limit"
        for character, answer in ((1, "accepted"), (2, "accepted"), (3, "error")):
            assert first.ask(t="spawn", character=character)["t"] == answer
        for _ in range(6):  # heartbeats keep it
            time.sleep(0.3)
            assert first.ask(t="ping", time=0.5) | {"server_time": 0} == {"t": "pong", "v": 1, "time": 0.5, "server_time": 0}
        time.sleep(2.5)
        goodbye = first.receive()
        assert goodbye["t"] == "bye" and "1500 ms" in goodbye["reason"]
        assert first.ask(t="ping")["code"] == "no_session"
        assert second.hello()["t"] == "welcome"
        bulky = raw(server)
        bulky.send(msgpack.packb({"t": "hello", "proto": 1, "client": "x" * 10_000}))
        assert not bulky.socket.poll(300)  # the connection is closed, nothing is answered
        assert second.ask(t="ping")["t"] == "pong"
    finally:
        server.close()


def test_a_full_server_gives_a_lost_client_its_session_back(tmp_path: Path, raw: Connect) -> None:
    """Sessions whose connection is lost make room for new clients, but not for their own return or for a wrong token."""
    server = configured(tmp_path, 'token = "swordfish"\nheartbeat_ms = 100\n[limits]\nsessions = 1')
    try:
        lost = raw(server)
        key = lost.hello("swordfish")["session"]
        lost.ask(t="spawn", character=7)
        lost.close()
        time.sleep(0.5)  # longer than a heartbeat
        assert raw(server).hello("sword")["code"] == "unauthorised"
        again = raw(server)
        welcome = again.hello("swordfish", session=key)
        assert welcome["resumed"] and welcome["characters"] == [7]
        assert raw(server).hello("swordfish", ref=9) | {"message": ""} == {
            "t": "error", "v": 1, "code": "limit", "message": "", "of": "hello", "ref": 9,
        }  # fmt: skip
        again.close()
        time.sleep(0.5)
        assert raw(server).hello("swordfish")["t"] == "welcome"
    finally:
        server.close()


def test_closing_leaves_at_once() -> None:
    server = ServerProcess()
    client = Raw(server.endpoint)
    client.hello()
    client.ask(t="spawn", character=1)
    client.send({"t": "act", "v": 1, "character": 1, "text": "slow"})
    server.close()
    assert server.process.returncode == 0
    client.close()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("port = 70000", "port"),
        ('port = "high"', "port"),
        ("colour = 1", "colour"),
        ("[limits]\nsessions = 0", "limits.sessions"),
        ("[controller]\npull = 2", "pull must be in 0..1"),
        ("[controller]\nspeed = 2", "speed"),
        ("port = ", "not TOML"),
        ("expiry_ms = 1000\nheartbeat_ms = 900", "heartbeats"),
        ('host = "0.0.0.0"', "token"),
        (f'token = "{" " * 16}"', "token is blank"),
        ('log_file = "a\\u0000b"', "NUL"),
        ('host = "::"', "token"),
        ('host = "example.org"', "token"),
        ('host = "0.0.0.0"\ntoken = "fifteen letters"', "15 characters"),
        ('host = "0.0.0.0"\ncurve_clients = "keys"', "go together"),
        ('curve_key = "server.key_secret"', "go together"),
        ('log_format = "xml"', "log_format"),
        ("metrics_port = 70000", "metrics_port"),
        ("[limits]\nrequests_per_second = 0", "limits.requests_per_second"),
    ],
)
def test_bad_settings_say_where(tmp_path: Path, text: str, part: str) -> None:
    path = tmp_path / "serve.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=part) as caught:
        settings.load(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_options_override_the_file(tmp_path: Path) -> None:
    path = tmp_path / "serve.toml"
    path.write_text("port = 6000\nthreads = 3", encoding="utf-8")
    chosen = settings.load(path, port=0, host=None)
    assert (chosen.port, chosen.threads, chosen.host) == (0, 3, "127.0.0.1")
    assert Settings(host="::1").endpoint == "tcp://[::1]:5588"
    assert Settings(host="0.0.0.0", token="sixteen letters!").endpoint == "tcp://0.0.0.0:5588"
    for nobody_listens in ({}, {"host": "0.0.0.0", "curve_key": "k", "curve_clients": "c"}):
        assert Settings(token="short", **nobody_listens).token == "short"
    assert Settings(host="0.0.0.0", curve_key="k", curve_clients="c").endpoint == "tcp://0.0.0.0:5588"


@pytest.mark.parametrize(
    ("key", "clients", "words"), [("missing", ".", "key"), ("serve.toml", ".", "no public key"), ("serve.toml", "no", "folder")]
)
def test_keys_that_are_not_there(tmp_path: Path, key: str, clients: str, words: str) -> None:
    config = tmp_path / "serve.toml"
    config.write_text(f'curve_key = "{tmp_path / key}"\ncurve_clients = "{tmp_path / clients}"\n', encoding="utf-8")
    command = [sys.executable, "-m", "motionwire", "serve", "--config", str(config), "--port", "0"]
    done = subprocess.run(
        [*command, "--bundle", str(toy_bundle.write(tmp_path / "toy"))], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 2 and words in done.stderr and done.stderr.count("\n") == 1 and done.stdout == ""


def test_missing_file() -> None:
    with pytest.raises(InputError, match="nowhere"):
        settings.load(Path("nowhere.toml"))


def test_clients_that_vanish_make_room(tmp_path: Path, raw: Connect) -> None:
    """Many more connections without a goodbye than sessions fit: none of the later ones is turned away for long."""
    server = configured(tmp_path, "heartbeat_ms = 50\n[limits]\nsessions = 4")
    try:
        stays = raw(server)
        stays.hello()
        stays.ask(t="spawn", character=1)
        for _ in range(60):
            client = Raw(server.endpoint)
            answer = client.hello()
            end = time.monotonic() + 60
            while answer["t"] == "error" and time.monotonic() < end:  # the one before may not have left the socket yet
                time.sleep(0.02)
                answer = client.hello()
            assert answer["t"] == "welcome"
            client.ask(t="spawn", character=1)
            client.close()
        while (answer := stays.ask(t="step", seq=1, characters=[1]))["t"] == "pong":  # the server asked whether it is there
            pass
        assert answer["t"] == "pose" or stays.receive()["t"] == "pose"
    finally:
        server.close()
