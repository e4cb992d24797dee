"""Foot locking: a foot in contact stays where it came down, by two-bone inverse kinematics of the leg, and is let go softly.

Each foot carries an offset from where the network puts it to where it is shown. In contact the offset grows so that the foot
stays; after contact, or when it would stretch too far, it dies away. The leg's bones turn to reach the shown place, in the
plane the knee already bends in; the foot keeps its rotation in the world.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from motionwire.motion.legs import legs_of, reach

Array = NDArray[np.floating]

LOCK = 0.6  # contact probability at which a foot is held, and below which ...
RELEASE = 0.35  # ... it is let go
LONGEST = 0.12  # m of offset at which a foot is let go whatever its contact says
NEAR = 0.03  # m of offset at which a foot that was let go may be held again
FADE_HALFLIFE = 0.08  # s, of the offset once let go
FLOOR = -0.015  # m: the lowest a toe joint may be; recorded ones go there
UP = np.array([0, 1, 0], np.float32)
SMALLEST = 1e-4  # m of offset worth a correction


class Feet(Protocol):
    """Per character and foot (left, right): foot_held bool [B, 2]; foot_place [B, 2, 2], where the toe is held (x, z);
    foot_offset [B, 2, 2], m, shown minus network's."""

    foot_held: NDArray[np.bool_]
    foot_place: Array
    foot_offset: Array


def lock_feet(feet: Feet, root: Array, rotations: Array, contacts: Array, dt: float) -> Array:
    """Rotations [B, 22, 4] with held feet kept in place; changes `feet`.

    root [B, 3] world position of the pelvis, rotations [B, 22, 4] local, the pelvis's in the world, contacts [B, 4].
    """
    joints, turned = legs_of(root, rotations)
    toe = joints[:, :, 3, ::2]
    contact = contacts.reshape(-1, 2, 2).max(axis=-1)
    near = np.sum(feet.foot_offset**2, axis=-1) < NEAR**2
    starts = ~feet.foot_held & (contact > LOCK) & near
    feet.foot_place = np.where(starts[..., None], toe + feet.foot_offset, feet.foot_place)
    offset = feet.foot_place - toe
    stretched = np.sum(offset * offset, axis=-1) > LONGEST**2
    feet.foot_held = ((feet.foot_held & (contact > RELEASE)) | starts) & ~stretched
    fade = 0.5 ** (dt / FADE_HALFLIFE)
    feet.foot_offset = np.where(feet.foot_held[..., None], offset, feet.foot_offset * fade)
    if np.abs(feet.foot_offset).max(initial=0) < SMALLEST:
        return rotations
    return reach(joints, turned, rotations, feet.foot_offset)


def above_ground(root: Array, rotations: Array) -> Array:
    """The root [B, 3], lifted where a toe would be under the ground."""
    joints, _ = legs_of(root, rotations)
    lift = np.maximum(FLOOR - joints[:, :, 3, 1].min(axis=1, initial=np.inf), 0)
    return root + lift[:, None] * UP
