"""Rest-pose-aware retargeting: any rig with a profile to the 22 canonical joints, and canonical clips to other proportions.

A source joint's world rotation W(t) means nothing by itself: its local axes are the rig's own. The profile says what they are
in a T-pose, G; then W(t) * inverse(G) is how far the joint has turned from the T-pose, in world axes, on every rig alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.ground import on_the_ground
from motionwire.motion.profile import END_SITE, Place, Profile
from motionwire.motion.profiles import detect, fitting
from motionwire.motion.reorder import has_canonical_joints, in_canonical_order
from motionwire.motion.size import is_likely, likeliest_unit
from motionwire.motion.skeleton import JOINT_NAMES, PARENTS, REFERENCE, Skeleton, canonical

Array = NDArray[np.float32]

HIPS, LEGS, FEET = (1, 2), ((1, 4, 7, 10), (2, 5, 8, 11)), (10, 11)
# The bone whose T-pose direction is known, joint -> child.
MAIN_CHILD = {"left_hip": 4, "right_hip": 5, "left_knee": 7, "right_knee": 8, "left_ankle": 10, "right_ankle": 11} | {
    "left_shoulder": 18, "right_shoulder": 19, "left_elbow": 20, "right_elbow": 21,
}  # fmt: skip
UP_TO_Y = {"y": rot.IDENTITY, "z": np.array([-np.sqrt(0.5), 0, 0, np.sqrt(0.5)], dtype=np.float32)}


def to_canonical(clip: Clip, profile: Profile | None = None, own: Sequence[Profile] = ()) -> Clip:
    """The clip on the canonical joints: metres, Y up, T-pose-relative rotations, bone lengths of the source, no translations.

    profile None: detected from the joint names, `own` before the built-in ones, whose unit and vertical axis are the rig's usual ones
    unless no figure comes of them. A canonical clip comes back as it is. Raises
    InputError for an unknown rig, naming the joints that it lacks. The skeleton's root offset holds the pelvis height of the upright
    T-pose.
    """
    profile = profile or fitting(clip.skeleton, own)
    if clip.skeleton.is_canonical and profile is None:
        return replace(clip, translations=None)
    if has_canonical_joints(clip.skeleton) and profile is None:
        return in_canonical_order(clip)
    where = clip.name or None
    built_in = profile is None
    profile = (profile or detect(clip.skeleton, where, own)).for_names(clip.skeleton)
    profile = for_units(profile, clip.skeleton)
    if lacking := profile.lacking(clip.skeleton):
        raise InputError(f"profile {profile.name!r} needs joints that the clip lacks: {', '.join(lacking)}", where)
    clip = _with_lengths(_upper_tree(clip, profile), profile)
    if built_in:
        profile = _as_drawn(profile, clip.skeleton)
    pose = t_pose(clip.skeleton, profile)
    world, positions = _canonical_world(clip, pose, profile)
    local = world.copy()
    local[:, 1:] = rot.multiply(rot.inverse(world[:, PARENTS[1:]]), world[:, 1:])
    roots = (positions * profile.metres_per_unit).astype(np.float32)
    result = Clip(canonical(pose.offsets), clip.fps, roots, rot.normalize(local), name=clip.name)
    return on_the_ground(result, profile.toe_height) if profile.ground == "fit" else result


def fit_to(clip: Clip, skeleton: Skeleton = REFERENCE) -> Clip:
    """A canonical clip on other bone lengths, same rotations; the hips' path scales with the legs, so that feet stay on the ground."""
    if not clip.skeleton.is_canonical or not skeleton.is_canonical:
        raise InputError("only canonical clips and skeletons can be fitted", clip.name or None)
    ratio = leg_height(skeleton) / leg_height(clip.skeleton)
    hips, fitted_hips = (s.offsets[list(HIPS)].mean(axis=0) for s in (clip.skeleton, skeleton))
    pelvis = clip.rotations[:, 0]
    centre = (clip.root_positions + rot.rotate(pelvis, hips)) * ratio
    standing = skeleton.offsets[0, 1] + fitted_hips[1] - (clip.skeleton.offsets[0, 1] + hips[1]) * ratio
    roots = centre + np.array([0, standing, 0], dtype=np.float32) - rot.rotate(pelvis, fitted_hips)
    return Clip(skeleton, clip.fps, roots.astype(np.float32), clip.rotations, name=clip.name)


