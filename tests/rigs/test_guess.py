"""Guessed profiles: the known rigs without their profiles, rigs with joints missing, and what is told as a doubt."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from motionwire import formats, rigs
from motionwire.errors import InputError
from motionwire.motion.clip import Clip
from motionwire.motion.profiles import detect, named
from motionwire.motion.retarget_to import from_canonical
from motionwire.motion.rig import rig_of
from motionwire.motion.skeleton import JOINT_NAMES, Skeleton
from motionwire.rigs.guess import Guess, guess, of_skeleton
from motionwire.rigs.words import part_of, side_of
from motionwire.rigs.write import to_toml
from synthetic import walking_clip


def renamed(skeleton: Skeleton, new: Callable[[str], str]) -> Skeleton:
    names = tuple(map(new, skeleton.names))
    return Skeleton(names, skeleton.parents, skeleton.offsets, skeleton.end_sites, skeleton.rest, skeleton.metres)


def without(skeleton: Skeleton, word: str) -> Skeleton:
    """The skeleton without the leaves and chain links whose names hold a word; their children move up."""
    keep = [joint for joint, name in enumerate(skeleton.names) if word not in name]
    parents, offsets = [], []
    for joint in keep:
        offset, parent = skeleton.offsets[joint].copy(), skeleton.parents[joint]
        while parent >= 0 and parent not in keep:
            offset, parent = offset + skeleton.offsets[parent], skeleton.parents[parent]
        parents.append(keep.index(parent) if parent >= 0 else -1)
        offsets.append(offset)
    return Skeleton(tuple(skeleton.names[joint] for joint in keep), tuple(parents), np.stack(offsets), metres=True)


def differences(found: Guess, name: str) -> dict[str, object]:
    profile = named(name)
    return {joint: found.joints[joint] for joint in JOINT_NAMES if found.joints[joint] != profile.joints[joint].joint}


@pytest.mark.parametrize("name", ["unity", "ue5", "mixamo", "rigify", "vrm", "smpl"])
def test_built_in_rigs_by_their_names_alone(name: str) -> None:
    found = of_skeleton(rig_of(named(name)).skeleton, {})
    assert differences(found, name) == {}
    assert (found.metres_per_unit, found.up) == (1.0, "y")
    assert bool(found.doubts) == (name in ("ue5", "rigify"))


@pytest.mark.shared_data
@pytest.mark.parametrize(("kind", "wrong"), [("bandai", 0), ("cmu_bvh", 4), ("cmu_amc", 2), ("dance", 2)])
def test_real_rigs_by_their_names_alone(sample_clip: Callable[[str], Path], kind: str, wrong: int) -> None:
    """CMU's rigs have two joints for a hip and several for a hand; the dance rig ends at the ankle."""
    skeleton = formats.read(sample_clip(kind)).skeleton
    profile, found = detect(skeleton), of_skeleton(skeleton, {})
    plain = [joint for joint in JOINT_NAMES if profile.joints[joint].towards is None]
    other = [joint for joint in plain if found.joints[joint] != profile.joints[joint].joint]
    assert len(other) <= wrong


def test_a_known_rig_is_recognised(tmp_path: Path) -> None:
    formats.write(from_canonical(walking_clip(0.2), rig_of(named("rigify"))), tmp_path / "hero.glb")
    found = guess(tmp_path / "hero.glb")
    assert differences(found, "rigify") == {} and found.doubts == ()


@pytest.mark.parametrize(
    ("name", "side", "part"),
    [
        ("mixamorig:LeftUpLeg", "left", "hip"), ("thigh_r", "right", "hip"), ("DEF-forearm.L", "left", "elbow"), ("lfemur", "left", "hip"),
        ("Bip01 R Calf", "right", "knee"), ("Armature|Hips", "", "pelvis"), ("upperarm_twist_01_l", "left", None),
        ("LeftHandIndex1", "left", None), ("ik_foot_l", "left", None), ("R_UpperArm", "right", "shoulder"), ("spine_03", "", "spine"),
        ("rHand", "right", "wrist"), ("pelvis.L", "left", None), ("Head_end", "", None), ("banana", "", None), ("", "", None),
    ],
)  # fmt: skip
def test_what_names_say(name: str, side: str, part: str | None) -> None:
    assert (side_of(name), part_of(name)) == (side, part)


