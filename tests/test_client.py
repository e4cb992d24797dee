"""The Python client against a server in another process: its calls, its errors, and a server that goes away and comes back."""

import math
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from motionwire.client import Client, ConnectionLostError, ServerError
from motionwire.client_frames import Crowd, Stick
from motionwire.errors import InputError
from motionwire.server import messages as wire
from server_process import ServerProcess


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    running = ServerProcess()
    yield running
    running.close()


def test_walk_act_and_walk_on(server: ServerProcess) -> None:
    with Client(server.endpoint) as client:
        assert client.skeleton.is_canonical
        client.spawn(1, position=(0.0, 0.0, 5.0), heading=1.0)
        stick = Stick(move=(1.2, 0.0))
        for _ in range(60):
            frame = client.step({1: stick})
        np.testing.assert_allclose(frame.root_positions[0], (1.2, 0.95, 5.0), atol=1e-3)
        ref = client.act(1, "someone walks", seconds=0.5)
        told = []
        end = time.monotonic() + 60
        while "act_end" not in told and time.monotonic() < end:
            frame = client.step({1: stick})
            told += [event.kind for event in frame.events if event.ref == ref]
            time.sleep(0.002)
        assert told == ["act_begin", "act_end"]
        client.stop(1)
        client.despawn(1)
        with pytest.raises(ServerError, match="unknown_character"):
            client.step({1: stick})


def test_teleport(server: ServerProcess) -> None:
    with Client(server.endpoint) as client:
        client.spawn(1)
        for _ in range(30):
            client.step({1: Stick(move=(0.0, 1.2))})
        client.teleport(1, (30.0, 2.0, -8.0), heading=0.5)
        frame = client.step({1: Stick()}, dt=0.0)
        np.testing.assert_allclose(frame.root[0], (30.0, -8.0, 0.5), atol=1e-4)
        assert frame.root_positions[0, 1] == pytest.approx(2.95, abs=1e-4) and np.abs(frame.root_delta).max() < 1e-4
        with pytest.raises(ServerError, match="unknown_character"):
            client.teleport(2, (0.0, 0.0, 0.0))
        with pytest.raises(ServerError, match="bad_message"):
            client.teleport(1, (0.0, math.nan, 0.0))


def test_a_restarted_server_gets_characters_where_they_were_teleported() -> None:
    first = ServerProcess()
    port = int(first.endpoint.rsplit(":", 1)[1])
    with Client(first.endpoint, timeout=60) as client:
        for character in (1, 2):
            client.spawn(character)
        client.step({1: Stick(), 2: Stick()})
        client.teleport(1, (30.0, 2.0, -8.0), heading=0.5)
        first.kill()
        second = ServerProcess(port)
        frame = client.step({1: Stick(), 2: Stick()}, dt=0.0)
        np.testing.assert_allclose(frame.root, ((30.0, -8.0, 0.5), (0.0, 0.0, 0.0)), atol=1e-4)
        assert frame.root_positions[0, 1] == pytest.approx(2.95, abs=1e-4)
    second.close()


def test_streamed_characters_walk_on_under_a_restarted_server() -> None:
    """What `move` set holds until it is set again, as the game that set it once takes for granted."""
    first = ServerProcess()
    port = int(first.endpoint.rsplit(":", 1)[1])
    with Client(first.endpoint, timeout=60) as client:
        for character in (1, 2, 3):
            client.spawn(character)
        client.subscribe(fps=60, credit=8)
        client.move({1: Stick(move=(0.0, 1.0)), 2: Stick(move=(0.0, 1.0)), 3: Stick(move=(0.0, 1.0))})
        client.move({2: Stick(move=(1.5, 0.0))})
        client.despawn(3)
        frames = client.frames()
        next(frames)
        first.kill()
        second = ServerProcess(port)
        later = [next(frames) for _ in range(40)]
        moved = later[-1].root[:, :2] - later[4].root[:, :2]
        assert moved[0] @ (0, 1) > 0.2 and moved[1] @ (1, 0) > 0.2
    second.close()


