"""Retargeting by value: a rig of other size, axes, units, rest pose and extra bones stands joint by joint as kinematics say it must."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from engine_bridge.godot.probe import run_script
from motionwire.motion.skeleton import JOINT_NAMES, JOINTS, PARENTS, REFERENCE

HUMANOID = (
    "Hips", "LeftUpperLeg", "RightUpperLeg", "Spine", "LeftLowerLeg", "RightLowerLeg", "Chest", "LeftFoot", "RightFoot", "UpperChest",
    "LeftToes", "RightToes", "Neck", "LeftShoulder", "RightShoulder", "Head", "LeftUpperArm", "RightUpperArm", "LeftLowerArm",
    "RightLowerArm", "LeftHand", "RightHand",
)  # fmt: skip
SIZE = 0.8
CENTIMETRES = 100.0
ARMS_DOWN = {"left_shoulder": -50.0, "right_shoulder": 50.0}  # degrees about Z: how the rig rests
LEGS_OUT = {"left_hip": 8.0, "right_hip": -8.0}
POSES = 12


@pytest.mark.parametrize("scales", [{}, {"Root": 100.0, "Hips": 0.5, "Spine": 4.0, "LeftUpperArm": 0.25}], ids=["plain", "scaled"])
def test_any_rig_follows(tmp_path: Path, scales: dict[str, float]) -> None:
    """Scales of bones: as importers leave them, which a pose has to keep."""
    rng = np.random.default_rng(4)
    offsets = REFERENCE.offsets * SIZE
    offsets[[18, 20]] *= 1.3  # longer arms than the size says
    offsets[[19, 21]] *= 1.3
    axes = Rotation.random(JOINTS, random_state=5)  # how each bone's axes stand in the T-pose
    z_up = Rotation.from_euler("x", -90, degrees=True)
    in_rest = _rest_turns()
    rig = Rig(scales)
    rig.add("Root", -1, Rotation.from_euler("y", 30, degrees=True), np.array([0.0, 5.0, 3.0]))
    of_joint: dict[int, int] = {}
    places = _places(offsets, in_rest)
    for joint, parent in enumerate(PARENTS):
        above = of_joint[parent] if parent >= 0 else 0
        turn = z_up.inv() * in_rest[joint] * axes[joint]
        place = z_up.inv().apply(places[joint]) * CENTIMETRES
        if JOINT_NAMES[joint] == "left_elbow":  # a twist bone in between, with axes of its own
            above = rig.add("Twist", above, Rotation.from_euler("z", 40, degrees=True), (rig.places[above] + place) / 2)
        of_joint[joint] = rig.add(HUMANOID[joint], above, turn, place)
    turns = Rotation.random(POSES * JOINTS, random_state=6).as_quat().reshape(POSES, JOINTS, 4)
    roots = rng.uniform((-1, 0, -1), (1, 2, 1), (POSES, 3))
    (tmp_path / "in.json").write_text(
        json.dumps(
            {
                "bones": rig.bones,
                "skeleton_turn": z_up.as_quat().tolist(),
                "skeleton_scale": 1 / CENTIMETRES,
                "names": JOINT_NAMES,
                "parents": PARENTS,
                "offsets": REFERENCE.offsets.ravel().tolist(),
                "poses": [{"place": root.tolist(), "turns": turn.tolist()} for root, turn in zip(roots, turns, strict=True)],
            }
        )
    )
    run_script("rig", str(tmp_path / "in.json"), str(tmp_path / "out.json"))
    made = json.loads((tmp_path / "out.json").read_text())
    assert made["size"] == pytest.approx(SIZE, rel=1e-4)
    for pose in range(POSES):
        expected = _places(offsets, [Rotation.from_quat(turn) for turn in _world(turns[pose])], roots[pose] * SIZE)
        found = np.array(made["places"][pose])[[of_joint[joint] for joint in range(JOINTS)]]
        np.testing.assert_allclose(found, expected, atol=2e-4)
        np.testing.assert_allclose(made["scales"][pose], np.array(rig.scales) / CENTIMETRES, rtol=1e-4)


def _rest_turns() -> list[Rotation]:
    """How each joint is turned from the T-pose where the rig rests; feet stay flat."""
    turns: list[Rotation] = []
    for joint, parent in enumerate(PARENTS):
        name = JOINT_NAMES[joint]
        own = Rotation.from_euler("z", ARMS_DOWN.get(name, LEGS_OUT.get(name, 0.0)), degrees=True)
        flat = "ankle" in name or "foot" in name
        turns.append(own if parent < 0 or flat else turns[parent] * own)
    return turns


def _places(offsets: np.ndarray, turns: list[Rotation], root: np.ndarray | None = None) -> np.ndarray:
    places = [offsets[0] if root is None else root]
    for joint, parent in enumerate(PARENTS[1:], 1):
        places.append(places[parent] + turns[parent].apply(offsets[joint]))
    return np.array(places)


def _world(local: np.ndarray) -> np.ndarray:
    turns = [Rotation.from_quat(local[0])]
    for joint, parent in enumerate(PARENTS[1:], 1):
        turns.append(turns[parent] * Rotation.from_quat(local[joint]))
    return np.array([turn.as_quat() for turn in turns])


class Rig:
    """Bones as a file has them; places and scales: of each in the skeleton's space, in cm."""

    def __init__(self, own_scales: dict[str, float]) -> None:
        self.bones: list[dict[str, object]] = []
        self.places: list[np.ndarray] = []
        self.scales: list[float] = []
        self._turns: list[Rotation] = []
        self._own_scales = own_scales

    def add(self, name: str, parent: int, turn: Rotation, place: np.ndarray) -> int:
        """A bone that stands so in the skeleton's space; its number."""
        own = self._own_scales.get(name, 1.0)
        scale, back, local = 1.0, Rotation.identity(), place
        if parent >= 0:
            scale, back = self.scales[parent], self._turns[parent].inv()
            local = back.apply(place - self.places[parent]) / scale
        self.bones.append({"name": name, "parent": parent, "turn": (back * turn).as_quat().tolist(), "place": local.tolist(), "scale": own})
        self.places.append(place)
        self.scales.append(scale * own)
        self._turns.append(turn)
        return len(self.bones) - 1
