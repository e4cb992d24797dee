"""The server as a process of its own, spoken to by bare sockets: answers, refusals, and that nothing ends it."""

import struct
import time
from collections.abc import Callable

import msgpack
import numpy as np
import pytest

from motionwire.server.messages import MINOR
from server_process import Raw, ServerProcess

Connect = Callable[[ServerProcess], Raw]


def walk(*characters: int, z: float = 1.5) -> bytes:
    return struct.pack("<4f", 0.0, z, float("nan"), 0.0) * len(characters)


def test_hello_spawn_step(server: ServerProcess, raw: Connect) -> None:
    client = raw(server)
    welcome = client.hello(ref=5)
    assert welcome["t"] == "welcome" and welcome["ref"] == 5 and not welcome["resumed"]
    assert len(welcome["skeleton"]["names"]) == 22 and len(welcome["skeleton"]["offsets"]) == 22 * 3 * 4
    assert client.ask(t="spawn", character=3, transform=[1.0, 0.25, -2.0, 0.0], ref=6) == {"t": "accepted", "v": 1, "of": "spawn", "ref": 6}
    for seq in range(1, 61):
        pose = client.ask(t="step", seq=seq, characters=[3], input=walk(3), dt=1 / 60)
        assert pose["t"] == "pose" and pose["seq"] == seq and pose["characters"] == [3]
    data = np.frombuffer(pose["data"], "<f4")
    assert data.shape == (3 + 22 * 4,)
    np.testing.assert_allclose(data[:3], (1.0, 0.95 + 0.25, -2.0 + 1.5), atol=1e-4)
    np.testing.assert_allclose(np.frombuffer(pose["root"], "<f4"), (1.0, -2.0 + 1.5, 0.0), atol=1e-4)
    assert client.ask(t="despawn", character=3, ref=7)["of"] == "despawn"
    assert client.ask(t="bye")["t"] == "bye"
    assert client.ask(t="ping", time=1.0)["code"] == "no_session"


def test_one_message_moves_many_and_footsteps_are_told(server: ServerProcess, raw: Connect) -> None:
    client = raw(server)
    client.hello()
    ids = [10, 4, 7]
    for place, character in enumerate(ids):
        client.ask(t="spawn", character=character, transform=[float(place), 0.0, 0.0, 0.0])
    feet = set()
    for seq in range(150):
        pose = client.ask(t="step", seq=seq, characters=ids, input=walk(*ids), dt=1 / 60)
        feet |= {(event["character"], event["foot"]) for event in pose["events"] if event["kind"] == "footstep"}
    roots = np.frombuffer(pose["data"], "<f4").reshape(3, -1)[:, :3]
    np.testing.assert_allclose(roots[:, 0], (0, 1, 2), atol=1e-4)
    assert feet == {(character, foot) for character in ids for foot in (0, 1)}


