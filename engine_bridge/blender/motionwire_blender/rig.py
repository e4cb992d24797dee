"""An armature as numbers: what its bones are called, how they hang together and how they stand at rest.

All in the armature's own space, whatever its unit, its object's transform or its axes.
"""

from dataclasses import dataclass

import numpy as np

from . import rotations as rot


@dataclass(frozen=True)
class Rig:
    """Bones with parents before children. parents: index or -1; heads [B, 3] and rest [B, 4] (xyzw): the rest pose in armature space;
    inherits [B]: whether a bone turns with its parent; local_location [B]: whether its location counts along its own axes; connected [B]:
    whether it has none; held [B]: whether constraints move it."""

    names: list
    parents: list
    heads: np.ndarray
    rest: np.ndarray
    inherits: list
    local_location: list
    connected: list
    held: list

    def index(self, name):
        """Index of a bone."""
        return self.names.index(name)

    def ancestors(self, bone):
        """Indices of a bone's parents, the nearest first."""
        found = []
        while (bone := self.parents[bone]) >= 0:
            found.append(bone)
        return found


def read(armature):
    """The Rig of an armature object."""
    bones = list(armature.data.bones)  # Blender keeps parents before children
    index = {bone.name: number for number, bone in enumerate(bones)}
    matrices = np.array([bone.matrix_local for bone in bones], np.float64).reshape(-1, 4, 4)
    return Rig(
        names=list(index),
        parents=[index[bone.parent.name] if bone.parent else -1 for bone in bones],
        heads=matrices[:, :3, 3],
        rest=rot.from_matrix(matrices[:, :3, :3]),
        inherits=[bone.use_inherit_rotation for bone in bones],
        local_location=[bone.use_local_location for bone in bones],
        connected=[bone.use_connect for bone in bones],
        held=[any(not constraint.mute for constraint in armature.pose.bones[bone.name].constraints) for bone in bones],
    )
