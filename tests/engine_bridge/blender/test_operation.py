"""The add-on in use: what it tells when something is wrong, cancel, undo, other frame rates, and the live preview."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from engine_bridge.blender.blenders import PROGRAM, WHEEL, run
from motionwire.motion.axes import engine_axes
from motionwire.motion.clip import Clip
from motionwire.motion.kinematics import forward_kinematics
from motionwire.motion.resample import resample
from motionwire.motion.skeleton import JOINTS, REFERENCE
from motionwire.server.process import ServerProcess
from server_process import ServerProcess as FakeServer

TOKEN = "a token of this test, long enough"
KINDS = pytest.mark.parametrize("kind", [PROGRAM, WHEEL])


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeServer]:
    config = tmp_path / "serve.toml"
    config.write_text(f'token = "{TOKEN}"\n')
    server = FakeServer(config=config)
    yield server
    server.close()


@KINDS
def test_what_it_tells(kind: str, add_on: Path, fake: FakeServer, tmp_path: Path) -> None:
    port = int(fake.endpoint.rsplit(":", 1)[1])
    said = run(kind, "no_runtime", tmp_path, zip=str(add_on), port=port, token=TOKEN, pid=fake.process.pid)["said"]
    assert "choose an armature" in said["no armature"] and "what the character does" in said["no sentence"]
    assert said["no runtime"] == "no Motionwire runtime at 127.0.0.1:1: start it with `motionwire serve`"
    assert "refuses" in said["wrong token"] and "token: set it" in said["no token"]
    assert "lacks bones for pelvis" in said["no bones"]
    assert said["words"].startswith("Frame ")
    assert said["cancelled"] == ["cancelled", "cancelled"] and said["after cancel"] == ["", [], 0]
    assert said["removed"] == ["the armature was removed while its motion was made", 0]
    assert said["killed"] == ["the connection to the runtime was lost while the clip was made", 0]
    assert "motionwire serve" in said["afterwards"] and "motionwire serve" in said["status"]


@KINDS
def test_undo_and_another_rate(
    kind: str, add_on: Path, runtime: ServerProcess, expected: Callable[[str, float, int], Clip], tmp_path: Path
) -> None:
    text, seconds, seed = "a person walks forward and turns left", 2.0, 3
    port = int(runtime.endpoint.rsplit(":", 1)[1])
    found = run(kind, "undo_and_rates", tmp_path, zip=str(add_on), port=port, text=text, seconds=seconds, seed=seed)
    clip = resample(expected(text, seconds, seed), 24.0)
    np.testing.assert_allclose(found["places"], engine_axes("blender").positions(clip.world()[0]), atol=1e-4, rtol=0)
    said = found["said"]
    assert said["end"] == 10 + len(clip) and said["keys"] in ([len(clip)], [1, len(clip)])
    assert said["undone"] == [["before"], "before", 20] and said["redone"] == said["made"] == f"{text} #{seed}"


@KINDS
def test_mishaps(kind: str, add_on: Path, tmp_path: Path) -> None:
    fake = FakeServer()
    try:
        said = run(kind, "mishaps", tmp_path, zip=str(add_on), port=int(fake.endpoint.rsplit(":", 1)[1]))["said"]
    finally:
        fake.close()
    assert said["own action"] == [True, "by hand"]
    assert said["renamed in a job"] == ["", 1]
    assert said["renamed in a preview"] == [True, True]
    assert said["lost while idle"] == ["", 1] and said["opened while idle"] == 1
    assert said["newest last"] == said["made"]
    assert said["connected"] == "bone 'pelvis' is connected to its parent and cannot move: disconnect it in the armature's edit mode"
    assert said["disabled"] == [True, True, True]


@KINDS
def test_live(kind: str, add_on: Path, tmp_path: Path) -> None:
    fake = FakeServer()
    try:
        found = run(kind, "preview_live", tmp_path, zip=str(add_on), port=int(fake.endpoint.rsplit(":", 1)[1]))
    finally:
        fake.close()
    data = found["data"].astype(np.float64)
    assert len(data) == len(found["places"]) >= 120
    joints = forward_kinematics(REFERENCE, data[:, 3:].reshape(-1, JOINTS, 4), data[:, :3])[0]
    np.testing.assert_allclose(found["places"], engine_axes("blender").positions(joints), atol=1e-4, rtol=0)
    way = found["places"][59, 0] - found["places"][0, 0]
    assert np.hypot(*way[:2]) > 0.5
    assert abs(np.arctan2(way[0], -way[1]) - 0.5) < 0.1  # the heading asked for, to its left
    np.testing.assert_allclose(found["after"], found["before"], atol=1e-6)
    assert found["said"]["problem"] and found["said"]["actions"] == 0


@KINDS
def test_live_again(kind: str, add_on: Path, tmp_path: Path) -> None:
    fake = FakeServer()
    try:
        said = run(kind, "preview_again", tmp_path, zip=str(add_on), port=int(fake.endpoint.rsplit(":", 1)[1]))["said"]
    finally:
        fake.close()
    assert said["walked"] > 0.5 and abs(said["second"]) < 0.2
    assert said["after a pose of before"] == [0, [0.0, 0.0, 0.0]]
    assert ["despawn", 4000] in said["sent"] and "spawn" not in [what for what, _ in said["sent"]]
    assert "spawn" in [what for what, _ in said["sent without it"]]
    assert said["offsets"] is True
    assert said["failed"] == ["of this test", "the preview failed: of this test", True] and said["job"] == [True, True]