@dataclass(frozen=True)
class TPose:
    """The T-pose of a source rig: canonical joints' rotations [22, 4] (the G above, source axes to world), their points in the
    source joints' local axes [22, 3] (file units), and the canonical bone offsets [22, 3] (metres)."""

    rotations: Array
    points: Array
    offsets: Array


def for_units(profile: Profile, skeleton: Skeleton) -> Profile:
    """The profile for a skeleton that may have come in metres, Y up (GLB, USD), whatever the rig's own files are in."""
    return replace(profile, metres_per_unit=1.0, up="y") if skeleton.in_metres else profile


def _as_drawn(profile: Profile, skeleton: Skeleton) -> Profile:
    """The profile with the unit and the vertical axis that make a figure of the skeleton: many programs draw the same rig in centimetres
    or, as Blender writes BVH, in metres with Z up, and the file does not say."""
    places = _places(skeleton, _turned(skeleton, profile))
    head, *ankles = (places[skeleton.index(profile.joints[name].joint)] for name in ("head", "left_ankle", "right_ankle"))
    up_to_head = head - np.mean(ankles, axis=0)
    if abs(up_to_head[1]) < abs(up_to_head[2]):
        profile = replace(profile, up="z" if profile.up == "y" else "y")
    height = float(np.linalg.norm(up_to_head))
    return profile if is_likely(height, profile.metres_per_unit) else replace(profile, metres_per_unit=likeliest_unit(height))


def t_pose(skeleton: Skeleton, profile: Profile) -> TPose:
    """How the rig of a profile stands in a T-pose; the skeleton has every joint that the profile names."""
    turned = _turned(skeleton, profile)
    positions = _places(skeleton, turned)
    joints = [skeleton.index(profile.joints[name].joint) for name in JOINT_NAMES]
    unit = profile.metres_per_unit
    points = np.stack([_point(skeleton, profile.joints[name], turned, positions, unit) for name in JOINT_NAMES])
    places = positions[joints] + rot.rotate(turned[joints], points)
    bones = places - places[list(PARENTS)]
    aims = np.tile(rot.IDENTITY, (len(JOINT_NAMES), 1))
    for name, child in MAIN_CHILD.items():
        bone = rot.normalize(bones[child])
        aim = profile.bones.get(name, (0.0, bone[1], np.hypot(bone[0], bone[2])))  # ankles: straight ahead, as steep as it is
        aims[JOINT_NAMES.index(name)] = rot.between(bone, rot.normalize(np.array(aim, dtype=np.float32)))
    for joint, parent in enumerate(PARENTS):  # a bone's tip turns with the bone, a hand with its forearm, toes with their foot
        carried = JOINT_NAMES[joint] not in MAIN_CHILD and skeleton.names[joints[joint]] not in profile.axes
        if parent >= 0 and (carried or joints[joint] == joints[parent]):
            aims[joint] = aims[parent]
    offsets = rot.rotate(aims[list(PARENTS)], bones) * unit
    drop = min(sum(offsets[joint][1] for joint in leg) for leg in LEGS)
    offsets[0] = (0, profile.toe_height - drop, 0)
    return TPose(rot.multiply(aims, turned[joints]), points, offsets)


def _turned(skeleton: Skeleton, profile: Profile) -> Array:
    """World rotations [J, 4] of the source joints in a T-pose, bones not yet straightened."""
    turned = np.tile(rot.IDENTITY, (len(skeleton), 1))
    for joint, parent in enumerate(skeleton.parents):
        name = skeleton.names[joint]
        turned[joint] = rot.multiply(turned[parent] if parent >= 0 else UP_TO_Y[profile.up], skeleton.rest[joint])
        if name in profile.axes:
            turned[joint] = axes_to_quaternion(profile.axes[name])
        if name in profile.degrees:
            x, y, z = (rot.from_axis_angle(axis, np.radians(angle)) for axis, angle in zip(np.eye(3), profile.degrees[name], strict=True))
            turned[joint] = rot.multiply(turned[joint], rot.multiply(z, rot.multiply(y, x)))
    return turned