def test_several_characters_keep_their_order_and_facing(server: ServerProcess) -> None:
    with Client(server.endpoint) as client:
        for character in (5, 2, 9):
            client.spawn(character, position=(float(character), 0.0, 0.0))
        frame = client.step({9: Stick(), 5: Stick(facing=2.0), 2: Stick(style="neutral")})
        assert frame.characters == [9, 5, 2]
        np.testing.assert_allclose(frame.root_positions[:, 0], (9, 5, 2), atol=1e-5)
        assert 2 * math.asin(frame.rotations[1, 0, 1]) == pytest.approx(2.0, abs=1e-4)
        with pytest.raises(InputError, match="no style 'zombie' among neutral"):
            client.step({9: Stick(style="zombie")})


def test_stream(server: ServerProcess) -> None:
    with Client(server.endpoint) as client:
        client.spawn(1)
        client.subscribe(fps=60, credit=4)
        client.move({1: Stick(move=(0.0, 1.0))})
        for frame in client.frames():
            if frame.seq >= 30:
                client.unsubscribe()
        assert frame.root_positions[0, 2] > 0.3
        assert client.step({1: Stick()}).seq == 1


def test_the_answer_to_a_step_that_was_given_up_is_no_frame_of_a_stream(server: ServerProcess) -> None:
    with Client(server.endpoint) as client:
        for character in (1, 2):
            client.spawn(character)
        client.subscribe([1], fps=60, credit=4)
        client._send(wire.Step(seq=1000, characters=[2]))
        frames = client.frames()
        assert [next(frames).characters for _ in range(20)] == [[1]] * 20
        client.unsubscribe()


def test_generate(server: ServerProcess) -> None:
    with Client(server.endpoint) as client:
        clip = client.generate("someone walks", seconds=2.0, seed=3)
        again = client.generate("someone walks", seconds=2.0, seed=3)
        other = client.generate("someone walks", seconds=2.0, seed=4)
        assert len(clip) == 60 and clip.fps == 30
        np.testing.assert_array_equal(clip.root_positions, again.root_positions)
        assert np.abs(clip.root_positions - other.root_positions).max() > 1e-3
        with pytest.raises(ServerError, match="the model broke"):
            client.generate("please fail")
        for message in client.generating("a slow walk", seconds=30.0):
            if isinstance(message, wire.ClipChunk):
                break
        assert client.ping()[0] < 5.0  # answered while the clip of half a minute is made


def test_ping_finds_the_clocks_offset(server: ServerProcess) -> None:
    with Client(server.endpoint) as client:
        round_trip, offset = client.ping()
        assert round_trip > 0 and abs(offset) <= round_trip  # both processes read the same machine's monotonic clock


def test_a_clip_may_take_longer_than_the_time_limit(server: ServerProcess) -> None:
    """The limit is for a server that does not answer, not for one that is busy with a clip."""
    with Client(server.endpoint, timeout=1.5) as client, Client(server.endpoint) as other:
        ahead = other.generating("a slow walk", seconds=1.5)  # 0.2 s for each of 12 chunks
        next(ahead)
        assert len(client.generate("a walk", seconds=1.0)) == 30
        ahead.close()


def test_nobody_there() -> None:
    begun = time.monotonic()
    with pytest.raises(ConnectionLostError, match="motionwire serve"):
        Client("tcp://127.0.0.1:9", timeout=0.4)
    assert time.monotonic() - begun < 30


def test_not_an_endpoint() -> None:
    with pytest.raises(InputError, match="not an endpoint"):
        Client("localhost")


def test_a_crowd_is_back_after_a_restart_where_it_was(tmp_path: Path) -> None:
    """More than are spawned at once, stepped in several groups, on a server that takes its leave and asks for a token."""
    config = tmp_path / "serve.toml"
    config.write_text('token = "swordfish"\n', encoding="utf-8")
    server = ServerProcess(config=config)
    port = int(server.endpoint.rsplit(":", 1)[1])
    walking = np.array([[0.0, 1.5, np.nan, 0.0]], np.float32)
    with Client(server.endpoint, token="swordfish", timeout=60.0) as client:
        for character in range(300):
            client.spawn(character, position=(float(character), 0.25, 0.0), heading=0.5)
        crowds = [Crowd(list(range(first, 300, 3)), np.repeat(walking, 100, axis=0)) for first in range(3)]
        for _ in range(20):
            before = [client.step(crowd) for crowd in crowds]
        key = client.welcome.session
        server.close()
        server = ServerProcess(port, config)
        try:
            after = [client.step(crowd) for crowd in crowds]
            assert client.welcome.session != key
            for crowd, then, now in zip(crowds, before, after, strict=True):
                assert now.characters == crowd.characters
                np.testing.assert_allclose(now.root, then.root + np.array([0, 1.5 / 60, 0]), atol=1e-3)
                np.testing.assert_allclose(now.root_positions[:, 1], 0.95 + 0.25, atol=1e-4)
        finally:
            server.close()


