"""How a rig stands at rest: which bones play which joints, where those are, and where its left, its top and its front point."""

import itertools

import numpy as np

from . import rotations as rot

NEEDED = (
    "pelvis", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
)  # fmt: skip
LEGS = (("left_hip", "left_knee", "left_ankle", "left_foot"), ("right_hip", "right_knee", "right_ankle", "right_foot"))
SNAP = np.radians(25)  # a character that stands nearly along the armature's axes stands along them


class RigError(ValueError):
    """An armature that cannot be animated as it is asked for; for people."""


class Standing:
    """played: joint -> indices of its bones; axes [4]: the rotation from canonical axes to the armature's."""

    def __init__(self, rig, bones):
        self._rig = rig
        self.played = {joint: [rig.index(name) for name in names] for joint, names in bones.items()}
        missing = [joint for joint in NEEDED if not self.played.get(joint)]
        if missing:
            raise RigError(f"the armature has no bone for {', '.join(missing)}")
        self.axes = self._axes()

    def place(self, joint):
        """Where a joint rests [3], armature space."""
        return self._rig.heads[self.played[joint][0]]

    def bone(self, joint, child):
        """From a joint to another one at rest [3]: canonical axes, armature units."""
        return rot.rotate(rot.inverse(self.axes), self.place(child) - self.place(joint))

    def _axes(self):
        """The left is that of hips and shoulders, the top is from hips to shoulders."""
        sides = [self.place(f"left_{joint}") - self.place(f"right_{joint}") for joint in ("hip", "shoulder")]
        left = sum(rot.normalize(side) for side in sides)
        up = sum(self.place(f"{side}_shoulder") - self.place(f"{side}_hip") for side in ("left", "right"))
        ahead = np.cross(left, up)
        if not np.linalg.norm(ahead) > 1e-3 * np.linalg.norm(up):
            raise RigError("hips and shoulders of the armature do not tell where its left and its top are")
        left, ahead = rot.normalize(left), rot.normalize(ahead)
        exact = np.stack((left, np.cross(ahead, left), ahead), axis=-1)
        nearest = rot.from_matrix(max(_along_axes(), key=lambda axes: np.sum(axes * exact)))
        exact = rot.from_matrix(exact)
        return nearest if rot.angle_between(exact, nearest) < SNAP else exact


def _along_axes():
    """The 24 rotation matrices that hold only 0, 1 and -1."""
    for order in itertools.permutations(np.eye(3)):
        for signs in itertools.product((1.0, -1.0), repeat=3):
            matrix = np.array(order) * np.array(signs)
            if np.linalg.det(matrix) > 0:
                yield matrix
