"""A rig that motion is put on: a profile and the skeleton it speaks of, in metres with Y up."""

from dataclasses import dataclass, replace

import numpy as np

from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.aligned import rest_world
from motionwire.motion.profile import Profile
from motionwire.motion.retarget import FEET, MAIN_CHILD, UP_TO_Y, axes_to_quaternion
from motionwire.motion.skeleton import JOINT_NAMES, PARENTS, REFERENCE, Skeleton

HIGHEST_TOE = 0.15  # m above y = 0 up to which the feet of a skeleton at rest are taken to stand there

# A skeleton made after the reference one stands in the reference's own T-pose, shins a little backwards and all.
_REFERENCE_BONES = {name: (x, y, z) for name, child in MAIN_CHILD.items() for x, y, z in [REFERENCE.offsets[child].tolist()]}


@dataclass(frozen=True)
class Rig:
    """A profile with lengths in metres and a skeleton that has every joint it names."""

    profile: Profile
    skeleton: Skeleton


def rig_of(profile: Profile, skeleton: Skeleton | None = None) -> Rig:
    """The rig of a profile; skeleton None: the one that the profile describes. Raises InputError for joints that are missing."""
    if skeleton is None:
        skeleton, profile = _described(profile), replace(profile, bones={**profile.bones, **_REFERENCE_BONES})
    if lacking := profile.lacking(skeleton):
        raise InputError(f"profile {profile.name!r} needs joints that the skeleton lacks: {', '.join(lacking)}")
    skeleton = _in_metres(skeleton, profile)
    feet = [skeleton.index(profile.joints[JOINT_NAMES[joint]].joint) for joint in FEET]
    toe_height = float(rest_world(skeleton)[0][feet, 1].min())
    if any(profile.joints[JOINT_NAMES[joint]].towards for joint in FEET) or not 0 <= toe_height <= HIGHEST_TOE:
        toe_height = profile.toe_height
    return Rig(replace(profile, metres_per_unit=1.0, up="y", toe_height=toe_height), skeleton)


def _in_metres(skeleton: Skeleton, profile: Profile) -> Skeleton:
    offsets, rest = skeleton.offsets.copy(), skeleton.rest.copy()
    for name, length in profile.lengths.items():
        offsets[skeleton.index(name)] = offsets[skeleton.index(length.like)] * length.scale
    if skeleton.in_metres:
        return replace(skeleton, offsets=offsets, metres=True)
    upright, unit = UP_TO_Y[profile.up], np.float32(profile.metres_per_unit)
    offsets[0], rest[0] = rot.rotate(upright, offsets[0]), rot.multiply(upright, rest[0])
    tips = {joint: (x * float(unit), y * float(unit), z * float(unit)) for joint, (x, y, z) in skeleton.end_sites.items()}
    return replace(skeleton, offsets=offsets * unit, end_sites=tips, rest=rest, metres=True)


def _described(profile: Profile) -> Skeleton:
    """The skeleton of the profile's [skeleton]: canonical joints where the reference skeleton has them, axes as the profile says."""
    if not profile.skeleton:
        raise InputError(f"profile {profile.name!r} describes no skeleton: give it a character (motionwire rig guess FILE makes one)")
    canonical = np.zeros((len(JOINT_NAMES), 3), dtype=np.float32)
    for joint, parent in enumerate(PARENTS):
        canonical[joint] = REFERENCE.offsets[joint] + (canonical[parent] if parent >= 0 else 0)
    played = {profile.joints[name].joint: canonical[joint] for joint, name in reversed(list(enumerate(JOINT_NAMES)))}
    names = tuple(profile.skeleton)
    parents: list[int] = []
    places: list[np.ndarray] = []
    world: list[np.ndarray] = []
    for name, bone in profile.skeleton.items():
        if bone.parent and bone.parent not in names[: len(places)]:
            raise InputError(f"profile {profile.name!r}: [skeleton] {name!r} comes before its parent {bone.parent!r}")
        parent = names.index(bone.parent) if bone.parent else -1
        start = places[parent] if parent >= 0 else np.zeros(3, dtype=np.float32)
        if bone.towards is not None and bone.towards not in played:
            raise InputError(f"profile {profile.name!r}: [skeleton] {name!r} lies towards {bone.towards!r}, which plays no canonical joint")
        end = start if bone.towards is None else played[bone.towards]
        parents.append(parent)
        places.append(played.get(name, start + np.float32(bone.fraction) * (end - start)))
        own = world[parent] if parent >= 0 else rot.IDENTITY
        world.append(axes_to_quaternion(profile.axes[name]) if name in profile.axes else own)
    offsets, rest = np.stack(places), np.stack(world)
    for joint in reversed(range(1, len(names))):
        back = rot.inverse(rest[parents[joint]])
        offsets[joint] = rot.rotate(back, offsets[joint] - offsets[parents[joint]])
        rest[joint] = rot.multiply(back, rest[joint])
    return Skeleton(names, tuple(parents), offsets, rest=rest, metres=True)
