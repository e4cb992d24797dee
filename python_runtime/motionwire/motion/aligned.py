"""Rigs whose joints' axes stand anyhow at rest, as the same rigs with axes like the world's: identities are the rest pose then."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import Skeleton


def rest_world(skeleton: Skeleton) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """World positions [J, 3] and rotations [J, 4] of the rest pose."""
    positions, rotations = skeleton.offsets.copy(), skeleton.rest.copy()
    for joint, parent in enumerate(skeleton.parents[1:], start=1):
        positions[joint] = positions[parent] + rot.rotate(rotations[parent], skeleton.offsets[joint])
        rotations[joint] = rot.multiply(rotations[parent], skeleton.rest[joint])
    return positions, rotations


def aligned(clip: Clip) -> Clip:
    """The same motion of the same points with rest rotations that are identities: W(t) becomes W(t) * inverse(W_rest)."""
    skeleton = clip.skeleton
    if np.abs(skeleton.rest - rot.IDENTITY).max() == 0:
        return clip
    world = rest_world(skeleton)[1]
    parents = np.where(np.arange(len(skeleton))[:, None] > 0, world[list(skeleton.parents)], rot.IDENTITY)
    tips = {joint: tuple(rot.rotate(world[joint], np.array(tip, np.float32)).tolist()) for joint, tip in skeleton.end_sites.items()}
    straight = Skeleton(skeleton.names, skeleton.parents, rot.rotate(parents, skeleton.offsets), tips, metres=skeleton.metres)
    return replace(
        clip,
        skeleton=straight,
        rotations=rot.normalize(rot.multiply(rot.multiply(parents, clip.rotations), rot.inverse(world))),
        translations=None if clip.translations is None else rot.rotate(parents, clip.translations),
    )
