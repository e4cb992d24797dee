"""What a model makes is kept on level ground: its heights drift by some centimetres within seconds, and what goes on from it drifts on."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import features
from motionwire.motion.clip import Clip
from motionwire.motion.ground import EASE, LOOK, STEP, feet_of, off_level, standing, standing_over, toe_height
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
        self._lower: deque[float] = deque(maxlen=round(2 * LOOK * features.FPS))  # m, the lower one's height over the ground, of late
        self._nobody = 0  # frames for which no foot has stood

    def add(self, clip: Clip) -> NDArray[np.float64]:
        """By how much to lower each frame [n], m; clip: the next frames, which may be any number, at features.FPS."""
        toes, flat = feet_of(clip.root_positions, clip.rotations, clip.skeleton)
        before = toes[:1] if self._toes is None else self._toes[None]  # of the very first frame it cannot be told whether it stands
        speed = np.linalg.norm(np.diff(toes, axis=0, prepend=before), axis=-1) * clip.fps
        self._toes = toes[-1]
        heights, rest = toes[..., 1], toe_height(clip.skeleton)
        over = standing_over(heights, standing(flat, speed), rest)
        follow = 1 - np.exp(-1 / (EASE * clip.fps))
        lowered = np.empty(len(over))
        for frame, stood in enumerate(over):
            self._lower.append(float(heights[frame].min()) - rest)
            self._nobody = 0 if np.isfinite(stood) else self._nobody + 1
            height = min(self._lower) if self._nobody == len(self._lower) == self._lower.maxlen else stood
            if abs(height) < STEP:
                self.off += follow * (height - self.off)
            lowered[frame] = self.off
        return lowered
