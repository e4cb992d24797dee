"""Mirror a canonical clip left to right (through the x = 0 plane): joints swap sides, x and two quaternion parts change sign."""

from dataclasses import replace

import numpy as np

from motionwire.errors import InputError
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINT_NAMES, canonical


def _partner(name: str) -> str:
    side, _, rest = name.partition("_")
    return {"left": f"right_{rest}", "right": f"left_{rest}"}.get(side, name)


MIRROR_JOINTS = np.array([JOINT_NAMES.index(_partner(name)) for name in JOINT_NAMES])
"""Index of each canonical joint's partner on the other side [22]."""

FLIP_POSITION = np.array([-1, 1, 1], dtype=np.float32)
FLIP_ROTATION = np.array([1, -1, -1, 1], dtype=np.float32)  # reflection through x = 0 keeps the x part of an axis, turns y and z


def mirror(clip: Clip) -> Clip:
    """The mirrored clip; mirroring twice gives the clip back. Raises InputError when the clip is not canonical."""
    if not clip.skeleton.is_canonical or clip.translations is not None:
        raise InputError("only canonical clips can be mirrored", clip.name or None)
    return replace(
        clip,
        skeleton=canonical(clip.skeleton.offsets[MIRROR_JOINTS] * FLIP_POSITION),
        root_positions=clip.root_positions * FLIP_POSITION,
        rotations=clip.rotations[:, MIRROR_JOINTS] * FLIP_ROTATION,
    )
