"""The golden session: an independent decoder and independent kinematics find the joints of session_joints.npy; what happens in it."""

import struct
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
from scipy.spatial.transform import Rotation

from motionwire.server import messages as wire

GOLDEN = Path(__file__).resolve().parents[2] / "engine_bridge" / "protocol" / "golden"


def _raw_messages() -> list[bytes]:
    data = (GOLDEN / "session.bin").read_bytes()
    messages, at = [], 0
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at)
        messages.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    assert at == len(data)
    return messages


MESSAGES: list[dict[str, Any]] = [msgpack.unpackb(message) for message in _raw_messages()]
POSES = [message for message in MESSAGES if message["t"] == "pose"]


def test_joints_are_where_the_file_says() -> None:
    bones = MESSAGES[0]["skeleton"]
    offsets = np.frombuffer(bones["offsets"], "<f4").reshape(-1, 3)
    rows = np.stack([np.frombuffer(pose["data"], "<f4") for pose in POSES])
    positions = [rows[:, :3]]
    turns = [Rotation.from_quat(rows[:, 3:7])]
    for joint, parent in enumerate(bones["parents"][1:], 1):
        positions.append(positions[parent] + turns[parent].apply(offsets[joint]))
        turns.append(turns[parent] * Rotation.from_quat(rows[:, 3 + 4 * joint : 7 + 4 * joint]))
    with (GOLDEN / "session_joints.npy").open("rb") as file:
        assert np.lib.format.read_magic(file) == (1, 0)
    expected = np.load(GOLDEN / "session_joints.npy", allow_pickle=False)
    assert expected.dtype == np.dtype("<f4") and expected.shape == (600, 22, 3)
    np.testing.assert_allclose(np.stack(positions, axis=1), expected, atol=1e-4, rtol=0)


def test_every_message_is_one_of_the_protocol() -> None:
    replies = [wire.decode_reply(message) for message in _raw_messages()]
    assert [wire.type_of(reply) for reply in replies if not isinstance(reply, wire.Pose)] == ["welcome", "accepted", "accepted"]
    assert [pose["seq"] for pose in POSES] == list(range(1, 601))


def test_it_walks_turns_runs_stops_and_acts() -> None:
    roots = np.stack([np.frombuffer(pose["root"], "<f4") for pose in POSES])
    speeds = np.linalg.norm(np.diff(roots[:, :2], axis=0), axis=1) * 60
    assert 1.0 < speeds[60:170].mean() < 1.6
    assert speeds[220:270].mean() > 2.5
    assert speeds[310:330].mean() < 0.3
    assert abs(np.unwrap(roots[:, 2])[180] - np.unwrap(roots[:, 2])[90]) > 1.0
    acting = [pose["acting"] == b"\x01" for pose in POSES]
    assert sum(acting) > 100
    kinds = {event["kind"] for pose in POSES for event in pose["events"]}
    assert {"footstep", "act_begin", "act_end"} <= kinds
