"""Forward kinematics: local rotations and a root position to positions and rotations in the world."""

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import Skeleton


def forward_kinematics(
    skeleton: Skeleton,
    rotations: NDArray[np.floating],
    root_positions: NDArray[np.floating],
    translations: NDArray[np.floating] | None = None,
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """World positions [..., J, 3] and world rotations [..., J, 4].

    rotations [..., J, 4] local xyzw; root_positions [..., 3]; translations [..., J, 3] replace the skeleton's rest
    offsets where a file animates them (the root's entry is ignored). Units are those of the offsets.
    """
    positions = np.empty((*rotations.shape[:-1], 3), dtype=rotations.dtype)
    world = np.empty_like(rotations)
    positions[..., 0, :] = root_positions
    world[..., 0, :] = rotations[..., 0, :]
    for joint, parent in enumerate(skeleton.parents):
        if parent < 0:
            continue
        offset = skeleton.offsets[joint].astype(rotations.dtype) if translations is None else translations[..., joint, :]
        positions[..., joint, :] = positions[..., parent, :] + rot.rotate(world[..., parent, :], offset)
        world[..., joint, :] = rot.multiply(world[..., parent, :], rotations[..., joint, :])
    return positions, world
