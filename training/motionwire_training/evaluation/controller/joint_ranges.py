"""The range each joint keeps to in recorded motion, and the frames in which a figure leaves it.

A joint's rotation against its parent is written as a rotation vector from the joint's mean rotation in the data (so that none comes
near a half turn). Each of its three components ranges over what any clip of the data, or its mirror image, keeps to (its 1st to 99th
percentile, so that single bad frames are no range), and MARGIN beyond; percentiles of all frames together would shut out whatever
few clips do. Where there are many clips, nobody has looked through all of them: then the extremes of a share of them, at either end of
each component, are set aside as well, since one clip with a head turned around would open the range for good. A frame is outside where
any component of any joint is; the pelvis has no range.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.mirror import FLIP_ROTATION, MIRROR_JOINTS
from motionwire.motion.skeleton import JOINT_NAMES

Array = NDArray[np.floating]

TAIL = 1.0  # percent of a clip's frames left out at either end
MARGIN = np.radians(5.0)


@dataclass(frozen=True, eq=False)
class JointRanges:
    """middles [21, 4] quaternions; low, high [21, 3] rad, of the joints but the pelvis."""

    middles: Array
    low: Array
    high: Array

    def outside(self, rotations: Array) -> NDArray[np.bool_]:
        """Joints [..., 22] of poses [..., 22, 4] outside their range."""
        vectors = _vectors(rotations, self.middles)
        out = np.zeros(rotations.shape[:-1], bool)
        out[..., 1:] = ((vectors < self.low) | (vectors > self.high)).any(axis=-1)
        return out

    def outside_percent(self, rotations: Array) -> dict[str, float]:
        """By joint, the percentage of poses [..., 22, 4] in which it is outside; joints that never are are left out."""
        shares = 100 * self.outside(rotations).reshape(-1, len(JOINT_NAMES)).mean(axis=0)
        return {name: float(share) for name, share in zip(JOINT_NAMES, shares, strict=True) if share > 0}


def joint_ranges(clips: Sequence[Array], strays: float = 0.0) -> JointRanges:
    """Ranges of clips' rotations [T, 22, 4]; strays: percent of the clips and their mirror images that are set aside at either end, at most
    (of fewer than 100 / strays none)."""
    both = [half.astype(np.float64) for clip in clips for half in (clip, clip[:, MIRROR_JOINTS] * FLIP_ROTATION)]
    every = np.concatenate(both)[:, 1:]
    middles = rot.normalize((every * np.where(np.sum(every * every[:1], axis=-1, keepdims=True) < 0, -1.0, 1.0)).mean(axis=0))
    ends = np.array([np.percentile(_vectors(clip, middles), (TAIL, 100 - TAIL), axis=0) for clip in both])
    low = np.percentile(ends[:, 0], strays, axis=0, method="lower")
    high = np.percentile(ends[:, 1], 100 - strays, axis=0, method="higher")
    return JointRanges(middles, low - MARGIN, high + MARGIN)


def _vectors(rotations: Array, middles: Array) -> Array:
    """Rotation vectors [..., 21, 3] (rad) from the middles."""
    return rot.log(rot.multiply(rot.inverse(middles), rotations[..., 1:, :].astype(np.float64)))