def test_a_number_used_again_is_restored_at_its_new_place() -> None:
    server = ServerProcess()
    port = int(server.endpoint.rsplit(":", 1)[1])
    with Client(server.endpoint, timeout=60.0) as client:
        client.spawn(1, position=(5.0, 0.0, 0.0))
        client.spawn(2, position=(-5.0, 0.0, 0.0))
        client.step({1: Stick(), 2: Stick()})
        client.despawn(1)
        client.spawn(1, position=(7.0, 0.0, 0.0))
        server.kill()
        server = ServerProcess(port)
        try:
            np.testing.assert_allclose(client.step({1: Stick(), 2: Stick()}).root_positions[:, 0], (7.0, -5.0), atol=1e-4)
        finally:
            server.close()


def test_frames_of_before_do_not_count_for_a_number_used_again() -> None:
    """Those that a stream has sent of it and nobody has taken yet."""
    server = ServerProcess()
    port = int(server.endpoint.rsplit(":", 1)[1])
    with Client(server.endpoint, timeout=60.0) as client:
        client.spawn(1, position=(5.0, 0.0, 0.0))
        client.subscribe(fps=60, credit=2)
        while len(client._poses) < 2:
            client.ping()
        client.despawn(1)
        client.spawn(1, position=(7.0, 0.0, 0.0))
        server.process.send_signal(signal.SIGSTOP)
        frames = client.frames()
        assert [next(frames).root[0, 0] for _ in range(2)] == [5.0, 5.0]
        server.kill()
        server = ServerProcess(port)
        try:
            assert next(frames).root[0, 0] == pytest.approx(7.0, abs=1e-4)
        finally:
            server.close()


def test_what_was_asked_as_the_connection_broke_is_asked_again(server: ServerProcess) -> None:
    """A spawn and a despawn that the server has carried out, and whose answers were lost."""
    with Client(server.endpoint) as client:
        for character in (1, 2):
            client.spawn(character)
        client._send(wire.Despawn(character=2))
        client._send(wire.Spawn(character=3))
        client.ping()
        client._socket.disconnect(server.endpoint)
        time.sleep(0.3)
        client._socket.connect(server.endpoint)
        client.spawn(3, position=(4.0, 0.0, 0.0))
        assert client.welcome.resumed and set(client.welcome.characters) == {1, 3}
        assert client.step({1: Stick(), 3: Stick()}).root[1, 0] == pytest.approx(4.0, abs=1e-4)
        client.despawn(2)


def test_a_sentence_asked_for_as_the_connection_broke_is_acted_once(server: ServerProcess) -> None:
    with Client(server.endpoint) as client:
        client.spawn(1)
        client._send(wire.Act(character=1, text="wave", seconds=0.5, queue=True, ref=client._last_ref + 1))
        client.ping()
        client._socket.disconnect(server.endpoint)
        time.sleep(0.3)
        client._socket.connect(server.endpoint)
        ref = client.act(1, "wave", seconds=0.5, queue=True)
        assert client.welcome.resumed
        last = client.act(1, "jump", seconds=0.5, queue=True)
        told: list[tuple[str, int]] = []
        while told[-1:] != [("act_end", last)]:
            told += [(event.kind, event.ref) for event in client.step({1: Stick()}).events if event.kind.startswith("act")]
        assert told == [("act_begin", ref), ("act_end", ref), ("act_begin", last), ("act_end", last)]


def test_debug_brings_what_the_network_thought(server: ServerProcess) -> None:
    with Client(server.endpoint) as client:
        client.spawn(1)
        assert client.step({1: Stick()}).debug is None
        heights = np.full((1, 12), 0.5, np.float32)
        debug = client.step(Crowd([1], np.array([[0, 1, np.nan, 0]], np.float32), heights=heights), debug=True).debug
        assert debug is not None and debug.predicted.shape == (1, 6, 4) and debug.rotations.shape == (1, 22, 4)
        np.testing.assert_allclose(debug.desired[0, :, 3], 0.5)  # the fake's way to say what it was told