FAR = struct.pack("<f", 2e6)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"t": "step", "seq": 1, "characters": [1], "heights": b"\0" * 47}, "bad_message"),
        ({"t": "step", "seq": 1, "characters": [1], "heights": FAR * 12}, "bad_message"),
        ({"t": "step", "seq": 1, "characters": [1], "path": FAR * 12}, "bad_message"),
        ({"t": "step", "seq": 1, "characters": [], "path": b"\0" * 48}, "bad_message"),
        ({"t": "step", "seq": 1, "characters": [1], "debug": 1}, "bad_message"),
        ({"t": "step", "seq": 1, "characters": [99]}, "unknown_character"),
        ({"t": "step", "seq": 1, "characters": [1, 1]}, "bad_message"),
        ({"t": "step", "seq": 1, "characters": [1], "input": b"123"}, "bad_message"),
        ({"t": "step", "seq": 1, "characters": [1], "input": struct.pack("<4f", float("inf"), 0, 0, 0)}, "bad_message"),
        ({"t": "step", "seq": 1, "characters": [1], "input": struct.pack("<4f", 0, 0, 0, 9)}, "bad_message"),
        ({"t": "step", "seq": 1, "characters": [1], "dt": float("nan")}, "bad_message"),
        ({"t": "step", "seq": 1, "characters": [1], "dt": -0.1}, "bad_message"),
        ({"t": "spawn", "character": 1}, "character_exists"),
        ({"t": "spawn", "character": 2, "model": "../../etc/passwd"}, "unknown_model"),
        ({"t": "spawn", "character": 2, "transform": [float("nan"), 0, 0, 0]}, "bad_message"),
        ({"t": "despawn", "character": 2}, "unknown_character"),
        ({"t": "teleport", "character": 2, "transform": [0, 0, 0, 0]}, "unknown_character"),
        ({"t": "teleport", "character": 1, "transform": [0, float("nan"), 0, 0]}, "bad_message"),
        ({"t": "teleport", "character": 1, "transform": [0, 0, 0, float("inf")]}, "bad_message"),
        ({"t": "teleport", "character": 1, "transform": [0, 0, -100_001.0, 0]}, "bad_message"),
        ({"t": "teleport", "character": 1, "transform": [0, 0, 0]}, "bad_message"),
        ({"t": "teleport", "character": 1}, "bad_message"),
        ({"t": "act", "character": 1, "text": "  "}, "bad_message"),
        ({"t": "act", "character": 5, "text": "walk"}, "unknown_character"),
        ({"t": "credit", "n": 1}, "not_subscribed"),
        ({"t": "cancel", "request": 3}, "unknown_request"),
        ({"t": "subscribe", "characters": [8]}, "unknown_character"),
        ({"t": "welcome"}, "unknown_type"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["t"],
)
def test_refusals(server: ServerProcess, raw: Connect, message: dict, code: str) -> None:
    client = raw(server)
    client.hello()
    client.ask(t="spawn", character=1)
    answer = client.ask(**message)
    assert answer["t"] == "error" and answer["code"] == code and answer["message"]
    assert client.ask(t="step", seq=2, characters=[1])["t"] == "pose"


def test_ground_walls_and_debug(server: ServerProcess, raw: Connect) -> None:
    """What the game knows reaches each character, holds, and what the network thought comes back only when asked for."""
    client = raw(server)
    client.hello()
    for character, ground in ((1, 0.0), (2, 0.5)):
        client.ask(t="spawn", character=character, transform=[0.0, ground, 0.0, 0.0])
    nothing = struct.pack("<12f", *[float("nan")] * 12)
    heights = struct.pack("<12f", *[1.5] * 12)
    wall = struct.pack("<12f", 7.0, 3.0, *[float("nan")] * 10)
    pose = client.ask(t="step", seq=1, characters=[2, 1], input=walk(2, 1), heights=heights + nothing, path=nothing + wall, debug=True)
    assert len(pose["desired"]) == 2 * 12 * 4 * 4 and len(pose["predicted"]) == 2 * 6 * 4 * 4
    told = np.frombuffer(pose["desired"], "<f4").reshape(2, 12, 4)[..., 3]
    np.testing.assert_allclose(told, np.repeat([[1.0], [0.0]], 12, axis=1))  # over the ground where it was spawned
    places = np.frombuffer(pose["root"], "<f4").reshape(2, 3)
    np.testing.assert_allclose(places[1, :2], (7.0, 3.0), atol=1e-5)
    shown, own = (np.frombuffer(pose[key], "<f4").reshape(2, -1)[:, :3] for key in ("data", "raw"))
    np.testing.assert_allclose(own - shown, 0.125, atol=1e-5)
    pose = client.ask(t="step", seq=2, characters=[1], dt=1 / 60)  # both hold
    assert not {"desired", "predicted", "raw"} & pose.keys()
    np.testing.assert_allclose(np.frombuffer(pose["root"], "<f4")[:2], (7.0, 3.0), atol=1e-5)
    pose = client.ask(t="step", seq=3, characters=[1], path=nothing)
    assert np.frombuffer(pose["root"], "<f4")[1] > 3.0
    client.ask(t="subscribe", characters=[1], credit=1, debug=True)
    streamed = client.receive()
    assert streamed["stream"] and len(streamed["raw"]) == len(streamed["data"])


