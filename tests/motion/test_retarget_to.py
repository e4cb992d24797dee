"""Motion onto rigs: any axes and rest pose give the same motion, unmapped joints rest, feet stay where they were."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from motionwire import formats
from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.aligned import aligned, rest_world
from motionwire.motion.clip import Clip
from motionwire.motion.legs import legs_of
from motionwire.motion.profile import Bone, Place, Profile
from motionwire.motion.profiles import known, named
from motionwire.motion.retarget import fit_to, to_canonical
from motionwire.motion.retarget_to import from_canonical
from motionwire.motion.rig import Rig, rig_of
from motionwire.motion.skeleton import JOINT_NAMES, REFERENCE, Skeleton, canonical
from synthetic import walking_clip

TARGETS = ["unity", "ue5", "mixamo", "rigify", "vrm", "smpl"]


def played(rig: Rig, clip: Clip) -> np.ndarray:
    """World positions [T, 22, 3] of the rig's joints that play the canonical ones."""
    return clip.world()[0][:, [rig.skeleton.index(rig.profile.joints[name].joint) for name in JOINT_NAMES]]


@pytest.mark.parametrize("name", TARGETS)
def test_every_built_in_rig_moves_as_the_clip_does(name: str) -> None:
    rig, walk = rig_of(named(name)), walking_clip(turn=0.4)
    made = from_canonical(walk, rig)
    np.testing.assert_allclose(played(rig, made), walk.world()[0], atol=1e-5)
    np.testing.assert_allclose(to_canonical(made).world()[0], walk.world()[0], atol=1e-4)


def test_twist_bones_rest_and_the_root_carries_the_way() -> None:
    rig, walk = rig_of(named("ue5")), walking_clip(seconds=4, turn=0.4)
    made = from_canonical(walk, rig)
    twists = [joint for joint, name in enumerate(rig.skeleton.names) if "twist" in name or name in ("spine_02", "spine_04", "neck_02")]
    assert len(twists) == 19
    np.testing.assert_allclose(
        made.rotations[:, twists], np.broadcast_to(rig.skeleton.rest[twists], (len(made), len(twists), 4)), atol=1e-6
    )
    root = made.root_positions
    assert np.abs(root[:, 1]).max() == 0
    assert np.abs(root[:, [0, 2]] - walk.root_positions[:, [0, 2]]).max() < 0.03
    assert np.abs(rot.yaw_of(made.rotations[:, 0]) - 0.4 * np.arange(len(made)) / walk.fps).max() < 0.02


def a_posed(seed: int) -> tuple[Skeleton, Profile]:
    """A rig in an A-pose with random axes, longer legs, a twist bone and a finger, in centimetres with z up."""
    random = np.random.default_rng(seed)
    offsets = REFERENCE.offsets.astype(np.float64) * 100
    offsets[[4, 5, 7, 8]] *= 1.2
    offsets[0, 1] += 0.2 * 81
    pose = np.tile(rot.IDENTITY.astype(np.float64), (22, 1))
    pose[16], pose[17] = rot.from_axis_angle((0, 0, 1), -0.8), rot.from_axis_angle((0, 0, 1), 0.8)  # arms hang down by 45 degrees
    world = pose.copy()
    places = offsets.copy()
    for joint, parent in enumerate(REFERENCE.parents[1:], start=1):
        world[joint] = rot.multiply(world[parent], pose[joint])
        places[joint] = places[parent] + rot.rotate(world[parent], offsets[joint])
    names = (*(f"b {name}" for name in JOINT_NAMES), "twist", "finger")
    parents = (*REFERENCE.parents, 16, 20)
    places = np.concatenate((places, [(places[16] + places[18]) / 2, places[20] + [5, -5, 0]]))
    axes = rot.normalize(random.normal(size=(24, 4)))
    upright = rot.from_axis_angle((1, 0, 0), np.pi / 2)
    places, axes = rot.rotate(upright, places), rot.multiply(upright, axes)
    local, rest = places.copy(), axes.copy()
    for joint, parent in enumerate(parents[1:], start=1):
        local[joint] = rot.rotate(rot.inverse(axes[parent]), places[joint] - places[parent])
        rest[joint] = rot.multiply(rot.inverse(axes[parent]), axes[joint])
    skeleton = Skeleton(names, parents, local, rest=rest)
    joints = {name: Place(f"b {name}") for name in JOINT_NAMES}
    return skeleton, Profile("beast", joints, metres_per_unit=0.01, up="z")


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_any_rest_pose_and_axes_on_longer_legs(seed: int) -> None:
    skeleton, profile = a_posed(seed)
    rig, walk = rig_of(profile, skeleton), walking_clip(seconds=2, turn=0.3)
    back = to_canonical(from_canonical(walk, rig), rig.profile)
    arms = [
        joint for joint, name in enumerate(JOINT_NAMES) if any(word in name for word in ("spine", "neck", "collar", "shoulder", "elbow"))
    ]
    straight = to_canonical(walk, replace(rig_of(named("smpl")).profile, joints={n: Place(n) for n in JOINT_NAMES}))
    assert np.degrees(rot.angle_between(back.rotations, straight.rotations)[:, arms]).max() < 0.05
    assert back.skeleton.leg_length() == pytest.approx(1.2 * walk.skeleton.leg_length(), rel=1e-3)
    gone = [np.linalg.norm(clip.root_positions[-1, ::2] - clip.root_positions[0, ::2]) for clip in (back, walk)]
    assert gone[0] / gone[1] == pytest.approx(1.18, abs=0.02)  # the whole leg, foot included, is that much longer
    feet = back.world()[0][:, [10, 11], 1]
    assert feet.min() == pytest.approx(1.18 * walk.world()[0][:, [10, 11], 1].min(), abs=0.004)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_hands_of_an_a_pose_go_on_straight_from_their_forearms(seed: int) -> None:
    """The rig's finger lies along its forearm, which hangs at rest: so it does in the T-pose, and a rest pose has straight wrists."""
    skeleton, profile = a_posed(seed)
    rig = rig_of(profile, skeleton)
    made = from_canonical(Clip(REFERENCE, 30.0, REFERENCE.offsets[:1], np.tile(rot.IDENTITY, (1, 22, 1))), rig)
    places = made.world()[0][0]
    elbow, wrist, finger = (places[rig.skeleton.index(name)] for name in ("b left_elbow", "b left_wrist", "finger"))
    np.testing.assert_allclose(rot.normalize(wrist - elbow), (1, 0, 0), atol=1e-3)
    np.testing.assert_allclose(rot.normalize(finger - wrist), (1, 0, 0), atol=0.02)  # it hangs by a degree less
    rest = Clip(rig.skeleton, 30.0, rig.skeleton.offsets[:1], rig.skeleton.rest[None])
    read = to_canonical(rest, rig.profile)
    bent = np.degrees(rot.angle_between(read.rotations, np.tile(rot.IDENTITY, (1, 22, 1)))[0])
    assert bent[[JOINT_NAMES.index(name) for name in ("left_wrist", "right_wrist", "left_foot", "right_foot")]].max() < 0.1
    assert bent[[16, 17]] == pytest.approx(np.degrees(0.8), abs=0.5)


