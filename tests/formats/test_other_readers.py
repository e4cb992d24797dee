"""Every written format in readers that are not ours: Blender, Khronos' glTF validator, USD's validators, another BVH library.

Joints are where they were, in every frame, within 1 mm (0.1 mm in BVH), over the same number of frames at the same rate.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from motionwire import formats
from motionwire.formats.blender_program import command
from motionwire.formats.body import body_of
from motionwire.motion import rotations as rot
from motionwire.motion.aligned import rest_world
from motionwire.motion.clip import Clip
from motionwire.motion.profiles import named
from motionwire.motion.retarget_to import from_canonical
from motionwire.motion.rig import rig_of
from synthetic import walking_clip

HERE = Path(__file__).parent
CI = os.environ.get("CI") == "true"
FPS, FRAMES = 25, 20
RIGS = {"canonical": None, "ue5": "ue5"}
FILES = [f"{rig}.{extension}" for rig in RIGS for extension in ("glb", "fbx", "bvh", "usdc")] + ["canonical.abc", "canonical.usda"]


def absent(what: str) -> None:
    """A toolchain that is missing: a failure in CI, a skipped test elsewhere."""
    if CI:
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


def clip_of(rig: str) -> Clip:
    walk = walking_clip(seconds=FRAMES / FPS, fps=FPS, turn=0.7, speed=1.3)
    return walk if RIGS[rig] is None else from_canonical(walk, rig_of(named(RIGS[rig])))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that need no Blender to be written."""
    folder = tmp_path_factory.mktemp("written")
    for name in FILES:
        if not name.endswith((".fbx", ".abc")):
            formats.write(clip_of(name.split(".")[0]), folder / name)
    return folder


@pytest.fixture(scope="module")
def in_blender(folder: Path) -> dict[str, dict]:
    """What one Blender finds in all files; those that Blender writes are written first."""
    program = command(HERE / "read_in_blender.py")
    if program is None:
        absent("Blender (pip install motionwire[fbx], or MOTIONWIRE_BLENDER)")
    for name in FILES:
        if name.endswith((".fbx", ".abc")):
            formats.write(clip_of(name.split(".")[0]), folder / name)
    (folder / "jobs.json").write_text(json.dumps([{"path": str(folder / name), "fps": FPS} for name in FILES]))
    done = subprocess.run([*program, str(folder / "jobs.json"), str(folder / "result.json")], capture_output=True, text=True, check=False)
    assert (folder / "result.json").is_file(), done.stdout[-2000:] + done.stderr[-2000:]
    return dict(zip(FILES, json.loads((folder / "result.json").read_text()), strict=True))


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith(".abc")])
def test_in_blender(in_blender: dict[str, dict], name: str) -> None:
    found, clip = in_blender[name], clip_of(name.split(".", maxsplit=1)[0])
    if ".usd" not in name:  # Blender takes a stage's time codes as its frames and leaves its own rate
        assert found["fps"] == pytest.approx(FPS, rel=1e-6)
    assert len(found["positions"]) == FRAMES
    assert sorted(clip.skeleton.names) == found["names"]
    joints = [clip.skeleton.index(joint) for joint in found["names"]]
    np.testing.assert_allclose(np.array(found["positions"]), clip.world()[0][:, joints], atol=1e-4 if name.endswith(".bvh") else 1e-3)
    assert found["meshes"] == (0 if name.endswith(".bvh") else 1)


def test_alembic_in_blender(in_blender: dict[str, dict]) -> None:
    """The body's vertices, skinned here by formula."""
    found, clip = in_blender["canonical.abc"], clip_of("canonical")
    body = body_of(clip.skeleton)
    places, _ = rest_world(clip.skeleton)
    positions, rotations = clip.world()
    local = body.positions - places[body.joints]
    expected = positions[:, body.joints] + rot.rotate(rotations[:, body.joints], local)
    assert len(found["positions"]) == FRAMES
    order = [int(vertex) for vertex in found["names"]]
    np.testing.assert_allclose(np.array(found["positions"]), expected[:, order], atol=1e-3)


@pytest.mark.usefixtures("in_blender")
def test_fbx_reads_back(folder: Path) -> None:
    clip, read = clip_of("ue5"), formats.read(folder / "ue5.fbx")
    assert (read.fps, len(read)) == (FPS, FRAMES)
    joints = [read.skeleton.index(joint) for joint in clip.skeleton.names]
    np.testing.assert_allclose(read.world()[0][:, joints], clip.world()[0], atol=1e-3)


@pytest.mark.usefixtures("in_blender")  # which says where Blender is missing
@pytest.mark.parametrize("whole", [24, 30, 60])
def test_fbx_at_rates_of_television(tmp_path: Path, whole: int) -> None:
    """23.976, 29.97 and 59.94 frames a second."""
    fps = whole / 1.001
    clip = walking_clip(seconds=1, fps=fps, turn=0.7)
    formats.write(clip, tmp_path / "walk.fbx")
    read = formats.read(tmp_path / "walk.fbx")
    assert (read.fps, len(read)) == (pytest.approx(fps, rel=1e-6), len(clip))
    joints = [read.skeleton.index(joint) for joint in clip.skeleton.names]
    np.testing.assert_allclose(read.world()[0][:, joints], clip.world()[0], atol=1e-3)


def test_no_gltf_errors(folder: Path) -> None:
    if shutil.which("node") is None or not (HERE / "node_modules" / "gltf-validator").is_dir():
        absent("gltf-validator (npm install --prefix tests/formats)")
    names = [name for name in FILES if name.endswith(".glb")]
    command_line = ["node", HERE / "validate_gltf.cjs", *(folder / name for name in names)]
    done = subprocess.run(command_line, capture_output=True, text=True, check=True)
    for name, issues in zip(names, json.loads(done.stdout), strict=True):
        assert issues["numErrors"] == issues["numWarnings"] == 0, (name, issues)


@pytest.mark.parametrize("name", [name for name in FILES if ".usd" in name])
def test_usd_validators(folder: Path, name: str) -> None:
    usd = pytest.importorskip("pxr.Usd") if not CI else __import__("pxr.Usd").Usd
    validation = __import__("pxr.UsdValidation").UsdValidation
    stage = usd.Stage.Open(str(folder / name))
    validators = validation.ValidationRegistry().GetOrLoadAllValidators()
    assert len(validators) > 10
    errors = validation.ValidationContext(validators).Validate(stage)
    assert [f"{error.GetName()}: {error.GetMessage()}" for error in errors] == []
    assert (stage.GetTimeCodesPerSecond(), stage.GetEndTimeCode() - stage.GetStartTimeCode() + 1) == (FPS, FRAMES)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".bvh")])
def test_bvh_in_another_library(folder: Path, name: str) -> None:
    bvhio = pytest.importorskip("bvhio") if not CI else __import__("bvhio")
    clip = clip_of(name.split(".", maxsplit=1)[0])
    file = bvhio.readAsBvh(str(folder / name))
    assert (file.FrameCount, 1 / file.FrameTime) == (FRAMES, pytest.approx(FPS))
    root = bvhio.readAsHierarchy(str(folder / name))
    expected = clip.world()[0] * 100
    for frame in range(0, FRAMES, 5):
        root.loadPose(frame)
        found = {joint.Name: tuple(joint.PositionWorld) for joint, _, _ in root.layout()}
        np.testing.assert_allclose([found[joint] for joint in clip.skeleton.names], expected[frame], atol=0.01)
