"""Armatures of other makes: bones that point and roll anyhow, other rest poses, axes, units and proportions, missing and extra bones.

Each bone must have turned from its T-pose just as the runtime's joint has, about its own length as well, each limb must point where the
runtime's points, and the hips must go the runtime's way in the proportion of the legs.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from engine_bridge.blender.blenders import PROGRAM, WHEEL, run
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINT_NAMES, PARENTS
from motionwire.server.process import ServerProcess

TEXT, SECONDS, SEED = "a person walks forward and turns left", 2.0, 3
DEGREES = 0.02  # of rotation
PATH = 2e-5  # of a leg, the hips' path
Z_UP = ((1, 0, 0), (0, 0, -1), (0, 1, 0))
Y_UP = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
TO_PLUS_Y = ((-1, 0, 0), (0, 0, 1), (0, 1, 0))  # Z up, facing +Y
Y_UP_CENTIMETRES = Rotation.from_euler("x", 90, degrees=True)  # an imported FBX: its object turns Y up to Z up


def _swing(toes_out: float = 0.0, **degrees: tuple[float, float, float]) -> list[list[list[float]]]:
    """How joints turn from the T-pose to the rest pose, by Euler angles about canonical x, y, z: bones swing, they do not twist. The
    feet stay on the ground."""
    turns = {name: Rotation.from_euler("xyz", degrees.get(name, (0, 0, 0)), degrees=True) for name in JOINT_NAMES}
    for side, sign in (("left", 1), ("right", -1)):
        out = Rotation.from_euler("y", sign * toes_out, degrees=True)
        turns[f"{side}_ankle"] = (turns[f"{side}_hip"] * turns[f"{side}_knee"]).inv() * out
    return [turns[name].as_matrix().tolist() for name in JOINT_NAMES]


A_POSE = _swing(
    toes_out=15, left_shoulder=(0, 0, -50), right_shoulder=(0, 0, 50), left_elbow=(0, -20, 0), right_elbow=(0, 20, 0),
    left_hip=(0, 0, 6), right_hip=(0, 0, -6), left_knee=(4, 0, 0), right_knee=(4, 0, 0),
)  # fmt: skip


def _rig(name: str, **changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "profile": name, "prefix": "", "without": [], "extra": [], "order": {}, "not_inheriting": [], "swing": _swing(), "axes": Z_UP,
        "unit": 1.0, "legs": 1.0, "turn": Rotation.identity(), "scale": 1.0, "place": (0, 0, 0),
    }  # fmt: skip
    rig = usual | changes
    matrix = np.eye(4)
    matrix[:3] = np.column_stack((rig["turn"].as_matrix() * rig["scale"], rig["place"]))
    return {**rig, "name": name, "matrix": matrix.tolist()}


RIGS = [
    _rig("mixamo", prefix="mixamorig1:", axes=Y_UP, unit=100.0, turn=Y_UP_CENTIMETRES, scale=0.01, legs=1.2, place=(2, 0, 0)),
    _rig(
        "ue5", swing=A_POSE, unit=100.0, scale=0.01, turn=Rotation.from_euler("z", 40, degrees=True), place=(-2, 0, 0.5), legs=0.9,
        extra=[
            ("root", None, "pelvis", 0), ("spine_04_between", "spine2", "spine3", 0.5),
            ("upperarm_twist_01_l", "left_shoulder", "left_elbow", 0.5),
        ],
    ),
    _rig(
        "unity", axes=TO_PLUS_Y, swing=A_POSE, without=["spine3", "left_foot", "right_foot"], not_inheriting=["head"], scale=1.5,
        order={"left_knee": "XYZ", "right_knee": "ZYX", "left_shoulder": "YXZ", "head": "AXIS_ANGLE"},
    ),
    _rig("vrm", without=["spine3", "left_collar", "right_collar"], turn=Rotation.from_euler("xyz", (15, 25, 200), degrees=True)),
    _rig("smpl", axes=Y_UP, turn=Y_UP_CENTIMETRES, legs=0.8),
    _rig("rigify", swing=A_POSE, legs=1.1),
]  # fmt: skip


@pytest.fixture(scope="module", params=[PROGRAM, WHEEL])
def found(request: pytest.FixtureRequest, add_on: Path, runtime: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    port = int(runtime.endpoint.rsplit(":", 1)[1])
    rigs = [{key: value for key, value in rig.items() if key != "turn"} for rig in RIGS]
    folder = tmp_path_factory.mktemp("rigs")
    return run(request.param, "generate_rigs", folder, zip=str(add_on), port=port, text=TEXT, seconds=SECONDS, seed=SEED, rigs=rigs)


@pytest.mark.parametrize("rig", RIGS, ids=lambda rig: rig["name"])
def test_bones(rig: dict[str, Any], found: dict[str, Any], expected: Callable[[str, float, int], Clip]) -> None:
    clip = expected(TEXT, SECONDS, SEED)
    positions, world = clip.world()
    joints, matrices, rest = found["said"][rig["name"]], found[f"{rig['name']}_matrices"], found[f"{rig['name']}_rest"]
    assert len(matrices) == len(clip)
    to_world = rig["turn"].as_matrix() @ np.array(rig["axes"])
    swings = Rotation.from_matrix(_accumulated(rig["swing"]))
    to = Rotation.from_matrix(to_world)
    places = dict(zip(joints, matrices[:, :, :3, 3].swapaxes(0, 1), strict=True))
    for column, joint in enumerate(joints):
        number = JOINT_NAMES.index(joint)
        moved = to * Rotation.from_quat(world[:, number]) * swings[_held(number, joints)].inv() * to.inv()
        turned = (
            Rotation.from_matrix(matrices[:, column, :3, :3] / rig["scale"])
            * Rotation.from_matrix(rest[column, :3, :3] / rig["scale"]).inv()
        )
        assert np.degrees((moved.inv() * turned).magnitude()).max() < DEGREES, joint
    for side in ("left", "right"):
        for joint, child in (("hip", "knee"), ("knee", "ankle"), ("ankle", "foot"), ("shoulder", "elbow"), ("elbow", "wrist")):
            if f"{side}_{child}" in places:
                bone = _unit(places[f"{side}_{child}"] - places[f"{side}_{joint}"])
                told = _unit(
                    np.diff(positions[:, [JOINT_NAMES.index(f"{side}_{joint}"), JOINT_NAMES.index(f"{side}_{child}")]], axis=1)[:, 0]
                )
                assert np.degrees(np.linalg.norm(bone - told @ to_world.T, axis=-1)).max() < DEGREES, f"{side} {joint}"
    hips = (places["left_hip"] + places["right_hip"]) / 2
    path = positions[:, 1:3].mean(axis=1) @ to_world.T * rig["legs"] * rig["unit"] * rig["scale"]
    np.testing.assert_allclose(hips - hips[0], path - path[0], atol=PATH * rig["unit"] * rig["scale"] * rig["legs"])


def _held(number: int, joints: list[str]) -> int:
    """The joint whose swing from the T-pose a bone has: its own; ankles without toes stay as they rest."""
    return 0 if JOINT_NAMES[number].endswith("ankle") and "left_foot" not in joints else number


def _accumulated(swing: list[list[list[float]]]) -> np.ndarray:
    """How each joint, with the bone that it begins, rests in the world against the T-pose [22, 3, 3]."""
    turned = [np.eye(3)] * len(JOINT_NAMES)
    for joint, parent in enumerate(PARENTS):
        turned[joint] = (turned[parent] if parent >= 0 else np.eye(3)) @ np.array(swing[joint])
    return np.array(turned)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