def test_a_hand_whose_axes_in_a_t_pose_are_told_has_those() -> None:
    skeleton, profile = a_posed(0)
    rig = rig_of(replace(profile, axes={"b left_wrist": "+y -x"}), skeleton)
    made = from_canonical(Clip(REFERENCE, 30.0, REFERENCE.offsets[:1], np.tile(rot.IDENTITY, (1, 22, 1))), rig)
    turned = made.world()[1][0, rig.skeleton.index("b left_wrist")]
    np.testing.assert_allclose(rot.rotate(turned, np.eye(3, dtype=np.float32)[:2]), [(0, 1, 0), (-1, 0, 0)], atol=1e-5)


def proportions(thigh: float, shin: float, foot: float, hips: float) -> Skeleton:
    offsets = REFERENCE.offsets.copy()
    for joints, factor in (((4, 5), thigh), ((7, 8), shin), ((10, 11), foot), ((1, 2), hips)):
        offsets[list(joints)] *= factor
    offsets[0, 1] = 0.01 - offsets[[1, 4, 7, 10], 1].sum()
    return canonical(offsets)


@pytest.mark.parametrize("body", [(0.7, 1.2, 1.0, 1.0), (1.2, 0.8, 1.5, 1.6), (0.6, 0.6, 0.8, 0.7)])
def test_feet_stand_where_they_stood(body: tuple[float, float, float, float]) -> None:
    target = proportions(*body)
    names = tuple(f"b {name}" for name in JOINT_NAMES)
    skeleton = Skeleton(names, target.parents, target.offsets, metres=True)
    rig = rig_of(Profile("b", {name: Place(f"b {name}") for name in JOINT_NAMES}, 1.0), skeleton)
    walk = walking_clip(seconds=3, fps=60)
    planted, plain = (to_canonical(from_canonical(walk, rig, ik), rig.profile) for ik in (True, False))
    source = legs_of(walk.root_positions, walk.rotations, walk.skeleton.offsets)[0][:, :, 2]
    down = source[..., 1] < 0.061

    def skate(clip: Clip) -> float:
        ankles = legs_of(clip.root_positions, clip.rotations, clip.skeleton.offsets)[0][:, :, 2]
        speed = np.linalg.norm(np.gradient(ankles, 1 / clip.fps, axis=0), axis=-1)
        return float(np.median(speed[down]))

    assert skate(planted) < 0.02
    assert skate(plain) > skate(planted)
    assert planted.world()[0][:, [10, 11], 1].min() > -0.005