def test_joints_that_lack_are_points_and_told() -> None:
    skeleton = without(without(rig_of(named("unity")).skeleton, "Toes"), "UpperChest")
    found = of_skeleton(skeleton, {})
    assert found.joints["left_foot"] == {"joint": "LeftFoot", "offset": [0.0, -0.06, 0.13]}
    assert found.joints["spine2"] == "Chest" and found.joints["spine3"]["joint"] == "Chest"
    assert {doubt.split(":")[0] for doubt in found.doubts} == {"left_foot", "right_foot", "spine3"}


def test_odd_proportions_are_told() -> None:
    skeleton = rig_of(named("unity")).skeleton
    offsets = skeleton.offsets.copy()
    offsets[skeleton.index("LeftLowerLeg")] *= 0.2
    found = of_skeleton(Skeleton(skeleton.names, skeleton.parents, offsets, metres=True), {})
    assert any("'LeftLowerLeg' is 16% of the way along its limb" in doubt for doubt in found.doubts)
    assert any("knees: left and right differ in length by 80%" in doubt for doubt in found.doubts)
    turned = offsets[:, [2, 1, 0]] * [-1, 1, 1]
    faces = of_skeleton(Skeleton(skeleton.names, skeleton.parents, turned, metres=True), {})
    assert any("faces another way" in doubt for doubt in faces.doubts)


def test_a_middle_joint_whose_name_says_nothing_lies_between() -> None:
    skeleton = renamed(rig_of(named("unity")).skeleton, lambda name: name.replace("LeftLowerLeg", "bone_007"))
    found = of_skeleton(skeleton, {})
    assert found.joints["left_knee"] == "bone_007"
    assert found.doubts == ("left_knee: took 'bone_007' since it lies between; its name does not say so",)


def test_a_unit_other_than_the_metre() -> None:
    small = rig_of(named("unity")).skeleton
    for unit in (0.01, 0.0254, 0.001):
        assert of_skeleton(Skeleton(small.names, small.parents, small.offsets / unit), {}).metres_per_unit == unit


def test_no_figure_is_said_in_one_line(tmp_path: Path) -> None:
    skeleton = renamed(rig_of(named("unity")).skeleton, lambda name: f"joint {name.encode().hex()}")
    rest = np.tile(skeleton.rest, (1, 1, 1))
    formats.write(Clip(skeleton, 30, skeleton.offsets[:1], rest), tmp_path / "odd.glb")
    with pytest.raises(InputError, match=r"odd\.glb: no joint found for pelvis, head, left_hip.*by hand"):
        guess(tmp_path / "odd.glb")


def test_the_whole_way_on_a_character_of_ones_own(tmp_path: Path) -> None:
    """A character file, the guess as a profile file, and motion on exactly that skeleton."""
    character = renamed(rig_of(named("ue5")).skeleton, lambda name: f"hero_{name}")
    rest = character.rest[None]
    formats.write(Clip(character, 30, character.offsets[:1], rest), tmp_path / "hero.glb")
    (tmp_path / "hero.toml").write_text(to_toml(guess(tmp_path / "hero.glb"), tmp_path / "hero.glb", tmp_path))
    assert 'character = "hero.glb"' in (tmp_path / "hero.toml").read_text()
    assert 'character = "../hero.glb"' in to_toml(guess(tmp_path / "hero.glb"), tmp_path / "hero.glb", tmp_path / "rigs")
    rig, walk = rigs.load(tmp_path / "hero.toml"), walking_clip(seconds=1)
    assert (rig.skeleton.names, rig.skeleton.parents) == (character.names, character.parents)
    made = from_canonical(walk, rig)
    joints = [rig.skeleton.index(rig.profile.joints[name].joint) for name in JOINT_NAMES]
    assert np.linalg.norm(made.world()[0][:, joints] - walk.world()[0], axis=-1).max() < 0.01
    (tmp_path / "hero.toml").write_text((tmp_path / "hero.toml").read_text().replace('"hero_head"', '"hero_skull"'))
    with pytest.raises(InputError, match=r"hero\.toml: profile 'hero' needs joints that the skeleton lacks: hero_skull"):
        rigs.load(tmp_path / "hero.toml")
    (tmp_path / "hero.glb").unlink()
    with pytest.raises(InputError, match=r"hero\.toml: .*hero\.glb: cannot read: No such file"):
        rigs.load(tmp_path / "hero.toml")
