"""Retargeting: rigs disguised by formula are recovered exactly; the real rigs bend, rise and stand as people do."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest

from motionwire import formats
from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.profile import BONES, END_SITE, Place, Profile
from motionwire.motion.profile_file import parse
from motionwire.motion.profiles import detect, known, named
from motionwire.motion.retarget import fit_to, to_canonical
from motionwire.motion.skeleton import JOINT_NAMES, JOINTS, PARENTS, REFERENCE, Skeleton, canonical
from synthetic import walking_clip

NAMES = tuple(f"bone.{name}" for name in JOINT_NAMES)
# The bones of REFERENCE where they are not those of an exact T-pose, so that profiles leave them as they are.
REFERENCE_BONES = BONES | {
    JOINT_NAMES[PARENTS[child]]: tuple(REFERENCE.offsets[child].tolist()) for child in (4, 5, 7, 8, 10, 11, 18, 19, 20, 21)
}


def right_angled_axes(count: int, seed: int) -> list[str]:
    """`count` random axis pairs such as "+y -x"."""
    pairs = [f"{a}{x} {b}{y}" for x, y in permutations("xyz", 2) for a, b in product("+-", repeat=2)]
    return [str(pair) for pair in np.random.default_rng(seed).choice(pairs, count)]


def t_pose_of(axes: str) -> np.ndarray:
    x, y = (np.eye(3)["xyz".index(word[1])] * (1 if word[0] == "+" else -1) for word in axes.split())
    return rot.from_matrix(np.stack((x, y, np.cross(x, y)), axis=-1))


def disguise(clip: Clip, axes: list[str], unit: float, up: str = "y") -> Clip:
    """The same motion on a rig whose local axes stand as `axes` in a T-pose, in `unit` metres, with end sites for toes and a finger."""
    t_pose = np.stack([t_pose_of(pair) for pair in axes])
    _, world = clip.world()
    world = rot.multiply(world.astype(np.float64), t_pose)
    upright = np.array([np.sqrt(0.5), 0, 0, np.sqrt(0.5)]) if up == "z" else rot.IDENTITY.astype(np.float64)
    world = rot.multiply(upright, world)
    local = world.copy()
    local[:, 1:] = rot.multiply(rot.inverse(world[:, PARENTS[1:]]), world[:, 1:])
    offsets = clip.skeleton.offsets.astype(np.float64)
    offsets[1:] = rot.rotate(rot.inverse(t_pose[list(PARENTS[1:])]), offsets[1:])
    roots = rot.rotate(upright, clip.root_positions.astype(np.float64)) / unit
    finger = np.tile(rot.IDENTITY, (len(clip), 1, 1))
    skeleton = Skeleton((*NAMES, "finger"), (*PARENTS, 20), np.concatenate((offsets / unit, [[0.1, 0, 0]])), {10: (1.0, 0.0, 0.0)})
    return Clip(skeleton, clip.fps, roots, np.concatenate((local, finger), axis=1), name="disguised")


def disguise_profile(pairs: list[str], **settings: object) -> Profile:
    joints = {name: Place(source) for name, source in zip(JOINT_NAMES, NAMES, strict=True)}
    return Profile(
        "disguise", joints, **{"metres_per_unit": 0.01, "axes": dict(zip(NAMES, pairs, strict=True)), "bones": REFERENCE_BONES, **settings}
    )


def assert_same_motion(clip: Clip, expected: Clip) -> None:
    assert np.degrees(rot.angle_between(clip.rotations.astype(float), expected.rotations.astype(float))).max() < 1e-2
    np.testing.assert_allclose(clip.world()[0], expected.world()[0], atol=2e-4)


@pytest.mark.parametrize(("seed", "up"), [(0, "y"), (1, "y"), (2, "z")])
def test_any_axes_are_recovered(seed: int, up: str) -> None:
    walk, axes = walking_clip(turn=0.4), right_angled_axes(JOINTS, seed)
    result = to_canonical(disguise(walk, axes, 0.01, up), disguise_profile(axes, up=up))
    assert result.skeleton.is_canonical
    assert result.translations is None
    assert_same_motion(result, walk)


def test_animated_translations_give_the_bone_lengths() -> None:
    walk, axes = walking_clip(), right_angled_axes(JOINTS, 3)
    source = disguise(walk, axes, 0.01)
    offsets = source.skeleton.offsets
    source = replace(source, translations=np.tile(offsets, (len(source), 1, 1)), skeleton=replace(source.skeleton, offsets=offsets * 3))
    assert_same_motion(to_canonical(source, disguise_profile(axes)), walk)


def test_degrees_describe_a_rest_pose_that_is_no_t_pose() -> None:
    walk, upright = walking_clip(), ["+x +y"] * JOINTS
    source = disguise(walk, upright, 0.01)
    splay = rot.from_axis_angle((0, 0, 1), np.radians(20.0)).astype(np.float32)
    offsets, rotations = source.skeleton.offsets.copy(), source.rotations.copy()
    for joint in (4, 7, 10):  # the rest pose of the left leg is turned outwards, knee and all
        offsets[joint] = rot.rotate(splay, offsets[joint])
    rotations[:, 1] = rot.multiply(rotations[:, 1], rot.inverse(splay))
    for joint in (4, 7, 10):
        rotations[:, joint] = rot.multiply(rot.multiply(splay, rotations[:, joint]), rot.inverse(splay))
    source = replace(source, skeleton=replace(source.skeleton, offsets=offsets), rotations=rotations)
    profile = disguise_profile(upright, axes={}, degrees={"bone.left_hip": (0, 0, -20)})
    assert_same_motion(to_canonical(source, profile), walk)


def test_bones_are_straightened() -> None:
    """Where the rest pose is a little off the T-pose, the T-pose of the result is still exact."""
    source = disguise(walking_clip(), ["+x +y"] * JOINTS, 0.01)
    tilt = rot.from_axis_angle((0, 1, 0), np.radians(15.0)).astype(np.float32)
    offsets = source.skeleton.offsets.copy()
    for joint in (10, 18):  # foot and upper arm turned sideways
        offsets[joint] = rot.rotate(tilt, offsets[joint])
    source = replace(source, skeleton=replace(source.skeleton, offsets=offsets))
    result = to_canonical(source, disguise_profile(["+x +y"] * JOINTS, bones=BONES))
    bones = result.skeleton.offsets
    np.testing.assert_allclose(bones[[4, 7]][:, [0, 2]], 0, atol=1e-6)
    np.testing.assert_allclose(bones[[18, 19]], [[0.27, 0, 0], [-0.27, 0, 0]], atol=1e-5)
    np.testing.assert_allclose(bones[10], REFERENCE.offsets[10], atol=1e-5)


def test_points_between_joints_and_lost_bones() -> None:
    walk, upright = walking_clip(), ["+x +y"] * JOINTS
    profile = disguise_profile(upright)
    between = {"spine3": Place("bone.spine2", "bone.neck", 0.5), "left_foot": Place("bone.left_ankle", "bone.left_foot")}
    result = to_canonical(disguise(walk, upright, 0.01), replace(profile, joints={**profile.joints, **between}))
    positions, expected = result.world()[0], walk.world()[0]
    np.testing.assert_allclose(positions[:, 9], (expected[:, 6] + expected[:, 12]) / 2, atol=1e-4)
    np.testing.assert_allclose(positions[:, 10], expected[:, 10], atol=1e-4)
    np.testing.assert_allclose(result.rotations[:, 10], np.tile(rot.IDENTITY, (len(walk), 1)), atol=1e-5)


def test_ground_is_fitted() -> None:
    walk, axes = walking_clip(seconds=4.0), right_angled_axes(JOINTS, 5)
    sunk = replace(walk, root_positions=walk.root_positions - np.array([0, 0.7, 0], dtype=np.float32))
    result = to_canonical(disguise(sunk, axes, 0.01), disguise_profile(axes, ground="fit", toe_height=0.03))
    assert result.world()[0][:, (10, 11), 1].min() == pytest.approx(0.03, abs=0.01)


def test_canonical_clips_pass() -> None:
    walk = walking_clip()
    assert_same_motion(to_canonical(walk), walk)


def test_unknown_rig_names_the_joints_it_lacks() -> None:
    clip = chain_of(("hip", "abdomen", "chest", "neck", "head", "tail"))
    with pytest.raises(InputError, match=r"beast: unknown rig: the nearest profile, 'dance', .*lacks: lCollar, lFoot,"):
        to_canonical(clip)


def chain_of(names: tuple[str, ...]) -> Clip:
    skeleton = Skeleton(names, (-1, *range(len(names) - 1)), np.ones((len(names), 3)))
    return Clip(skeleton, 30.0, np.zeros((2, 3)), np.tile(rot.IDENTITY, (2, len(names), 1)), name="beast")


def test_known_profiles_tell_the_rigs_apart() -> None:
    assert {profile.name for profile in known()} >= {"bandai", "cmu-asf", "cmu-bvh", "dance", "reactidle"}
    for profile in known():
        names = tuple(sorted(profile.source_joints()))
        parents = (-1,) + (0,) * (len(names) - 1)
        ends = {index: (0.0, 1.0, 0.0) for index in range(len(names))}
        assert detect(Skeleton(names, parents, np.zeros((len(names), 3)), ends)) is profile


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "not a readable profile"),
        ('name = "x"\nmetres_per_unit = 1\n[joints]\npelvis = "a"', "canonical joints lacking"),
        ('name = "x"\nmetre_per_unit = 1', "unknown key metre_per_unit; did you mean metres_per_unit"),
        ('name = "x"', "metres_per_unit is missing"),
        ('name = "x"\nmetres_per_unit = "1"', "metres_per_unit: "),
        ('name = "x"\nmetres_per_unit = 1\n[joints]\npelvis = { joint = "a", part = 2 }', "joints.pelvis: .*part"),
        ('name = "x"\nmetres_per_unit = 1\n[joints]\npelvis = { joint = "a", offset = [0, nan, 0] }', "joints.pelvis: "),
        ('name = "x"\nmetres_per_unit = 1\n[joints]\npelvis = 5', "joints.pelvis: "),
        ('name = "x"\nmetres_per_unit = 1\njoints = 5', "joints is not a table"),
        ('name = "x"\nmetres_per_unit = 1\n[t_pose.degrees]\narm = [0, 90]', "t_pose.degrees.arm: "),
        ('name = "x"\nmetres_per_unit = 1\n[t_pose.bones]\nleft_hip = "down"', "t_pose.bones.left_hip: "),
        ('name = "x"\nmetres_per_unit = 1\n[t_pose.axis]\narm = "+x +y"', "unknown key t_pose.axis; did you mean t_pose.axes"),
        ('name = "x"\nmetres_per_unit = 1\n', "canonical joints lacking"),
    ],
)
def test_bad_profiles_are_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"rig\.toml: .*{message}"):
        parse(text.encode(), "rig.toml")


def test_a_prefix_stands_before_every_name_that_a_profile_says() -> None:
    """Lengths that are copied from another joint's, too: CMU's conversions lost some."""
    plain = named("cmu-bvh")
    tips = {place.joint for place in plain.joints.values() if place.towards == END_SITE}
    names = sorted(plain.source_joints())
    ends = {number: (0.0, 0.1, 0.0) for number, name in enumerate(names) if name in tips}
    skeleton = Skeleton(tuple(f"rig:{name}" for name in names), (-1, *range(len(names) - 1)), np.zeros((len(names), 3)), ends)
    found = plain.for_names(skeleton)
    assert found.lacking(skeleton) == [] and found.source_joints() == set(skeleton.names)


def test_bad_axes_are_refused() -> None:
    with pytest.raises(InputError, match="not two different directions"):
        disguise_profile(["+x +x"] * JOINTS)


def test_a_bone_that_points_nowhere_is_refused() -> None:
    with pytest.raises(InputError, match="'left_hip' points nowhere"):
        replace(named("ue5"), bones={"left_hip": (0.0, 0.0, 0.0)})


def test_fit_keeps_rotations_and_ground() -> None:
    walk = walking_clip()
    tall = canonical(REFERENCE.offsets * 1.3)
    fitted = fit_to(walk, tall)
    np.testing.assert_array_equal(fitted.rotations, walk.rotations)
    np.testing.assert_allclose(fitted.world()[0], walk.world()[0] * 1.3, atol=1e-5)
    assert_same_motion(fit_to(fitted, walk.skeleton), walk)


def test_fit_keeps_feet_planted_on_other_proportions() -> None:
    """Other hips and longer legs: the planted foot slides no more than the legs' different shape explains, and stays at its height."""
    walk = walking_clip()
    offsets = REFERENCE.offsets.copy()
    offsets[[1, 2], 1] = -0.02
    offsets[[4, 5], 1], offsets[[7, 8], 1] = -0.45, -0.44
    offsets[0, 1] = 0.02 + 0.45 + 0.44 + 0.05 + 0.01
    feet, before = fit_to(walk, canonical(offsets)).world()[0][:, (10, 11)], walk.world()[0][:, (10, 11)]
    assert np.abs(feet[..., 1].min(axis=0) - before[..., 1].min(axis=0)).max() < 0.015


