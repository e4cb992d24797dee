"""What goes wrong on a network: the client says what happened, never holds up its game, and comes back by itself."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import msgpack
import pytest

from engine_bridge.unity.fake_servers import (
    GREETING,
    READY,
    LateOnce,
    Nonsense,
    SlowToChallenge,
    Wire,
    deaf_listener,
    frame,
    nonsense,
    welcome,
)
from engine_bridge.unity.toolchain import Driven, golden, run
from engine_bridge.unreal import peers
from server_process import ServerProcess

REPLIES = 40
LATE_S = 0.005
LONG_GAP_MS = 80
QUICK = "heartbeat_ms = 250\nexpiry_ms = 10000\n"


@pytest.fixture
def quick(tmp_path: Path) -> Path:
    """Settings of a server whose silence is noticed soon."""
    path = tmp_path / "quick.toml"
    path.write_text(QUICK)
    return path


def port_of(server: ServerProcess) -> int:
    return int(server.endpoint.rpartition(":")[2])


@pytest.mark.parametrize(("compiled", "mode"), [("csharp_jit", "step"), ("csharp_aot", "stream")])
def test_server_killed_and_restarted(programs: dict[str, list[str]], compiled: str, mode: str) -> None:
    program = programs[compiled]
    server = ServerProcess()
    with Driven(program, port_of(server), mode) as game:
        game.until(event="frame")
        game.pause(1.0)
        server.kill()
        game.until(kind="Disconnected")
        server = ServerProcess(port_of(server))
        ready = time.monotonic()
        back = game.until(event="frame")
        last = game.end()
        server.close()
    assert back["at_ms"] / 1000 - ready < 3  # a second where nobody else computes: tests/benchmarks/bench_clients.py
    assert last["z"] > 0.5  # where it was, not where it began


def test_reconnect_prints_what_was_measured(jit: list[str]) -> None:
    server = ServerProcess()
    words = [*jit, "reconnect", "127.0.0.1", str(port_of(server))]
    program = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert program.stderr is not None
    assert program.stderr.readline() == "it walks\n"
    server.kill()
    server = ServerProcess(port_of(server))
    said = json.loads(program.communicate(timeout=60)[0])
    server.close()
    assert said["characters_kept"] is True
    assert said["reconnect_ms"] > 0


def test_server_paused(jit: list[str], quick: Path) -> None:
    """A stopped process keeps its connection: silence alone tells. The session, its characters with it, is there again afterwards."""
    server = ServerProcess(config=quick)
    with Driven(jit, port_of(server)) as game:
        game.until(event="frame")
        game.pause(0.7)
        os.kill(server.process.pid, signal.SIGSTOP)
        game.until(state="Silent")
        game.until(kind="Disconnected", text="has not answered for")
        game.pause(0.5)
        os.kill(server.process.pid, signal.SIGCONT)
        game.until(kind="Connected", text="session resumed")
        game.until(event="frame")
        assert game.end()["z"] > 0.3
    server.close()


def test_wire_goes_dead(jit: list[str], quick: Path) -> None:
    server = ServerProcess(config=quick)
    wire = Wire(port_of(server))
    with Driven(jit, wire.port) as game:
        game.until(event="frame")
        wire.cut()
        game.until(kind="Disconnected", text="has not answered for")
        game.until(kind="Connected", text="session resumed")
        game.until(event="frame")
        game.end()
    wire.close()
    server.close()


def test_act_that_is_lost_with_its_connection(jit: list[str], quick: Path) -> None:
    """The newest one is asked for again in the resumed session; one before it fails, since it might be acted twice."""
    server = ServerProcess(config=quick)
    wire = Wire(port_of(server))
    with Driven(jit, wire.port) as game:
        game.until(event="frame")
        wire.cut()
        _, act = game.act("a person bows"), game.act("a person waves")
        assert act != "0"
        game.until(kind="RequestFailed", text="the connection was lost")
        game.until(kind="Connected", text="session resumed")
        game.until(event="ActBegin", ref=act)
        game.until(event="ActEnd", ref=act)
        game.end()
    wire.close()
    server.close()


def test_pose_that_comes_after_it_was_given_up(jit: list[str]) -> None:
    """What happened in it is told all the same."""
    server = LateOnce(1.3)
    with Driven(jit, server.port) as game:
        game.until(event="frame")
        game.pause(2.5)
        last = game.end()
    server.close()
    assert last["footsteps"] == 1


def test_flood_of_pings_in_a_session(program: list[str]) -> None:
    """Answers to thousands of pings behind each message leave the game its frames."""
    server = ServerProcess()
    peer = peers.Listener(peers.Pinging(port_of(server), 2000))
    with Driven(program, peer.port) as game:
        game.until(event="frame")
        game.pause(1.5)
        last = game.end()
    peer.close()
    server.close()
    assert last["frames"] > 20
    assert last["over_2_ms"] <= max(1, 0.01 * last["calls"]), last


def test_answers_that_come_after_the_wait(jit: list[str]) -> None:
    """They lie there in the next frame: no character stands still. In one of three games at least: a busy machine holds up any."""
    server = ServerProcess()
    peer = peers.Listener(peers.Late(port_of(server), LATE_S))
    gaps = []
    while len(gaps) < 3 and min(gaps, default=LONG_GAP_MS) >= LONG_GAP_MS:
        with Driven(jit, peer.port) as game:
            game.until(event="frame")
            game.pause(1.0)
            last = game.end()
        assert last["frames"] > 20, last
        gaps.append(last["longest_gap_ms"])
    peer.close()
    server.close()
    assert min(gaps) < LONG_GAP_MS, gaps


def test_nonsense_from_the_other_side(program: list[str]) -> None:
    """Then the real server takes the same port, and the character walks."""
    vectors = json.loads(golden("messages.json").read_text())["messages"]
    served = [bytes.fromhex(vector["bytes"]) for vector in vectors if vector["from"] == "server"]
    peer = Nonsense(nonsense(served, REPLIES))
    with Driven(program, peer.port) as game:
        while peer.served < REPLIES:
            game.pause(0.05)
        server = ServerProcess(peer.port)
        game.until(event="frame")
        game.end()
        server.close()
        texts = " ".join(said["text"] for said in game.said if said["event"] == "notice")
    for wanted in ("does not speak ZeroMQ", "BLAH security", "no ZeroMQ ROUTER", "of several parts", "not understood"):
        assert wanted in texts
    assert "failed:" not in texts  # how the client words a mistake of its own


def test_nobody_there(jit: list[str]) -> None:
    with deaf_listener() as port, Driven(jit, port) as game:
        game.until(kind="Disconnected", text="says nothing")
        game.end()
    with Driven(jit, port) as game:
        game.until(kind="Disconnected", text="nothing listens there; is `motionwire serve` running?")
        game.end()
    with Driven(jit, 5588, host="no-such-host.invalid") as game:
        game.until(kind="Disconnected", text="cannot connect to no-such-host.invalid")
        game.end()


def test_token(programs: dict[str, list[str]], tmp_path: Path) -> None:
    program = programs["csharp_aot"]  # where cryptography is most likely to be missing
    config = tmp_path / "token.toml"
    config.write_text('token = "sixteen letters or more"\n')
    server = ServerProcess(config=config)
    with Driven(program, port_of(server), token="sixteen letters or more") as game:
        game.until(event="frame")
        game.end()
    with Driven(program, port_of(server), token="sixteen letters or less") as game:
        game.until(kind="Refused", text="the server refuses")
        game.until(state="Refused")
        game.end()
    with Driven(program, port_of(server)) as game:
        game.until(kind="Refused", text="the server asks for a token")
        game.end()
    server.close()


def test_token_over_a_slow_link(jit: list[str], tmp_path: Path) -> None:
    """Nothing but hello is said before there is a session, however long the challenge takes."""
    config = tmp_path / "token.toml"
    config.write_text('token = "sixteen letters or more"\n')
    server = ServerProcess(config=config)
    peer = peers.Listener(SlowToChallenge(port_of(server)))
    with Driven(jit, peer.port, token="sixteen letters or more") as game:
        game.until(event="frame")
        game.end()
        assert not [said for said in game.said if "forgotten" in said.get("text", "")]
    peer.close()
    server.close()


@pytest.mark.parametrize(("models", "why"), [(200_000, "a message of"), (2_000, "2000 models")])
def test_endless_welcome(jit: list[str], models: int, why: str) -> None:
    """A few bytes of it would become an object each."""
    hands = GREETING + READY
    peer = Nonsense([hands + frame(msgpack.packb(welcome(models=[{}] * models)))] * 20)
    with Driven(jit, peer.port) as game:
        game.until(kind="Disconnected", text=why)
        game.end()
    peer.close()


def test_server_that_speaks_curve(jit: list[str]) -> None:
    greeting = b"\xff" + bytes(8) + b"\x7f\x03\x01CURVE".ljust(55, b"\0")
    peer = Nonsense([greeting] * 20)
    with Driven(jit, peer.port) as game:
        game.until(kind="Disconnected", text="CURVE security, which this client does not speak")
        game.end()
    peer.close()


def test_closed_while_it_connects_or_waits(jit: list[str]) -> None:
    """The network thread ends soon after Dispose, whatever it waits for."""
    with deaf_listener() as port:
        said = json.loads(run([*jit, "close", "127.0.0.1", str(port)]))
    assert said["dispose_ms"] < 400
    assert said["thread_ended"] is True
    server = ServerProcess()
    said = json.loads(run([*jit, "close", "127.0.0.1", str(port_of(server))]))
    server.close()
    assert said["thread_ended"] is True
