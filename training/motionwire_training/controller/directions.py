"""Backward and sideways steps made from forward walks, for data that has few or none.

A walk played backwards in time is much like a backward walk: leg angles and muscle phases mirror in time (Thorstensson 1986,
https://doi.org/10.1111/j.1748-1716.1986.tb07986.x). Sideways, the path is turned under the figure: each foot takes the place it
would have if the figure had turned too, by inverse kinematics, while body and facing stay; planted feet stay planted.
"""

from dataclasses import replace

import numpy as np

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.legs import ANKLES, legs_of, reach
from motionwire.motion.pace import pace

FASTEST = 1.8  # m/s: nobody runs sideways
BACKWARD_PACE = 0.65  # playing speed, of the walk's own
SIDEWAYS_PACE = 0.8
ANGLES = (0.3, 1.35)  # rad between facing and travel
FOOT_SHARE = 0.3  # of the angle that the feet turn along
STRAIGHT_ON = 0.3  # share of backward copies without a sideways part


def redirect(clip: Clip, rng: np.random.Generator) -> Clip | None:
    """A canonical walk as a backward or sideways one, to be resampled to 60 fps; None for clips that run."""
    if pace(clip) > FASTEST:
        return None
    angle = rng.uniform(*ANGLES) * rng.choice([-1, 1])
    if rng.random() < 0.5:
        return replace(sidestep(clip, angle), fps=clip.fps * SIDEWAYS_PACE)
    back = replace(clip, root_positions=clip.root_positions[::-1], rotations=clip.rotations[::-1], name=f"{clip.name} back")
    return replace(back if rng.random() < STRAIGHT_ON else sidestep(back, angle), fps=clip.fps * BACKWARD_PACE)


def sidestep(clip: Clip, angle: float) -> Clip:
    """The walk along a path turned by `angle` rad, the body facing as before."""
    turn = rot.from_yaw(angle)
    root = clip.root_positions.astype(np.float64)
    rotations = clip.rotations.astype(np.float64)
    moved = rot.rotate(np.broadcast_to(turn, (len(root), 4)), root - root[:1]) + root[:1]
    joints, worlds = legs_of(moved, rotations)
    own = joints[:, :, 2] - moved[:, None]
    offset = (rot.rotate(np.broadcast_to(turn, (len(root), len(ANKLES), 4)), own) - own) * np.array([1.0, 0.0, 1.0])
    turned = reach(joints, worlds, rotations, offset, np.full((len(root), len(ANKLES)), FOOT_SHARE * angle))
    return replace(
        clip, root_positions=moved.astype(np.float32), rotations=rot.normalize(turned).astype(np.float32), name=f"{clip.name} sideways"
    )
