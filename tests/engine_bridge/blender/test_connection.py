"""The add-on's client against a real server of its own process: hello with a token, clips, poses, breaks, and peers that are none."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from motionwire.motion.axes import engine_axes
from motionwire.motion.skeleton import PARENTS
from server_process import ServerProcess

GOLDEN = Path(__file__).resolve().parents[3] / "engine_bridge" / "protocol" / "golden"
TOKEN = "a token of this test, long enough"
Plain = Callable[[str], Any]


def until(true: Callable[[], Any], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    server = ServerProcess()
    yield server
    server.close()


@pytest.fixture
def connect(plain: Plain) -> Iterator[Callable[..., Any]]:
    made = []

    def connect(endpoint: str | int, token: str = "") -> Any:
        port = endpoint if isinstance(endpoint, int) else int(endpoint.rsplit(":", 1)[1])
        made.append(plain("wire.connection").Connection("127.0.0.1", port, token))
        return made[-1]

    yield connect
    for connection in made:
        connection.close()


def takes_of(connection: Any, plain: Plain, **asked: Any) -> Any:
    until(lambda: connection.state == "open")
    return plain("wire.takes").Takes(connection, **{"text": "walk", "frames": 30, "seed": 5, "count": 1, "first_request": 1, **asked})


def pump(connection: Any, takes: Any) -> bool:
    for message in connection.messages():
        takes.handle(message)
    return takes.over


def test_clips(server: ServerProcess, connect: Callable[..., Any], plain: Plain) -> None:
    connection = connect(server.endpoint)
    takes = takes_of(connection, plain, count=3)
    until(lambda: pump(connection, takes))
    assert [take.state for take in takes.takes] == ["done"] * 3 and [take.seed for take in takes.takes] == [5, 6, 7]
    roots, rotations = takes.takes[0].frames()
    assert roots.shape == (30, 3) and rotations.shape == (30, 22, 4) and takes.progress == 1.0


def test_cancelled(server: ServerProcess, connect: Callable[..., Any], plain: Plain) -> None:
    connection = connect(server.endpoint)
    takes = takes_of(connection, plain, text="slow", frames=600)
    until(lambda: pump(connection, takes) or takes.takes[0].made)
    takes.cancel()
    until(lambda: pump(connection, takes))
    assert takes.takes[0].state == "cancelled"


def test_refused_sentence(server: ServerProcess, connect: Callable[..., Any], plain: Plain) -> None:
    connection = connect(server.endpoint)
    takes = takes_of(connection, plain, text="x" * 600)
    until(lambda: pump(connection, takes))
    assert takes.takes[0].state == "failed" and takes.takes[0].problem


def test_poses(server: ServerProcess, connect: Callable[..., Any], plain: Plain) -> None:
    connection = connect(server.endpoint)
    until(lambda: connection.state == "open")
    connection.send(t="spawn", character=4)
    connection.send(t="subscribe", characters=[4], fps=60.0, credit=100)
    connection.send(t="input", characters=[4], input=struct.pack("<4f", 0, 1, float("nan"), 0))
    places = []

    def look() -> bool:
        pose = connection.latest_pose()
        if pose is not None:
            places.append(plain("wire.takes").pose_frame(pose)[0])
        return len(places) > 20

    until(look)
    assert places[-1][2] > places[0][2]


def test_token(tmp_path: Path, connect: Callable[..., Any]) -> None:
    config = tmp_path / "serve.toml"
    config.write_text(f'token = "{TOKEN}"\n')
    server = ServerProcess(config=config)
    try:
        right, wrong, none = connect(server.endpoint, TOKEN), connect(server.endpoint, "another"), connect(server.endpoint)
        until(lambda: right.state == "open" and wrong.state == none.state == "refused")
        assert "token" in none.problem and "refuse" in wrong.problem
    finally:
        server.close()


def test_proofs(plain: Plain) -> None:
    connection = plain("wire.connection")
    for case in json.loads((GOLDEN / "messages.json").read_text(encoding="utf-8"))["proofs"]:
        assert connection.proof_of(case["token"], bytes.fromhex(case["nonce"])).hex() == case["proof"]


def test_comes_back(connect: Callable[..., Any], plain: Plain) -> None:
    """The server is killed while it makes a clip and started again: the clip failed, the session is a new one."""
    server = ServerProcess()
    port = int(server.endpoint.rsplit(":", 1)[1])
    connection = connect(port)
    takes = takes_of(connection, plain, text="slow", frames=600)
    until(lambda: pump(connection, takes) or takes.takes[0].made)
    server.kill()
    until(lambda: pump(connection, takes))
    assert takes.takes[0].state == "failed" and "lost" in takes.takes[0].problem
    until(lambda: "motionwire serve" in connection.problem)
    again = ServerProcess(port)
    try:
        until(lambda: connection.state == "open")
        assert {"t": "opened", "resumed": False} in connection.messages()
    finally:
        again.close()


def test_nobody_there(connect: Callable[..., Any]) -> None:
    connection = connect(1)
    until(lambda: "motionwire serve" in connection.problem)
    assert connection.state == "connecting" and not connection.send(t="ping")


@pytest.mark.parametrize(
    "says", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 64, b"\xff" + bytes(8) + b"\x7f\x03\x00CURVE".ljust(55, b"\0")]
)
def test_peers_that_are_none(says: bytes, connect: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=lambda: listener.accept()[0].sendall(says), daemon=True).start()
        connection = connect(listener.getsockname()[1])
        until(lambda: connection.state == "refused")
        assert connection.problem


def test_closing_does_not_hang(server: ServerProcess, connect: Callable[..., Any]) -> None:
    connection = connect(server.endpoint)
    until(lambda: connection.state == "open")
    began = time.monotonic()
    connection.close()
    assert time.monotonic() - began < 1.5
    until(lambda: connection.state == "closed")


def test_golden_session(plain: Plain) -> None:
    """Ten recorded seconds: each joint where the file has it, by this client's decoder and this test's own kinematics."""
    data, messages = (GOLDEN / "session.bin").read_bytes(), []
    while data:
        size = 4 + struct.unpack_from("<I", data)[0]
        messages.append(plain("wire.msgpack").unpack(data[4:size]))
        data = data[size:]
    takes = plain("wire.takes")
    offsets = takes.rest_offsets(messages[0]["skeleton"])
    frames = [takes.pose_frame(message) for message in messages if message["t"] == "pose"]
    expected = np.load(GOLDEN / "session_joints.npy", allow_pickle=False)
    places = [np.array([root for root, _ in frames])]
    turns = [Rotation.from_quat([rotations[0] for _, rotations in frames])]
    for joint, parent in enumerate(PARENTS[1:], start=1):
        places.append(places[parent] + turns[parent].apply(offsets[joint]))
        turns.append(turns[parent] * Rotation.from_quat([rotations[joint] for _, rotations in frames]))
    np.testing.assert_allclose(np.stack(places, axis=1), expected, atol=1e-4, rtol=0)


def test_golden_axes() -> None:
    """The reference character's axes are those of the file."""
    axes = json.loads((GOLDEN / "axes.json").read_text(encoding="utf-8"))
    to_blender = np.array(((1, 0, 0), (0, 0, -1), (0, 1, 0)))
    np.testing.assert_allclose(np.array(axes["canonical"]["positions"]) @ to_blender.T, axes["engines"]["blender"]["positions"], atol=1e-6)
    np.testing.assert_allclose(engine_axes("blender").positions(np.eye(3, dtype=np.float32)), to_blender.T, atol=0)