def test_teleport(server: ServerProcess, raw: Connect) -> None:
    """Also of who is told a path and heights, and again after another connection."""
    client = raw(server)
    welcome = client.hello()
    for character in (1, 2):
        client.ask(t="spawn", character=character)
    heights, wall = struct.pack("<12f", *[1.5] * 12), struct.pack("<12f", 7.0, 3.0, *[float("nan")] * 10)
    client.ask(t="step", seq=1, characters=[1], input=walk(1), heights=heights, path=wall)
    message = {"t": "teleport", "character": 1, "transform": [100.0, 2.0, -50.0, 0.0], "ref": 9}
    for other in (client, raw(server)):
        if other is not client:
            assert other.hello(session=welcome["session"])["resumed"]
        assert other.ask(**message) == {"t": "accepted", "v": 1, "of": "teleport", "ref": 9}
        pose = other.ask(t="step", seq=2, characters=[1, 2], dt=1 / 60, debug=True)
        np.testing.assert_allclose(np.frombuffer(pose["root"], "<f4")[:3], (100.0, -50.0 + 1.5 / 60, 0.0), atol=1e-4)
        np.testing.assert_allclose(np.frombuffer(pose["root_delta"], "<f4"), (0, 1.5 / 60, 0, 0, 0, 0), atol=1e-4)
        assert np.frombuffer(pose["data"], "<f4")[1] == pytest.approx(2.95, abs=1e-4) and pose["events"] == []
        assert not np.frombuffer(pose["desired"], "<f4").reshape(2, 12, 4)[0, :, 3].any()  # as which this controller tells the heights


def test_frames_of_a_stream_before_its_answer_show_the_old_place(server: ServerProcess, raw: Connect) -> None:
    client = raw(server)
    client.hello()
    client.ask(t="spawn", character=1)
    client.ask(t="subscribe", fps=240, credit=1000)
    client.send({"t": "input", "v": 1, "characters": [1], "input": walk(1)})
    for place in (50.0, -50.0, 50.0):
        for _ in range(10):
            before = client.receive()
        client.send({"t": "teleport", "v": 1, "character": 1, "transform": [place, 0.0, 0.0, 0.0]})
        while (message := client.receive())["t"] == "pose":
            before = message
        assert message["of"] == "teleport"
        after = client.receive()
        x, _, _ = np.frombuffer(before["root"], "<f4")
        there, ahead, _ = np.frombuffer(after["root"], "<f4")
        assert abs(x - place) > 40 and there == pytest.approx(place, abs=1e-4) and ahead < 0.1
        assert np.abs(np.frombuffer(after["root_delta"], "<f4")).max() < 0.1


def test_a_step_of_nobody(server: ServerProcess, raw: Connect) -> None:
    client = raw(server)
    client.hello()
    pose = client.ask(t="step", seq=3, characters=[])
    assert pose["t"] == "pose" and pose["count"] == 0 and pose["data"] == b"" and "raw" not in pose


def test_debug_of_nobody_before_anybody_was_there(raw: Connect) -> None:
    fresh = ServerProcess()
    try:
        client = raw(fresh)
        client.hello()
        pose = client.ask(t="step", seq=3, characters=[], debug=True)
        assert pose["t"] == "pose" and pose["seq"] == 3 and not {"desired", "predicted", "raw"} & pose.keys()
        client.ask(t="subscribe", credit=2, debug=True)
        assert [client.receive()["count"] for _ in range(2)] == [0, 0]
    finally:
        fresh.close()


def test_a_minor_version_is_not_negative(server: ServerProcess, raw: Connect) -> None:
    assert raw(server).hello(minor=-1, ref=3)["code"] == "bad_message"


def test_newer_minor_is_welcome(server: ServerProcess, raw: Connect) -> None:
    answer = raw(server).hello(minor=99, from_the_future={"nested": [1, 2]})
    assert answer["t"] == "welcome" and answer["minor"] == MINOR