def heading_frame(clip: Clip) -> np.ndarray:
    """Joint positions [T, 22, 3] relative to the root, seen from its heading: x left, z ahead."""
    positions, world = clip.world()
    return rot.rotate(rot.from_yaw(-rot.yaw_of(world[:, 0]))[:, None].astype(np.float32), positions - positions[:, :1])


@pytest.mark.parametrize("kind", ["bandai", "cmu_bvh", "cmu_amc", "dance", "idle"])
def test_real_rigs_stand_like_people(sample_clip: Callable[[str], Path], kind: str) -> None:
    clip = to_canonical(formats.read(sample_clip(kind)).slice(5))
    bones = clip.skeleton.offsets
    assert 0.7 < bones[0, 1] < 1.1  # pelvis height, metres
    np.testing.assert_allclose(bones[[4, 5, 7, 8]][:, [0, 2]], 0, atol=1e-3)
    np.testing.assert_allclose(bones[[18, 19, 20, 21]][:, [1, 2]], 0, atol=1e-3)
    assert (bones[[1, 16, 18, 20], 0] > 0).all()
    assert (bones[[2, 17, 19, 21], 0] < 0).all()
    np.testing.assert_allclose(bones[[10, 11], 0], 0, atol=1e-3)
    positions = heading_frame(clip)
    for left, right in ((1, 2), (16, 17)):
        assert (positions[:, left, 0] > positions[:, right, 0]).mean() > 0.95
    assert np.median(positions[:, 15, 1] - positions[:, 9, 1]) > 0.1  # the head is up
    for ankle, foot in ((7, 10), (8, 11)):
        assert np.median(positions[:, foot, 2] - positions[:, ankle, 2]) > 0.03  # feet point ahead
    feet = clip.world()[0][:, (10, 11), 1].min(axis=1)
    assert 0.0 < np.median(feet) < 0.08