def _places(skeleton: Skeleton, turned: Array) -> Array:
    """World positions [J, 3] of joints that are turned so in the world [J, 4], the root being at the origin."""
    positions = np.zeros((len(skeleton), 3), dtype=np.float32)
    for joint, parent in enumerate(skeleton.parents[1:], start=1):
        positions[joint] = positions[parent] + rot.rotate(turned[parent], skeleton.offsets[joint])
    return positions


def axes_to_quaternion(text: str) -> Array:
    """Quaternion [4] whose local x and y axes point as in "+y -x"."""
    x, y = (np.eye(3, dtype=np.float32)["xyz".index(word[1])] * (1 if word[0] == "+" else -1) for word in text.split())
    return rot.from_matrix(np.stack((x, y, np.cross(x, y)), axis=-1))


def _point(skeleton: Skeleton, place: Place, turned: Array, positions: Array, unit: float) -> Array:
    """A place as a point [3] in its joint's local axes, file units."""
    joint = skeleton.index(place.joint)
    if place.offset is not None:
        return rot.rotate(rot.inverse(turned[joint]), np.array(place.offset, dtype=np.float32) / np.float32(unit))
    if place.towards is None:
        return np.zeros(3, dtype=np.float32)
    if place.towards == END_SITE:
        return np.array(skeleton.end_sites[joint], dtype=np.float32) * place.fraction
    bone = positions[skeleton.index(place.towards)] - positions[joint]
    return rot.rotate(rot.inverse(turned[joint]), bone) * place.fraction


def _canonical_world(clip: Clip, pose: TPose, profile: Profile) -> tuple[Array, Array]:
    """T-pose-relative world rotations [T, 22, 4] and the pelvis' path [T, 3] in file units, both Y up."""
    upright = UP_TO_Y[profile.up]
    positions, world = clip.world()
    joints = [clip.skeleton.index(profile.joints[name].joint) for name in JOINT_NAMES]
    pelvis = positions[:, joints[0]] + rot.rotate(world[:, joints[0]], pose.points[0])
    turned = rot.multiply(rot.multiply(upright, world[:, joints]), rot.inverse(pose.rotations))
    return turned, rot.rotate(upright, pelvis)


def _upper_tree(clip: Clip, profile: Profile) -> Clip:
    """The clip without the joints that the profile does not need (fingers, eyes)."""
    skeleton = clip.skeleton
    needed = np.isin(skeleton.names, sorted(profile.source_joints()))
    for joint in reversed(range(1, len(skeleton))):
        needed[skeleton.parents[joint]] |= needed[joint]
    keep = np.flatnonzero(needed)
    index = {int(old): new for new, old in enumerate(keep)}
    parents = tuple(index.get(skeleton.parents[joint], -1) for joint in keep)
    ends = {index[joint]: tip for joint, tip in skeleton.end_sites.items() if joint in index}
    names = tuple(skeleton.names[joint] for joint in keep)
    small = Skeleton(names, parents, skeleton.offsets[keep], ends, skeleton.rest[keep], skeleton.metres)
    translations = None if clip.translations is None else clip.translations[:, keep]
    return replace(clip, skeleton=small, rotations=clip.rotations[:, keep], translations=translations)


def _with_lengths(clip: Clip, profile: Profile) -> Clip:
    """The clip with bone offsets that hold while it moves, and with those that the file lacks."""
    skeleton, translations = clip.skeleton, clip.translations
    offsets = skeleton.offsets.copy() if translations is None else np.median(translations, axis=0)
    for name, length in profile.lengths.items():
        offsets[skeleton.index(name)] = offsets[skeleton.index(length.like)] * length.scale
        if translations is not None:
            translations = translations.copy()
            translations[:, skeleton.index(name)] = offsets[skeleton.index(name)]
    return replace(clip, skeleton=replace(skeleton, offsets=offsets), translations=translations)


def leg_height(skeleton: Skeleton) -> float:
    """Height of the hip joints above the foot joints in the T-pose, metres."""
    return float(-np.mean([sum(skeleton.offsets[joint][1] for joint in leg[1:]) for leg in LEGS]))
