"""Retargeting profiles: which joint of a rig plays which canonical joint and how the rig's axes stand in a T-pose.

A profile is data, a TOML file under `profiles/` or the user's own; a new rig is a new file. It serves both ways: clips of the rig
are read with it (retarget.py), and motion is put on the rig with it (retarget_to.py; "source" below is the rig then). A T-pose is
described as what differs from the rest pose in which all local rotations are identities. The keys:

    name, metres_per_unit, up ("y" or "z": the file's vertical axis)
    ground            "file": the file's floor is y = 0; "fit": the lowest stance of the feet is put on it
    toe_height        metres, how high the canonical foot joint (the ball of the foot) is while the sole is flat
    [joints]          canonical joint = "source joint", or a point fixed to a joint on its way to another one:
                      { joint = "chest", towards = "neck", fraction = 0.3 }; towards = "end site" is the bone's own tip;
                      or { joint = "foot", offset = [0, -0.05, 0.13] }: that far (metres) from the joint in a T-pose
    [t_pose.axes]     source joint = "+y -x": where its local x and y axes point in a T-pose (children follow)
    [t_pose.degrees]  source joint = [x, y, z]: turned by these angles about its local axes (x first, then y, then z; children follow)
    [t_pose.bones]    canonical joint = [x, y, z]: where its bone points in a T-pose; knees, elbows and so on have it already
    [lengths]         source joint = { like = "other joint", scale = 1.0 }: bone offsets that the file lacks
    character         the file that holds the rig's skeleton, beside the profile: motion is put on exactly that one
    root_motion       true: the skeleton's root follows the pelvis over the ground and turns with the heading
    [skeleton]        where there is no character: joint = "parent" ("" for the root), or a joint of the rig's own on its parent's
                      bone: { parent = "upperarm_l", towards = "lowerarm_l", fraction = 0.5 }. An adult of 1.72 m stands for it

Axes in a T-pose are the canonical ones: the left is +x, up +y, facing +z.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Annotated

import msgspec

from motionwire.errors import InputError
from motionwire.motion.skeleton import JOINT_NAMES, Skeleton

END_SITE = "end site"
Number = Annotated[float, msgspec.Meta(ge=-1e6, le=1e6)]  # finite, when it comes out of a file
Vector = tuple[Number, Number, Number]
AXES = re.compile("([+-])([xyz]) ([+-])(?!\\2)([xyz])")

# Where canonical bones point in a T-pose, joint -> direction of the bone that starts there.
BONES: Mapping[str, Vector] = MappingProxyType(
    {
        **dict.fromkeys(("left_hip", "right_hip", "left_knee", "right_knee"), (0.0, -1.0, 0.0)),
        **dict.fromkeys(("left_shoulder", "left_elbow"), (1.0, 0.0, 0.0)),
        **dict.fromkeys(("right_shoulder", "right_elbow"), (-1.0, 0.0, 0.0)),
    }
)


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point that moves rigidly with a source joint: at the joint, `fraction` of the way `towards` another one, or `offset` from it."""

    joint: str
    towards: str | None = None
    fraction: Number = 1.0
    offset: Vector | None = None


class Length(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bone offset copied from another joint's, times `scale`."""

    like: str
    scale: Number = 1.0


class Bone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A joint of a rig's skeleton: its parent, and where it is if it plays no canonical joint (at its parent, or further on)."""

    parent: str
    towards: str | None = None
    fraction: Number = 0.0


@dataclass(frozen=True)
class Profile:
    """One rig; the fields are those of the file, see the module's docstring."""

    name: str
    joints: Mapping[str, Place]
    metres_per_unit: float
    up: str = "y"
    ground: str = "file"
    toe_height: float = 0.03
    degrees: Mapping[str, Vector] = field(default_factory=dict)
    axes: Mapping[str, str] = field(default_factory=dict)
    bones: Mapping[str, Vector] = field(default_factory=lambda: BONES)
    lengths: Mapping[str, Length] = field(default_factory=dict)
    character: str | None = None
    root_motion: bool = False
    skeleton: Mapping[str, Bone] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lacking = [name for name in JOINT_NAMES if name not in self.joints]
        unknown = [name for name in (*self.joints, *self.bones) if name not in JOINT_NAMES]
        if lacking or unknown:
            told = [f"{what}: {', '.join(names)}" for what, names in (("lacking", lacking), ("unknown", unknown)) if names]
            raise InputError(f"profile {self.name!r}: canonical joints {'; '.join(told)}")
        if not 0 < self.metres_per_unit < 1000:
            raise InputError(f"profile {self.name!r}: metres_per_unit {self.metres_per_unit} is not a positive length")
        for joint, bone in self.skeleton.items():
            if bone.parent and bone.parent not in self.skeleton:
                raise InputError(f"profile {self.name!r}: [skeleton] {joint!r} has the parent {bone.parent!r}, which is not in it")
        for joint, axes in self.axes.items():
            if not AXES.fullmatch(axes):
                raise InputError(f"profile {self.name!r}: axes {axes!r} of {joint!r} are not two different directions such as '+y -x'")
        for joint, direction in self.bones.items():
            if not any(direction):
                raise InputError(f"profile {self.name!r}: the bone {joint!r} points nowhere")
        for key, value, allowed in (("up", self.up, ("y", "z")), ("ground", self.ground, ("file", "fit"))):
            if value not in allowed:
                raise InputError(f"profile {self.name!r}: {key} is {value!r}, not one of {', '.join(allowed)}")

    def source_joints(self) -> set[str]:
        """Names of every source joint the profile speaks of."""
        places = self.joints.values()
        names = {place.joint for place in places} | {place.towards for place in places if place.towards and place.towards != END_SITE}
        names |= {length.like for length in self.lengths.values()}
        return names.union(self.lengths, self.degrees, self.axes)

    def lacking(self, skeleton: Skeleton) -> list[str]:
        """Source joints and end sites that the profile needs and the skeleton has not."""
        names = [name for name in sorted(self.source_joints()) if name not in skeleton.names]
        for place in self.joints.values():
            if place.towards == END_SITE and place.joint in skeleton.names and skeleton.index(place.joint) not in skeleton.end_sites:
                names.append(f"{place.joint} {END_SITE}")
        return names

    def for_names(self, skeleton: Skeleton) -> "Profile":
        """The profile with the prefix that this skeleton's names have instead of the profile's ("mixamorig1:" for "mixamorig:")."""
        if not self.lacking(skeleton):
            return self
        own, _, hips = self.joints["pelvis"].joint.rpartition(":")
        own += ":" if own else ""
        for name in skeleton.names:
            if name.endswith(hips) and name != own + hips:
                renamed = self._renamed(own, name.removesuffix(hips))
                if not renamed.lacking(skeleton):
                    return renamed
        return self

    def _renamed(self, old: str, new: str) -> "Profile":
        def name(joint: str) -> str:
            return new + joint.removeprefix(old)

        def place(at: Place) -> Place:
            towards = at.towards if at.towards in (None, END_SITE) else name(str(at.towards))
            return msgspec.structs.replace(at, joint=name(at.joint), towards=towards)

        return replace(
            self,
            joints={joint: place(at) for joint, at in self.joints.items()},
            degrees={name(joint): angles for joint, angles in self.degrees.items()},
            axes={name(joint): axes for joint, axes in self.axes.items()},
            lengths={name(joint): msgspec.structs.replace(length, like=name(length.like)) for joint, length in self.lengths.items()},
        )
