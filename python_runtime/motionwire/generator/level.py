"""What a model makes is kept on level ground: its heights drift by some centimetres within seconds, and what goes on from it drifts on."""

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import features
from motionwire.motion.clip import Clip
from motionwire.motion.ground import EASE, feet_of, off_level, standing, standing_over, toe_height
from motionwire.motion.skeleton import Skeleton

Array = NDArray[np.float32]


def levelled(values: Array, skeleton: Skeleton) -> Array:
    """Features [T, 276] of a whole motion with standing feet on the ground all along (motion/ground.py)."""
    return features.raised(values, -off_level(features.decode(values, skeleton)))


class Levelling:
    """The same for motion that comes in chunks, of which only the past is known."""

    def __init__(self) -> None:
        self.off = 0.0  # m, by how much the last frame was lowered
        self._toes: NDArray[np.float64] | None = None  # [2, 3], where that frame's foot joints were before

    def add(self, clip: Clip) -> NDArray[np.float64]:
        """By how much to lower each frame [n], m; clip: the next frames, which may be any number, at features.FPS."""
        toes, flat = feet_of(clip.root_positions, clip.rotations, clip.skeleton)
        before = toes[:1] if self._toes is None else self._toes[None]  # of the very first frame it cannot be told whether it stands
        speed = np.linalg.norm(np.diff(toes, axis=0, prepend=before), axis=-1) * clip.fps
        self._toes = toes[-1]
        over = standing_over(toes[..., 1], standing(flat, speed), toe_height(clip.skeleton))
        follow = 1 - np.exp(-1 / (EASE * clip.fps))
        lowered = np.empty(len(over))
        for frame, height in enumerate(over):
            if np.isfinite(height):
                self.off += follow * (height - self.off)
            lowered[frame] = self.off
        return lowered
