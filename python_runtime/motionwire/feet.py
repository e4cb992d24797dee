"""Planted feet of acted motion and of hand-overs: what the controller does for its own poses, for everything else that is shown."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.foot_lock import SMALLEST, lock_feet
from motionwire.motion import batch

Array = NDArray[np.float32]
Slots = NDArray[np.intp]


@dataclass
class Feet:
    """Foot locks of S slots; the arrays are those of `foot_lock.lock_feet`."""

    held: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 2), bool))
    place: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2, 2)))
    offset: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2, 2)))
    fading: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))  # [S] some offset is left

    def grow(self, slots: int) -> None:
        """Room for more slots."""
        more = slots - len(self.held)
        self.held = np.pad(self.held, ((0, more), (0, 0)))
        self.place = np.pad(self.place, ((0, more), (0, 0), (0, 0)))
        self.offset = np.pad(self.offset, ((0, more), (0, 0), (0, 0)))
        self.fading = np.pad(self.fading, (0, more))

    def clear(self, slots: Slots) -> None:
        """Let go at once."""
        self.held[slots] = False
        self.offset[slots] = 0
        self.fading[slots] = False

    def hand_over(self, slots: Slots) -> None:
        """A transition starts from the poses shown: what was added to them is part of it now. Held feet stay held."""
        self.offset[slots] = 0

    def plant(self, slots: Slots, root: Array, rotations: Array, contacts: Array, holding: NDArray[np.bool_], dt: float) -> Array:
        """Rotations [n, 22, 4] with feet in contact kept in place where `holding` [n]; elsewhere what is left of that dies away."""
        busy = holding | self.fading[slots]
        if not busy.any():
            return rotations
        chosen = slots[busy]
        feet, planted = batch.take(self, chosen), rotations[busy]
        lock_feet(feet.held, feet.place, feet.offset, root[busy], planted, contacts[busy] * holding[busy, None], dt)
        feet.fading = np.abs(feet.offset).max(axis=(1, 2)) > SMALLEST
        batch.put(self, chosen, feet)
        rotations = rotations.copy()
        rotations[busy] = planted
        return rotations
