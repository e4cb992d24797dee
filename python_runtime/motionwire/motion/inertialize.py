"""Inertialised transitions: the source's motion jumps, the body does not; the difference decays (Bollo, GDC 2018).

Instead of blending two motions, the difference between the old and the new pose, and its velocity, is kept and damped to
nothing by a critically damped spring, Holden's closed form (theorangeduck.com/page/spring-roll-call, "Inertialization").
Everything is batched over S slots; slots without a running transition cost nothing.
"""

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.moved import Move
from motionwire.motion.skeleton import JOINTS

Array = NDArray[np.float32]

HALF_LIFE = 0.1  # s until half of a difference at rest is gone
SMALL = 1e-4  # m and rad: differences below are dropped


def decay(offset: Array, velocity: Array, half_life: float, dt: float) -> tuple[Array, Array]:
    """The difference and its velocity dt seconds later, on a critically damped spring towards zero."""
    damping = 2 * np.float32(np.log(2)) / np.float32(half_life)
    drive = velocity + damping * offset
    shrink = np.exp(-damping * np.float32(dt))
    return shrink * (offset + drive * np.float32(dt)), shrink * (velocity - damping * drive * np.float32(dt))


class Inertializer:
    """Running transitions of S slots: a root offset in m and a rotation vector per joint in rad, with their velocities."""

    def __init__(self, slots: int) -> None:
        self.active = np.zeros(slots, dtype=bool)
        self._root = np.zeros((2, slots, 3), dtype=np.float32)  # offset, velocity
        self._joints = np.zeros((2, slots, JOINTS, 3), dtype=np.float32)

    def grow(self, slots: int) -> None:
        """Room for `slots` slots; the old ones keep theirs."""
        more = slots - len(self.active)
        self.active = np.pad(self.active, (0, more))
        self._root = np.pad(self._root, ((0, 0), (0, more), (0, 0)))
        self._joints = np.pad(self._joints, ((0, 0), (0, more), (0, 0), (0, 0)))

    def begin(
        self,
        slots: NDArray[np.integer],
        before: tuple[Array, Array],
        now: tuple[Array, Array],
        target_before: tuple[Array, Array],
        target: tuple[Array, Array],
        dt: float,
    ) -> None:
        """Start transitions of n slots. Poses are (root [n, 3], rotations [n, 22, 4]): the last two shown, dt seconds apart, then
        the new source's at the moment of the last one shown and at the coming one. Follow it with `apply` for the coming one."""
        rate = np.float32(1.0 / dt)
        self._root[0, slots] = now[0] - target_before[0]
        self._root[1, slots] = (now[0] - before[0] - target[0] + target_before[0]) * rate
        self._joints[0, slots] = rot.log(rot.multiply(now[1], rot.inverse(target_before[1])))
        turning = rot.log(rot.multiply(now[1], rot.inverse(before[1])))
        self._joints[1, slots] = (turning - rot.log(rot.multiply(target[1], rot.inverse(target_before[1])))) * rate
        self.active[slots] = True

    def clear(self, slots: NDArray[np.integer]) -> None:
        """Drop transitions at once."""
        self.active[slots] = False

    def relocate(self, slot: int, move: Move) -> None:
        """Move one slot's motion over the ground: where its root is off and how the root joint is turned are said in the world's axes."""
        self._root[:, slot] = move.vectors(self._root[:, slot])
        self._joints[:, slot, 0] = move.vectors(self._joints[:, slot, 0])

    def apply(self, slots: NDArray[np.integer], root: Array, rotations: Array, dt: float) -> tuple[Array, Array]:
        """Advance by dt and add what is left: target root [n, 3] and rotations [n, 22, 4] of n slots to the shown ones."""
        running = self.active[slots]
        if not running.any():
            return root, rotations
        chosen = slots[running]
        self._root[:, chosen] = decay(self._root[0, chosen], self._root[1, chosen], HALF_LIFE, dt)
        self._joints[:, chosen] = decay(self._joints[0, chosen], self._joints[1, chosen], HALF_LIFE, dt)
        root, rotations = root.copy(), rotations.copy()
        root[running] += self._root[0, chosen]
        rotations[running] = rot.normalize(rot.multiply(rot.exp(self._joints[0, chosen]), rotations[running]))
        left = np.maximum(np.abs(self._root[:, chosen]).max(axis=(0, 2)), np.abs(self._joints[:, chosen]).max(axis=(0, 2, 3)))
        self.active[chosen] = left > SMALL
        return root, rotations
