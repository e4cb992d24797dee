"""Canonical motion on any rig, by its T-pose: `bone = motion * T-pose`, in the world, whatever the bones' own axes, rolls and lengths.

The rest pose need not be a T-pose: arms and legs are turned to where the motion's own skeleton has them in one (arms sideways, legs
down), from the hip or shoulder outwards, so that what hangs on a bone turns with it; feet keep to the ground and turn ahead; trunk and
head count as they rest. Bones that play no joint (twist bones, extra spine bones, fingers) keep their rest pose. Canonical axes:
right-handed, Y up, facing +Z, left +X, metres.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from . import rotations as rot
from .packed import JOINTS, PARENTS
from .standing import LEGS, RigError, Standing

LIMBS = {  # bones that point the same way in every T-pose: joint -> the joint at the other end
    f"{side}_{joint}": f"{side}_{child}"
    for side in ("left", "right")
    for joint, child in (("hip", "knee"), ("knee", "ankle"), ("ankle", "foot"), ("shoulder", "elbow"), ("elbow", "wrist"))
}
HIPS = [JOINTS.index("left_hip"), JOINTS.index("right_hip")]
FEET = ("left_foot", "right_foot")


@dataclass(frozen=True)
class Pose:
    """What a rig's bones are set to, frame by frame. bones [K]: indices into the rig; rotations [T, K, 4] (xyzw): their own, from
    rest; location [T, 3]: that of the first of them, from rest; between: those that play no joint, and are to be at rest."""

    bones: list
    rotations: np.ndarray
    location: np.ndarray
    between: frozenset


class Retarget:
    """Motion of one skeleton on a rig whose bones play joints. bones: canonical joint -> names of the bones that play it, the first one
    stands at the joint; offsets [22, 3]: rest offsets of the motion's skeleton, m. Raises RigError for a rig that cannot be animated so."""

    def __init__(self, rig, bones, offsets):
        self.rig = rig
        self._offsets = offsets
        self.stands = Standing(rig, bones)
        self._aims = self._t_pose()
        self._joint_of = {bone: joint for joint, played in reversed(self.stands.played.items()) for bone in played}
        self._chain = self._moved()
        if rig.connected[self._chain[0]]:
            name = rig.names[self._chain[0]]
            raise RigError(f"bone {name!r} is connected to its parent and cannot move: disconnect it in the armature's edit mode")
        played = {bones[0] for bones in self.stands.played.values()}
        self._set = [bone for bone in self._chain if bone in played or not rig.held[bone]]

    @property
    def held_back(self):
        """Names of bones that play a joint but are moved by constraints: they will not do what the motion says."""
        return [self.rig.names[bones[0]] for bones in self.stands.played.values() if self.rig.held[bones[0]]]

    def pose(self, roots, rotations):
        """The Pose of canonical frames: roots [T, 3] in m, local rotations [T, 22, 4]."""
        world = rotations.astype(np.float64)
        for joint, parent in enumerate(PARENTS[1:], start=1):
            world[:, joint] = rot.multiply(world[:, parent], world[:, joint])
        turned = {joint: self._turned(joint, world[:, JOINTS.index(joint)]) for joint in self.stands.played}
        own, posed = self._rotations(turned)
        root = self._chain[0]
        location = self._hips_path(roots, world[:, 0]) - self._hips(posed)
        if self.rig.local_location[root]:
            location = rot.rotate(rot.inverse(self.rig.rest[root]), location)
        between = frozenset(bone for bone in self._set if bone not in self._joint_of)
        return Pose(self._set, np.stack([own[bone] for bone in self._set], axis=1), location, between)

    def _turned(self, joint, world):
        """How far a joint's bones have turned since rest [T, 4], armature space, from its T-pose-relative rotation in the world."""
        to = self.stands.axes
        return rot.multiply(rot.multiply(to, rot.multiply(world, self._aims[joint])), rot.inverse(to))

    def _rotations(self, turned):
        """({bone: its own rotation [T, 4]}, {bone: that in armature space}), from how far each joint's bones have turned."""
        rig, own, posed = self.rig, {}, {}
        for bone in self._chain:
            parent = rig.parents[bone]
            held = np.broadcast_to(rig.rest[bone], turned["pelvis"].shape)
            if parent in posed and rig.inherits[bone]:
                held = rot.multiply(posed[parent], rot.multiply(rot.inverse(rig.rest[parent]), rig.rest[bone]))
            joint = self._joint_of.get(bone)
            posed[bone] = held if joint is None else rot.multiply(turned[joint], rig.rest[bone])
            own[bone] = rot.multiply(rot.inverse(held), posed[bone])
        return own, posed

    def _hips(self, posed):
        """The middle of the hip joints [T, 3], armature space, while the root turns but stays where it rests."""
        rig, root, heads = self.rig, self._chain[0], {}
        for bone in self._chain:
            parent = rig.parents[bone]
            if bone == root:
                heads[bone] = np.broadcast_to(rig.heads[bone], (*posed[bone].shape[:-1], 3))
            else:
                turn = rot.multiply(posed[parent], rot.inverse(rig.rest[parent]))
                heads[bone] = heads[parent] + rot.rotate(turn, rig.heads[bone] - rig.heads[parent])
        return (heads[self.stands.played["left_hip"][0]] + heads[self.stands.played["right_hip"][0]]) / 2

    def _hips_path(self, roots, pelvis):
        """The middle of the hip joints [T, 3], armature space: the clip's, in the proportion of the legs; T-pose goes to T-pose."""
        middle = self._offsets[HIPS].mean(axis=0)
        path = roots + rot.rotate(pelvis, middle) - (self._offsets[0] + middle)
        own = np.mean([self._leg(leg, self._in_t_pose) for leg in LEGS])
        scale = own / np.mean([self._leg(leg, lambda _, child: self._offset(child)) for leg in LEGS])
        straightened = own - np.mean([self._leg(leg, self.stands.bone) for leg in LEGS])
        at_rest = (self.stands.place("left_hip") + self.stands.place("right_hip")) / 2
        return at_rest + rot.rotate(self.stands.axes, scale * path + np.array([0, straightened, 0]))

    def _moved(self):
        """Bones that play a joint and those between them, the root first, parents before children; what is above the root is the user's."""
        root = self.stands.played["pelvis"][0]
        above = set(self.rig.ancestors(root))
        moved = set()
        for bone in self._joint_of:
            line = [bone, *self.rig.ancestors(bone)]
            if root not in line:
                raise RigError(f"bone {self.rig.names[bone]!r} does not hang on {self.rig.names[root]!r}, so it cannot go with it")
            moved.update(line)
        return [bone for bone in range(len(self.rig.names)) if bone in moved - above]

    def _t_pose(self):
        """How far each joint turns from the rest pose to the T-pose {joint: [4]}, canonical axes."""
        aims = {}
        for number, joint in enumerate(JOINTS):
            aim = aims[JOINTS[PARENTS[number]]] if PARENTS[number] >= 0 else rot.IDENTITY.astype(np.float64)
            child = LIMBS.get(joint)
            if child in FEET:
                aim = rot.from_yaw(0.0)  # without toes: ahead as it rests
            if child in self.stands.played and joint in self.stands.played:
                bone, wanted = self.stands.bone(joint, child), self._in_t_pose(joint, child)
                if not np.linalg.norm(bone) > 0:
                    raise RigError(f"the bones for {joint} and {child} start at one point")
                if child in FEET:
                    aim = rot.from_yaw(np.arctan2(wanted[0], wanted[2]) - np.arctan2(bone[0], bone[2]))
                else:
                    aim = rot.multiply(rot.between(rot.rotate(aim, rot.normalize(bone)), rot.normalize(wanted)), aim)
            aims[joint] = aim
        return aims

    def _in_t_pose(self, joint, child):
        """A limb's bone [3] in the T-pose, canonical axes and armature units; feet point ahead, as steep as they rest."""
        bone, told = self.stands.bone(joint, child), self._offset(child)
        if child not in FEET:
            return np.linalg.norm(bone) * rot.normalize(told)
        ahead = rot.normalize(told[[0, 2]]) * np.hypot(bone[0], bone[2])
        return np.array([ahead[0], bone[1], ahead[1]])

    def _offset(self, joint):
        return self._offsets[JOINTS.index(joint)]

    def _leg(self, leg, bone_of):
        """How far the hip is above the lowest joint of a leg that the rig has; bone_of(joint, child): the bones [3]."""
        joints = [joint for joint in leg if joint in self.stands.played]
        return -sum(bone_of(joint, child)[1] for joint, child in itertools.pairwise(joints))