def test_a_hello_sent_twice_opens_one_session(server: ServerProcess, raw: Connect) -> None:
    client = raw(server)
    first = client.hello(ref=4)
    client.ask(t="spawn", character=1)
    again = client.hello(ref=4)
    assert again["session"] == first["session"] and again["characters"] == [1] and not again["resumed"]
    for fields in ({"ref": 5}, {}):
        other = client.hello(**fields)
        assert other["session"] != first["session"] and other["characters"] == []
        first = other


def test_multipart_is_refused(server: ServerProcess, raw: Connect) -> None:
    client = raw(server)
    for _ in range(2):
        client.socket.send_multipart([msgpack.packb({"t": "ping"})] * 3)
        refused = client.receive()
        assert refused["code"] == "bad_message" and "not 3" in refused["message"]
    assert client.hello()["t"] == "welcome"  # the answer to the message after


def test_steps_of_several_clients_are_answered_together(server: ServerProcess, raw: Connect) -> None:
    clients = [raw(server) for _ in range(3)]
    for client in clients:
        client.hello()
        client.ask(t="spawn", character=1)
    for seq in range(30):
        for client in clients:
            client.send({"t": "step", "v": 1, "seq": seq, "characters": [1], "input": walk(1)})
        for client in clients:
            assert client.receive()["seq"] == seq


def test_pipelined_steps_keep_their_order(server: ServerProcess, raw: Connect) -> None:
    client = raw(server)
    client.hello()
    client.ask(t="spawn", character=1)
    for seq in range(50):
        client.send({"t": "step", "v": 1, "seq": seq, "characters": [1], "input": walk(1)})
    client.send({"t": "despawn", "v": 1, "character": 1, "ref": 8})
    depths = []
    for seq in range(50):
        pose = client.receive()
        assert pose["seq"] == seq
        depths.append(np.frombuffer(pose["data"], "<f4")[2])
    assert (np.diff(depths) > 0).all()
    assert client.receive() == {"t": "accepted", "v": 1, "of": "despawn", "ref": 8}


def test_stream_respects_credit(server: ServerProcess, raw: Connect) -> None:
    client = raw(server)
    client.hello()
    client.ask(t="spawn", character=1)
    assert client.ask(t="subscribe", fps=60.0, credit=3)["t"] == "accepted"
    client.send({"t": "input", "v": 1, "characters": [1], "input": walk(1)})
    poses = [client.receive() for _ in range(3)]
    assert all(pose["stream"] for pose in poses)
    assert not client.socket.poll(300)  # the credit is used up
    assert client.ask(t="step", seq=1, characters=[1])["code"] == "streamed"
    client.send({"t": "credit", "v": 1, "n": 1})
    fresh = client.receive()
    assert fresh["seq"] - poses[-1]["seq"] > 10  # frames were dropped, not queued
    travelled = np.frombuffer(fresh["data"], "<f4")[2] - np.frombuffer(poses[-1]["data"], "<f4")[2]
    assert travelled == pytest.approx(1.5 * (fresh["ts"] - poses[-1]["ts"]), abs=0.2)  # and the character went on
    steps = [event for event in fresh["events"] if event["kind"] == "footstep"]
    assert steps or fresh["seq"] < 60
    whens = [fresh["ts"] - event.get("ago", 0.0) for event in steps]
    assert whens == sorted(whens) and all(poses[-1]["ts"] - 0.05 < when <= fresh["ts"] for when in whens)
    assert len(steps) < 2 or whens[-1] - whens[0] > 0.1  # the one long ago, the other now
    assert client.ask(t="unsubscribe", ref=4)["ref"] == 4
    assert client.ask(t="step", seq=2, characters=[1])["seq"] == 2


