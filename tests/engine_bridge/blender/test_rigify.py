"""Rigify's own rigs, as Blender ships them: limbs point where the runtime's point, on the metarig and on the generated control rig."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from engine_bridge.blender.blenders import PROGRAM, WHEEL, run
from motionwire.motion.axes import engine_axes
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINT_NAMES
from motionwire.server.process import ServerProcess

TEXT, SECONDS, SEED = "a person walks forward and turns left", 1.0, 3
DEGREES = 0.02
CHAINS = [f"{side}_{part}" for side in ("left", "right") for part in ("hip", "knee", "ankle", "shoulder", "elbow")]
NEXT = {"hip": "knee", "knee": "ankle", "ankle": "foot", "shoulder": "elbow", "elbow": "wrist"}


@pytest.mark.parametrize("kind", [PROGRAM, WHEEL])
def test_limbs(kind: str, add_on: Path, runtime: ServerProcess, expected: Callable[[str, float, int], Clip], tmp_path: Path) -> None:
    port = int(runtime.endpoint.rsplit(":", 1)[1])
    found = run(kind, "generate_rigify", tmp_path, zip=str(add_on), port=port, text=TEXT, seconds=SECONDS, seed=SEED)
    clip = expected(TEXT, SECONDS, SEED)
    positions, world = clip.world()
    limbs = found["said"]["limbs"]
    for rig in ("metarig", "control"):
        places = dict(zip(limbs, found[rig].swapaxes(0, 1), strict=True))
        for joint in CHAINS:
            side, part = joint.split("_")
            child = f"{side}_{NEXT[part]}"
            told = _unit(positions[:, JOINT_NAMES.index(child)] - positions[:, JOINT_NAMES.index(joint)])
            bone = _unit(places[child] - places[joint])
            if part == "ankle":  # the rig's foot is steeper: it keeps its own, so the heading counts
                continue
            off = np.degrees(np.linalg.norm(bone - engine_axes("blender").positions(told), axis=-1))
            assert off.max() < DEGREES, (rig, joint, off.max())
        for column, joint in enumerate(("pelvis", "spine3", "head")):
            moved = Rotation.from_quat(engine_axes("blender").rotations(world[:, JOINT_NAMES.index(joint)]))
            off = np.degrees((moved.inv() * Rotation.from_matrix(found[f"{rig}_trunk"][:, column])).magnitude())
            assert off.max() < DEGREES, (rig, joint, off.max())
        hips = (places["left_hip"] + places["right_hip"]) / 2
        path = engine_axes("blender").positions(positions[:, 1:3].mean(axis=1))
        ratio = np.linalg.norm(hips[-1] - hips[0]) / np.linalg.norm(path[-1] - path[0])
        np.testing.assert_allclose(hips - hips[0], (path - path[0]) * ratio, atol=1e-3)
    assert {"torso", "thigh_fk.L", "forearm_fk.R", "thigh_parent.L"} <= set(found["said"]["keyed"]["control"])
    assert not [bone for bone in found["said"]["keyed"]["control"] if bone.startswith(("DEF-", "MCH-", "ORG-"))]


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
