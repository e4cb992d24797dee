"""The C# core without an engine: golden vectors, the golden session, sessions with a server; just-in-time and ahead-of-time compiled."""

import hashlib
import hmac
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest

from engine_bridge.unity.toolchain import Driven, golden, run
from motionwire.server import messages as wire
from server_process import ServerProcess

MESSAGES = json.loads(golden("messages.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    running = ServerProcess()
    yield running
    running.close()


def port_of(server: ServerProcess) -> int:
    return int(server.endpoint.rpartition(":")[2])


def test_reads_the_golden_messages(program: list[str]) -> None:
    vectors = MESSAGES["messages"]
    lines = run([*program, "decode"], "".join(vector["bytes"] + "\n" for vector in vectors)).splitlines()
    assert len(lines) == len(vectors)
    for vector, line in zip(vectors, lines, strict=True):
        assert same(json.loads(line), vector["fields"]), vector["name"]


def same(found: Any, wanted: Any) -> bool:
    """Equal; numbers up to a float32's rounding."""
    if isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(same(found[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    if isinstance(wanted, float) and not isinstance(found, bool):
        return math.isclose(found, wanted, rel_tol=1e-6)
    return type(found) is type(wanted) and found == wanted


def test_refuses_what_is_not_messagepack(jit: list[str]) -> None:
    broken = [case["bytes"] for case in MESSAGES["refused"] if case["name"] in ("nothing", "not_messagepack", "cut_off", "two_values")]
    assert len(broken) == 4
    lines = run([*jit, "decode"], "\n".join(broken) + "\n").splitlines()
    assert ["refused" in json.loads(line) for line in lines] == [True] * len(broken), lines


def test_writes_what_the_server_reads(program: list[str]) -> None:
    """Every request, from values in Unity's axes: x and turns change their sign on the way."""
    sent = {}
    for line in run([*program, "encode"]).splitlines():
        name, _, data = line.partition(" ")
        message = wire.decode_request(bytes.fromhex(data))
        assert wire.type_of(message) == name.partition("_")[0]
        sent[name] = msgpack.unpackb(bytes.fromhex(data))
    types = {struct.__struct_config__.tag for struct in wire.Request.__args__}
    assert {fields["t"] for fields in sent.values()} == types
    assert sent["spawn"]["transform"] == sent["teleport"]["transform"] == [-1, 2, 3, -0.5]
    assert (sent["spawn"]["character"], sent["spawn"]["seed"]) == (70000, 4000000000)
    proof = hmac.new(b"secret", b"motionwire-hello-1" + bytes(32), hashlib.sha256).digest()
    assert (sent["hello_proof"]["nonce"], sent["hello_proof"]["proof"], sent["hello_proof"]["session"]) == (b"\1\2", proof, "key")
    assert sent["act"]["text"] == "a person wävés"
    assert sent["generate"]["text"] == "x" * 300
    assert sent["step"]["characters"] == [1000 * i for i in range(20)]
    assert sent["step"]["seq"] == 2**33
    rows = np.frombuffer(sent["step"]["input"], "<f4").reshape(20, 4)
    np.testing.assert_array_equal(rows[0], [-1, 2, -0.5, 1])
    assert np.isnan(rows[1:, 2]).all()
    assert sent["input_heights"]["characters"] == [0, 19000]
    assert not sent["input_heights"]["input"]
    heights = np.frombuffer(sent["input_heights"]["heights"], "<f4").reshape(2, 12)
    np.testing.assert_array_equal(heights[0], np.arange(12))
    assert np.isnan(heights[1]).all()
    path = np.frombuffer(sent["input"]["path"], "<f4").reshape(20, 6, 2)
    np.testing.assert_array_equal(path[0], np.arange(12).reshape(6, 2) * [-1, 1])


def test_golden_session(program: list[str], tmp_path: Path) -> None:
    """Forward kinematics in Unity's axes and back: the joints are where Python found them."""
    run([*program, "golden", str(golden("session.bin")), str(tmp_path / "joints")])
    expected = np.load(golden("session_joints.npy"))
    found = np.fromfile(tmp_path / "joints", "<f4").reshape(expected.shape)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_survives_mutated_messages(jit: list[str]) -> None:
    """Whatever the readers meet, they refuse it with a ProtocolException or read it."""
    served = [vector["bytes"] for vector in MESSAGES["messages"] if vector["from"] == "server"]
    said = json.loads(run([*jit, "fuzz", "1500"], "\n".join(served) + "\n"))
    assert said["tried"] == 1500 * len(served)
    assert 0 < said["refused"] < said["tried"]


@pytest.mark.parametrize("characters", [1, 100])
def test_allocates_nothing_per_frame(program: list[str], server: ServerProcess, characters: int) -> None:
    said = json.loads(run([*program, "allocations", "127.0.0.1", str(port_of(server)), str(characters)]))
    assert said["frames"] == 300
    assert said["bytes"] <= 1000


@pytest.mark.parametrize("mode", ["step", "stream"])
def test_walks(program: list[str], server: ServerProcess, mode: str) -> None:
    with Driven(program, port_of(server), mode) as game:
        game.until(kind="Connected")
        game.until(event="frame")
        game.pause(1.0)
        last = game.end()
    assert last["frames"] > 20
    assert 0.3 < last["z"] < 6  # 1.3 m/s for a second or more, on a busy machine
    assert last["footsteps"] >= 1


def test_clip(program: list[str], server: ServerProcess) -> None:
    said = json.loads(run([*program, "clip", "127.0.0.1", str(port_of(server)), "a person walks"]))
    assert (said["frames"], said["fps"], said["joints"], said["problem"]) == (45, 30, 22, None)
    assert said["root_y"] > 0.5


def test_clip_that_fails(jit: list[str], server: ServerProcess) -> None:
    said = json.loads(run([*jit, "clip", "127.0.0.1", str(port_of(server)), "please fail"]))
    assert said["problem"]


def test_steps_right_after_a_pose(program: list[str], server: ServerProcess) -> None:
    """None is refused for a pose that is there already."""
    said = json.loads(run([*program, "flatout", "127.0.0.1", str(port_of(server)), "3000"]))
    assert said == {"refused": 0, "unanswered": 0}


def test_bench_prints_what_was_measured(jit: list[str], server: ServerProcess) -> None:
    said = json.loads(run([*jit, "bench", "127.0.0.1", str(port_of(server)), "3", "0", "0,1"]))
    assert [said["frames"]] == [len(trips) for trips in said["rtt_ms"]]
    assert said["frames"] + said["lost"] == 48
    assert said["bytes_allocated_per_frame"] <= 1000 / 300