@pytest.mark.parametrize("kind", ["bandai", "cmu_bvh", "cmu_amc", "dance"])
def test_real_knees_and_elbows_bend_the_right_way(sample_clip: Callable[[str], Path], kind: str) -> None:
    bend = np.degrees(rot.log(to_canonical(formats.read(sample_clip(kind)).slice(5)).rotations))
    assert (bend[:, (4, 5), 0].mean(axis=0) > 10).all()  # shins swing backwards: about +x
    assert np.percentile(bend[:, (4, 5), 0], 2) > -15
    assert bend[:, 18, 1].mean() < -10  # the left forearm swings forwards about -y, the right one about +y
    assert bend[:, 19, 1].mean() > 10


def test_raised_right_hand_rises(sample_clip: Callable[[str], Path]) -> None:
    positions = heading_frame(to_canonical(formats.read(sample_clip("bandai_raise"))))
    rise = positions[:, (20, 21), 1] - positions[:1, (20, 21), 1]
    assert rise[:, 1].max() > 0.4
    assert np.abs(rise[:, 0]).max() < 0.1
    assert (positions[:, 21, 0] < 0.1).all()


def test_bvh_and_asf_agree(sample_clip: Callable[[str], Path]) -> None:
    """The same trial by two conventions; the conversion to BVH lost the thorax bone, whose length the profile borrows."""
    bvh, asf = (to_canonical(clip) for clip in (formats.read(sample_clip("cmu_bvh")).slice(1), formats.read(sample_clip("cmu_amc"))))
    assert len(bvh) == len(asf) == 343
    distance = np.linalg.norm(bvh.world()[0] - asf.world()[0], axis=-1)
    print(f"canonical joints of 02_01, BVH against ASF/AMC: mean {100 * distance.mean():.2f} cm, max {100 * distance.max():.2f} cm")
    assert distance.mean() < 0.03
    assert distance.max() < 0.03
    assert np.degrees(rot.angle_between(bvh.rotations, asf.rotations)).max() < 1.0
