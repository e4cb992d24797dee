"""Where a motion is to arrive, as the network is told it: the goal frame is the one right after the last that is generated.

    0:2      how far away it is from the last frame before the new motion (x, z), m, seen with the heading of that frame
    2:4      cosine and sine of the heading change
    4:280    the goal frame's features, as in motion/features.py

Without motion before, the new one starts at the origin, facing +Z.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motionwire.motion import features
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.seams import followed

Array = NDArray[np.float32]
FRAMES = 15  # of the goal's clip that its contacts are seen in


def goal_of(target: Clip, place: tuple[float, float], heading: float) -> Array:
    """The goal [280] of arriving at the first frame of `target`, which stands in the world; place: x and z of the pelvis, m, and
    heading, rad, of the last frame before the new motion."""
    values = features.encode(target.slice(0, FRAMES) if len(target) > 1 else followed(target, 1))[:2]
    frame = values[-1].copy()  # the second one knows how fast the first one goes
    frame[features.POSITIONS], frame[features.ROTATIONS] = values[0, features.POSITIONS], values[0, features.ROTATIONS]
    frame[features.CONTACTS] = values[0, features.CONTACTS]
    there = (*target.root_positions[0, ::2].astype(np.float64), float(rot.yaw_of(target.rotations[0, 0].astype(np.float64))))
    return np.concatenate((way((*place, heading), there), frame)).astype(np.float32)


def way(before: ArrayLike, there: ArrayLike) -> NDArray[np.floating]:
    """The goal's first four numbers for who goes from `before` to `there`, each (x, z, heading), m and rad; the training's too."""
    x, z, turn = np.subtract(there, before)
    heading = np.asarray(before)[2]
    cosine, sine = np.cos(heading), np.sin(heading)
    return np.array((cosine * x - sine * z, sine * x + cosine * z, np.cos(turn), np.sin(turn)))