def test_without_foot_ik_rotations_are_the_sources() -> None:
    rig, walk = rig_of(named("unity")), walking_clip()
    short = fit_to(walk, proportions(0.8, 0.9, 1.0, 1.0))
    made = from_canonical(short, rig, plant_feet=False)
    joints = [rig.skeleton.index(rig.profile.joints[name].joint) for name in JOINT_NAMES]
    np.testing.assert_allclose(rot.angle_between(made.rotations[:, joints], walk.rotations), 0, atol=1e-4)


@pytest.mark.shared_data
@pytest.mark.parametrize("kind", ["bandai", "cmu_bvh", "cmu_amc", "dance", "idle"])
def test_real_rigs_take_their_own_motion_back(sample_clip: Callable[[str], Path], kind: str) -> None:
    """A clip of each rig, made canonical and put on the rig's own skeleton again, moves as before where its joints are mapped."""
    source = formats.read(sample_clip(kind))
    clip = to_canonical(source)
    profile = next(profile for profile in known() if not profile.lacking(source.skeleton))
    skeleton = source.skeleton
    if source.translations is not None:
        skeleton = replace(skeleton, offsets=np.median(source.translations, axis=0))
    rig = rig_of(profile, skeleton)
    back = to_canonical(from_canonical(clip, rig), rig.profile)
    tip_joints = (10, 11) if any(profile.joints[f"{side}_foot"].towards for side in ("left", "right")) else ()
    kept = [joint for joint in range(22) if joint not in tip_joints]
    difference = np.linalg.norm(back.world()[0] - clip.world()[0], axis=-1)[:, kept]
    assert np.median(difference) < 0.01
    assert np.percentile(difference, 99) < 0.05


def test_rigs_that_do_not_fit() -> None:
    skeleton, profile = a_posed(0)
    lost = replace(profile, joints={**profile.joints, "head": Place("skull")})
    with pytest.raises(InputError, match="profile 'beast' needs joints that the skeleton lacks: skull"):
        rig_of(lost, skeleton)
    with pytest.raises(InputError, match="describes no skeleton"):
        rig_of(profile)
    with pytest.raises(InputError, match="has the parent 'c', which is not in it"):
        replace(profile, skeleton={"a": Bone(""), "b": Bone("c")})
    with pytest.raises(InputError, match="comes before its parent"):
        rig_of(replace(profile, skeleton={"a": Bone("b"), "b": Bone("")}))
    with pytest.raises(InputError, match="only canonical"):
        from_canonical(from_canonical(walking_clip(), rig_of(named("ue5"))), rig_of(named("unity")))


def test_aligned_rigs_move_as_before_with_axes_like_the_worlds() -> None:
    skeleton, profile = a_posed(1)
    made = from_canonical(walking_clip(seconds=1), rig_of(profile, skeleton))
    straight = aligned(made)
    np.testing.assert_allclose(straight.world()[0], made.world()[0], atol=2e-5)
    np.testing.assert_allclose(rest_world(straight.skeleton)[0], rest_world(made.skeleton)[0], atol=1e-5)
    assert aligned(straight) is straight


@pytest.mark.parametrize("name", ["mixamo", "unity", "rigify", "ue5"])
@pytest.mark.parametrize(("unit", "up"), [(1.0, "z"), (1.0, "y"), (0.01, "z"), (0.001, "y")])
def test_built_in_rigs_in_other_units_and_axes(name: str, unit: float, up: str) -> None:
    """Blender, for one, writes BVH in metres with Z up."""
    walk = walking_clip(seconds=0.5)
    made = from_canonical(walk, rig_of(named(name)))
    lying = rot.from_axis_angle((1, 0, 0), np.pi / 2 if up == "z" else 0.0).astype(np.float32)

    def drawn(places: np.ndarray) -> np.ndarray:
        return rot.rotate(lying, places) / np.float32(unit)

    skeleton = Skeleton(made.skeleton.names, made.skeleton.parents, drawn(made.skeleton.offsets))  # joints' axes are the file's
    rotations = rot.multiply(lying, rot.multiply(made.rotations, rot.inverse(lying)))
    translations = None if made.translations is None else drawn(made.translations)
    read = to_canonical(Clip(skeleton, made.fps, drawn(made.root_positions), rotations, translations))
    np.testing.assert_allclose(read.world()[0], walk.world()[0], atol=1e-3)


def test_other_prefixes() -> None:
    rig = rig_of(named("mixamo"))
    made = from_canonical(walking_clip(seconds=0.5), rig)
    for prefix in ("", "mixamorig1:", "mixamorig", "Armature|"):
        names = tuple(prefix + name.removeprefix("mixamorig:") for name in rig.skeleton.names)
        renamed = replace(made, skeleton=replace(made.skeleton, names=names))
        np.testing.assert_allclose(to_canonical(renamed).world()[0], to_canonical(made).world()[0], atol=1e-6)