def test_generate_and_cancel(server: ServerProcess, raw: Connect) -> None:
    client = raw(server)
    client.hello()
    client.send({"t": "generate", "v": 1, "request": 4, "text": "a slow walk", "frames": 300})
    client.send({"t": "generate", "v": 1, "request": 5, "text": "a walk", "frames": 58})
    client.send({"t": "generate", "v": 1, "request": 5, "text": "again", "frames": 60})
    client.send({"t": "cancel", "v": 1, "request": 4})
    seen: dict[int, list[dict]] = {4: [], 5: []}
    refused = None
    while not seen[5] or seen[5][-1]["t"] != "clip_end" or not seen[4] or seen[4][-1]["t"] != "clip_end":
        message = client.receive()
        if message["t"] == "error":
            refused = message
        elif message["t"] != "accepted":
            seen[message["request"]].append(message)
    assert refused is not None and refused["code"] == "request_exists"
    assert seen[4][-1]["cancelled"] and seen[4][-1]["frames"] < 300
    chunks = [message for message in seen[5] if message["t"] == "clip_chunk"]
    assert [chunk["first"] for chunk in chunks] == list(range(0, 58, 4)) and chunks[-1]["frames"] == 2
    assert seen[5][-1] == {"t": "clip_end", "v": 1, "request": 5, "frames": 58, "cancelled": False}
    assert next(m["t"] for m in seen[5] if m["t"] != "progress") == "clip_begin"


def test_failing_generation_is_an_error(server: ServerProcess, raw: Connect) -> None:
    client = raw(server)
    client.hello()
    for text, reason in (("please fail", "RuntimeError"), ("give nan", "NaN"), ("refuse", "no words")):
        client.send({"t": "generate", "v": 1, "request": 1, "text": text})
        message = client.receive()
        while message["t"] != "error":
            assert message["t"] in ("accepted", "progress", "clip_begin", "clip_chunk")
            message = client.receive()
        assert message["code"] == "generation_failed" and reason in message["message"] and message["ref"] == 1


def test_resume_on_a_new_connection(server: ServerProcess, raw: Connect) -> None:
    first = raw(server)
    key = first.hello()["session"]
    first.ask(t="spawn", character=9, transform=[2.0, 0, 0, 0])
    first.close()
    second = raw(server)
    welcome = second.hello(session=key)
    assert welcome["resumed"] and welcome["session"] == key and welcome["characters"] == [9]
    assert second.ask(t="step", seq=1, characters=[9])["count"] == 1
    assert not raw(server).hello(session="wrong")["resumed"]


def test_a_stream_that_nobody_was_there_for_keeps_its_credit_and_events(server: ServerProcess, raw: Connect) -> None:
    first = raw(server)
    key = first.hello()["session"]
    first.ask(t="spawn", character=1)
    first.ask(t="subscribe", fps=60.0, credit=60)
    first.send({"t": "input", "v": 1, "characters": [1], "input": walk(1)})
    assert first.receive()["stream"]
    first.close()
    time.sleep(2.0)
    second = raw(server)
    second.send({"t": "hello", "v": 1, "proto": 1, "session": key})
    while (pose := second.receive())["t"] != "pose":
        pass
    long_ago = [event for event in pose["events"] if event["kind"] == "footstep" and event["ago"] > 0.3]
    assert len(long_ago) > 2  # three a second


def test_an_act_asked_for_again_is_acted_once(server: ServerProcess, raw: Connect) -> None:
    client = raw(server)
    client.hello()
    client.ask(t="spawn", character=1)
    for _ in range(2):
        assert client.ask(t="act", character=1, text="wave", seconds=0.5, queue=True, ref=7)["ref"] == 7
    client.ask(t="act", character=1, text="wave", seconds=0.5, queue=True, ref=8)
    told: list[tuple[str, int]] = []
    while told[-1:] != [("act_end", 8)]:
        pose = client.ask(t="step", seq=1, characters=[1])
        told += [(event["kind"], event["ref"]) for event in pose["events"] if event["kind"].startswith("act")]
    assert told == [("act_begin", 7), ("act_end", 7), ("act_begin", 8), ("act_end", 8)]
