"""The C++ core on the protocol's golden vectors, which every language must reproduce."""

import json
import subprocess
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from engine_bridge.unreal.build import ROOT
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINTS, REFERENCE
from motionwire.motion.trajectory import trajectory

GOLDEN = ROOT / "engine_bridge" / "protocol" / "golden"
MESSAGES = json.loads((GOLDEN / "messages.json").read_text(encoding="utf-8"))
AXES = json.loads((GOLDEN / "axes.json").read_text(encoding="utf-8"))
NAMED_OTHERWISE = {"message": "text", "reason": "text", "request": "ref"}  # one struct reads the fields of all small messages


def console(folder: Path, *arguments: str, said: str = "") -> str:
    return subprocess.run([str(folder / "console"), *arguments], input=said, capture_output=True, text=True, check=True).stdout


def plain(value: Any) -> Any:
    """As in messages.json: bytes are {"bin": hex}."""
    if isinstance(value, bytes):
        return {"bin": value.hex()}
    return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def test_client_messages_are_the_golden_ones(sanitized: Path) -> None:
    """Whatever the order of keys and the width of numbers; keys that have defaults may be left out."""
    vectors = {vector["name"]: vector["fields"] for vector in MESSAGES["messages"]}
    lines = console(sanitized, "encode").splitlines()
    assert len(lines) == 17
    for line in lines:
        name, written = line.split()
        fields = plain(msgpack.unpackb(bytes.fromhex(written)))
        left_out = set(vectors[name]) - set(fields)
        assert not any(vectors[name][key] for key in left_out), (name, left_out)  # empty by default
        assert {**vectors[name], **fields} == vectors[name], name


def test_server_messages_are_read(sanitized: Path) -> None:
    vectors = [vector for vector in MESSAGES["messages"] if vector["from"] == "server"]
    lines = console(sanitized, "decode", said="\n".join(vector["bytes"] for vector in vectors)).splitlines()
    assert len(lines) == len(vectors)
    for line, vector in zip(lines, vectors, strict=True):
        found = json.loads(line)
        assert found is not None, vector["name"]
        for key, value in vector["fields"].items():
            known = NAMED_OTHERWISE.get(key, key)
            if key in ("v", "seed", "ahead", "total", "raw", "time", "server_time"):
                continue  # nothing that this client uses
            assert found[known] == value, (vector["name"], key)


def test_cut_off_messages_are_refused(sanitized: Path) -> None:
    pose = next(vector["bytes"] for vector in MESSAGES["messages"] if vector["name"] == "pose")
    cut = [pose[: 2 * size] for size in range(0, len(pose) // 2, 7)]
    assert set(console(sanitized, "decode", said="\n".join(cut)).splitlines()) == {"null"}


def test_axes(sanitized: Path) -> None:
    canonical, unreal = AXES["canonical"], AXES["engines"]["unreal"]
    rows = [("p", *row) for row in canonical["positions"]] + [("q", *row) for row in canonical["rotations"]]
    said = "\n".join(" ".join(map(str, row)) for row in rows)
    found = [np.array(line.split(), float) for line in console(sanitized, "axes", said=said).splitlines()]
    wanted = unreal["positions"] + unreal["rotations"]
    assert len(found) == len(wanted)
    for line, row, there in zip(found, rows, wanted, strict=True):
        np.testing.assert_allclose(line[: len(there)], there, atol=1e-5)
        np.testing.assert_allclose(line[len(there) :], row[1:], atol=1e-6)


@pytest.mark.parametrize(("frames", "fps"), [(200, 30.0), (20, 30.0), (150, 59.94), (2, 30.0), (1, 30.0)])
def test_the_root_of_a_clip(sanitized: Path, frames: int, fps: float) -> None:
    """As Python's: without the sway of the hips, through more than half a turn."""
    t = np.arange(frames) / fps
    places = np.stack((np.sin(t) + 0.05 * np.sin(9 * t), 0.94 + 0.02 * np.cos(9 * t), 1.3 * t), axis=1)
    headings = 2.5 + 0.8 * t + 0.3 * np.sin(6 * t)
    turns = Rotation.from_euler("YXZ", np.stack((headings, 0.1 * np.sin(9 * t), 0.1 * np.cos(5 * t)), axis=1)).as_quat()
    rotations = np.tile(np.array([0.0, 0.0, 0.0, 1.0], np.float32), (frames, JOINTS, 1))
    rotations[:, 0] = turns
    ground, wanted = trajectory(Clip(REFERENCE, fps, places.astype(np.float32), rotations))
    said = f"{fps} {frames}\n" + "\n".join(" ".join(map(repr, row)) for row in np.hstack((places, turns)).tolist())
    found = np.array([line.split() for line in console(sanitized, "trajectory", said=said).splitlines()], float)
    np.testing.assert_allclose(found, np.column_stack((ground, wanted)), atol=1e-5)
    if frames == 200:
        assert np.abs(found[30:-30, 2] - (2.5 + 0.8 * t[30:-30])).max() < 0.03  # of the 0.3 rad that the hips turn at each step


def test_golden_session(sanitized: Path, tmp_path: Path) -> None:
    """Ten recorded seconds: joints by forward kinematics in Unreal's axes (cm), mapped back, within 0.1 mm of Python's."""
    said = json.loads(console(sanitized, "session", str(GOLDEN / "session.bin"), str(tmp_path / "joints")))
    wanted = np.load(GOLDEN / "session_joints.npy")
    found = np.fromfile(tmp_path / "joints", "<f4").reshape(-1, 22, 3)
    assert said["poses"] == len(wanted) == len(found) and said["notices"] > 10
    assert float(np.abs(found - wanted).max()) < 1e-4
