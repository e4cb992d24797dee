"""Skeletons: joint names, parents, rest offsets; and the canonical one, the 22 SMPL/HumanML3D joints in their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.motion.rotations import IDENTITY

JOINT_NAMES = (
    "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2", "left_ankle", "right_ankle",
    "spine3", "left_foot", "right_foot", "neck", "left_collar", "right_collar", "head", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
)  # fmt: skip
PARENTS = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19)
JOINTS = len(JOINT_NAMES)


@dataclass(frozen=True, eq=False)
class Skeleton:
    """A joint tree in parent-before-child order.

    names: unique joint names [J]; parents: index of each parent, -1 for the one root, always smaller than the child's own;
    offsets: float32 [J, 3], rest position relative to the parent, metres for canonical skeletons, file units for others;
    end_sites: joint index -> offset [3] of a bone's tip, as BVH end sites hold it; rest: float32 [J, 4], local rotations of the
    rest pose, identities unless given; metres: lengths are metres and Y is up, whatever the joints are.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: NDArray[np.float32]
    end_sites: Mapping[int, tuple[float, float, float]] = field(default_factory=dict)
    rest: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 4), dtype=np.float32))
    metres: bool = False

    def __post_init__(self) -> None:
        count = len(self.names)
        object.__setattr__(self, "offsets", np.asarray(self.offsets, dtype=np.float32))
        object.__setattr__(self, "rest", np.asarray(self.rest if len(self.rest) else [IDENTITY] * count, dtype=np.float32))
        if count == 0:
            raise InputError("a skeleton needs at least one joint")
        if len(set(self.names)) != count:
            doubled = next(name for name in self.names if self.names.count(name) > 1)
            raise InputError(f"joint name {doubled!r} occurs twice")
        if len(self.parents) != count or self.offsets.shape != (count, 3) or self.rest.shape != (count, 4):
            shapes = f"offsets {self.offsets.shape}, rest rotations {self.rest.shape}"
            raise InputError(f"{count} joint names, {len(self.parents)} parents, {shapes}: counts differ")
        if self.parents[0] != -1 or any(not 0 <= p < i for i, p in enumerate(self.parents) if i):
            raise InputError("parents must come before children and the first joint must be the only root")

    def __len__(self) -> int:
        return len(self.names)

    def index(self, name: str) -> int:
        """Index of a joint; raises InputError for an unknown name."""
        try:
            return self.names.index(name)
        except ValueError:
            raise InputError(f"no joint {name!r} among {', '.join(self.names)}") from None

    @property
    def is_canonical(self) -> bool:
        """True for the 22 canonical joints in their order."""
        return self.names == JOINT_NAMES

    @property
    def in_metres(self) -> bool:
        """Whether lengths are known to be metres and Y to be up; what a BVH or AMC file holds is not."""
        return self.metres or self.is_canonical

    def leg_length(self) -> float:
        """Canonical skeletons: mean length of thigh + shin, metres."""
        bones = np.linalg.norm(self.offsets[[4, 7, 5, 8]], axis=1)
        return float(bones.sum() / 2)


def canonical(offsets: NDArray[np.floating] | Sequence[Sequence[float]]) -> Skeleton:
    """The canonical joints with these rest offsets [22, 3] in metres."""
    return Skeleton(JOINT_NAMES, PARENTS, np.asarray(offsets, dtype=np.float32))


# An adult of 1.72 m in a T-pose, drawn for this project: left is +X, up +Y, facing +Z; metres.
REFERENCE = canonical(
    [
        [0.0, 0.94, 0.0],  # pelvis, its height above the ground while standing
        [0.09, -0.07, 0.0],
        [-0.09, -0.07, 0.0],
        [0.0, 0.10, -0.01],
        [0.0, -0.40, 0.0],
        [0.0, -0.40, 0.0],
        [0.0, 0.13, 0.0],
        [0.0, -0.41, -0.01],
        [0.0, -0.41, -0.01],
        [0.0, 0.06, 0.01],
        [0.0, -0.05, 0.13],
        [0.0, -0.05, 0.13],
        [0.0, 0.21, -0.01],
        [0.07, 0.12, -0.01],
        [-0.07, 0.12, -0.01],
        [0.0, 0.10, 0.03],
        [0.11, 0.02, -0.01],
        [-0.11, 0.02, -0.01],
        [0.27, 0.0, 0.0],
        [-0.27, 0.0, 0.0],
        [0.25, 0.0, 0.0],
        [-0.25, 0.0, 0.0],
    ]
)
