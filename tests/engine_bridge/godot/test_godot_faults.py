"""What goes wrong between a game and its server: the game runs on, says what happened, and its characters come back."""

import signal
import socket
import time
from collections.abc import Iterator

import numpy as np
import pytest

from engine_bridge.godot.hostile import Hostile
from engine_bridge.godot.probe import Probe
from engine_bridge.godot.proxy import Proxy
from server_process import ServerProcess

PAUSE_S = 3.0
TOKEN = "a token that is random enough"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A fake server that asks for a token."""
    config = tmp_path_factory.mktemp("server") / "serve.toml"
    config.write_text(f'token = "{TOKEN}"\n', encoding="utf-8")
    running = ServerProcess(config=config)
    yield running
    running.close()


def test_server_killed_and_restarted() -> None:
    """Back within a second, in one of a few restarts at least: a busy machine makes any of them slower."""
    server = ServerProcess()
    took = []
    with Probe(server.endpoint, 3) as game:
        game.wait("opened")
        game.order("move", x=0.0, z=1.4)
        try:
            for _ in range(2):
                before = np.array(game.wait_for_frames(30)["places"])
                game.order("act", text="slow", seconds=20.0)
                ref = game.wait("asked")["ref"]
                server.kill()
                assert "closed" in game.wait("lost")["reason"]
                before = np.array(game.wait("status")["places"])
                server = ServerProcess(int(server.endpoint.rsplit(":", 1)[1]))
                ready = time.monotonic()
                assert "lost" in game.wait("act_failed", ref=ref)["message"]
                opened = game.wait("opened", resumed=False)
                after = game.wait_for_frames(1)
                took.append(opened["heard"] - ready)
                np.testing.assert_allclose(after["places"], before, atol=0.6)
        finally:
            server.close()
        game.wait("lost")
        game.assert_never_held_up()
    assert min(took) < 1.0, took


def test_server_paused(server: ServerProcess) -> None:
    with Probe(server.endpoint, token=TOKEN) as game:
        game.wait("opened")
        game.wait_for_frames()
        server.process.send_signal(signal.SIGSTOP)
        try:
            stopped = time.monotonic()
            assert "no sign of life" in game.wait("lost")["reason"]
            calls = game.wait_for_calls_until(stopped + PAUSE_S)
        finally:
            server.process.send_signal(signal.SIGCONT)
        assert calls > 30 * (PAUSE_S - 2.5)  # the game's frames went on
        assert game.wait("opened")["resumed"] is True
        game.wait_for_frames()
        game.assert_never_held_up()


def test_half_open_connection(server: ServerProcess) -> None:
    with Proxy(server.endpoint) as cable, Probe(cable.endpoint, token=TOKEN) as game:
        game.wait("opened")
        game.wait_for_frames()
        game.order("act", text="a person waves", seconds=1.0)
        game.wait("act_began", ref=game.wait("asked")["ref"])
        began = game.of("asked")[-1]["ref"]
        cable.freeze()
        game.order("act", text="a person bows", seconds=1.0)  # which no server hears
        ref = game.wait("asked")["ref"]
        assert "no sign of life" in game.wait("lost")["reason"]
        assert game.wait("opened")["resumed"] is True
        game.wait("act_ended", ref=began)  # as no server said
        game.wait("act_began", ref=ref)
        game.wait("act_ended", ref=ref)
        game.assert_never_held_up()


def test_asked_before_there_is_a_server() -> None:
    server = ServerProcess()
    server.close()
    with Probe(server.endpoint) as game:
        game.order("act", text="a person waves", seconds=0.5)
        ref = game.wait("asked")["ref"]
        game.order("generate", text="a person waves", seconds=0.5)
        assert game.wait("clip_failed")["message"] == "there is no connection"
        server = ServerProcess(int(server.endpoint.rsplit(":", 1)[1]))
        try:
            game.wait("act_began", ref=ref)
            game.wait("act_ended", ref=ref)
            assert not game.of("refused") and not game.of("act_failed")
        finally:
            server.close()


def test_input_holds_in_a_stream_whose_server_is_restarted() -> None:
    server = ServerProcess()
    with Probe(server.endpoint, mode="stream") as game:
        game.wait("opened")
        game.order("face", heading=0.0)
        game.order("move", x=0.0, z=1.4)
        game.wait_for_frames(30)
        server.kill()
        game.wait("lost")
        server = ServerProcess(int(server.endpoint.rsplit(":", 1)[1]))
        try:
            game.wait("opened", resumed=False)
            before = game.wait_for_frames(10)["places"][0][2]
            assert game.wait_for_frames(60)["places"][0][2] > before + 0.5
        finally:
            server.close()


def test_nobody_then_a_port_that_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        endpoint = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        with Probe(endpoint) as game:
            assert "no ZeroMQ server answered" in game.wait("problem")["text"]
            mute.close()
            assert "nobody listens" in game.wait("problem")["text"]
            game.assert_never_held_up()


def test_garbage() -> None:
    with Hostile() as hostile, Probe(hostile.endpoint) as game:
        assert hostile.all_sent.wait(60)
        while hostile.served <= hostile.kinds:  # it went away from garbage of every kind
            game.wait("status")
        hostile.stop()
        game.catch_up()
        words = " ".join(line["text"] for line in game.of("problem"))
        for kind in ("no ZeroMQ 4 server", "CURVE", "nope", "no ZMTP"):
            assert kind in words, words
        server = ServerProcess(hostile.port)
        try:
            game.wait("opened", resumed=False)
            game.wait_for_frames()
            game.assert_never_held_up()
        finally:
            server.close()


@pytest.mark.parametrize(("token", "said"), [("another", "unauthorised"), ("", "asks for a token")], ids=["wrong", "none"])
def test_without_the_token(server: ServerProcess, token: str, said: str) -> None:
    with Probe(server.endpoint, token=token) as game:
        assert said in game.wait("problem")["text"]
        assert not game.of("opened")
