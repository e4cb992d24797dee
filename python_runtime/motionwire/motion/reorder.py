"""Canonical clips out of files that hold the joints in another order or unit: BVH only knows depth-first order, usually in cm."""

import numpy as np

from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINT_NAMES, PARENTS, Skeleton, canonical

LONGEST_LEG = 3.0  # metres; canonical legs longer than this are centimetres


def has_canonical_joints(skeleton: Skeleton) -> bool:
    """Whether these are the 22 canonical joints, each under its canonical parent, in whatever order."""
    if sorted(skeleton.names) != sorted(JOINT_NAMES):
        return False
    parents = {name: skeleton.names[parent] for name, parent in zip(skeleton.names, skeleton.parents, strict=True) if parent >= 0}
    return all(parents.get(name) == JOINT_NAMES[parent] for name, parent in zip(JOINT_NAMES, PARENTS, strict=True) if parent >= 0)


def in_canonical_order(clip: Clip) -> Clip:
    """The clip with its joints in canonical order and in metres; its skeleton satisfies has_canonical_joints."""
    joints = [clip.skeleton.index(name) for name in JOINT_NAMES]
    skeleton = canonical(clip.skeleton.offsets[joints])
    scale = np.float32(0.01 if skeleton.leg_length() > LONGEST_LEG else 1.0)
    return Clip(canonical(skeleton.offsets * scale), clip.fps, clip.root_positions * scale, clip.rotations[:, joints], name=clip.name)