def test_a_stream_goes_on_over_a_new_connection(server: ServerProcess) -> None:
    """What was sent to the lost connection took its credit with it."""
    with Client(server.endpoint) as client:
        client.spawn(1)
        client.subscribe(fps=60, credit=4)
        frames = client.frames()
        first = next(frames)
        client._socket.disconnect(server.endpoint)
        time.sleep(0.3)
        client._socket.connect(server.endpoint)
        later = [next(frames) for _ in range(12)]
        assert later[-1].ts > first.ts and later[-1].characters == [1]
        assert len(client.welcome.characters) == 1 and client.welcome.resumed


def test_a_stream_goes_on_with_those_that_are_left(server: ServerProcess) -> None:
    """A server that was restarted knows nobody who was despawned before, and refuses who lists them."""
    with Client(server.endpoint, timeout=60) as client:
        for character in (1, 2):
            client.spawn(character)
        client.subscribe([1, 2], fps=60, credit=4)
        frames = client.frames()
        next(frames)
        client.despawn(2)
        client._send(wire.Bye())  # what follows is as with a server that has forgotten all
        assert [next(frames).characters for _ in range(12)][-1] == [1]
        client.despawn(1)
        client._send(wire.Bye())
        assert all(frame.characters in ([1], []) for frame in frames)  # and it ends
        client.spawn(3)
        assert client.step({3: Stick()}).characters == [3]


def test_a_stream_that_takes_anothers_place_has_its_own_credit(server: ServerProcess) -> None:
    with Client(server.endpoint) as client:
        client.spawn(1)
        for _ in range(4):
            client.subscribe([1], fps=240, credit=4)
            time.sleep(0.2)
            client.ping()
        assert len(client._poses) <= 4
        frames = client.frames()
        for _ in range(12):
            next(frames)
        time.sleep(0.2)
        client.ping()
        assert len(client._poses) <= 4


def test_a_subscription_that_is_refused_changes_nothing(server: ServerProcess) -> None:
    with Client(server.endpoint) as client:
        client.spawn(1)
        client.subscribe([1], fps=60, credit=4)
        with pytest.raises(ServerError, match="unknown_character"):
            client.subscribe([7])
        frames = client.frames()
        assert [next(frames).characters for _ in range(6)] == [[1]] * 6


def test_the_input_of_who_is_gone_fails_no_other_call(server: ServerProcess) -> None:
    with Client(server.endpoint) as client:
        client.spawn(1)
        client.move({99: Stick(move=(0.0, 1.0))})
        assert client.step({1: Stick()}).characters == [1]
        assert client.ping()[0] < 5


def test_a_server_on_the_sixth_protocol(tmp_path: Path) -> None:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            pass
    except OSError:
        pytest.skip("this machine has no ::1")
    config = tmp_path / "serve.toml"
    config.write_text('host = "::1"\n', encoding="utf-8")
    server = ServerProcess(config=config)
    try:
        assert "[::1]" in server.endpoint
        with Client(server.endpoint) as client:
            client.spawn(1)
    finally:
        server.close()


def test_a_clip_lost_with_its_server_is_an_error_not_a_hang() -> None:
    server = ServerProcess()
    port = int(server.endpoint.rsplit(":", 1)[1])
    with Client(server.endpoint, timeout=60.0) as client:
        messages = client.generating("a slow walk", seconds=30.0)
        assert not isinstance(next(messages), wire.ClipChunk)
        server.kill()
        server = ServerProcess(port)
        try:
            with pytest.raises(ServerError, match="connection was lost"):
                list(messages)
            assert len(client.generate("a walk", seconds=1.0)) == 30
        finally:
            server.close()


def test_a_stopped_server_is_an_error_not_a_hang() -> None:
    server = ServerProcess()
    client = Client(server.endpoint)
    client.spawn(1)
    server.close()
    client.timeout = 0.5
    with pytest.raises(ConnectionLostError, match="no answer"):
        client.step({1: Stick()})
    client.close()
