"""Planted feet of acted motion and of hand-overs: what the controller does for its own poses, for everything else that is shown."""

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.foot_lock import BODY, SMALLEST, fresh_feet, lock_feet
from motionwire.controller.placing import relocate_feet
from motionwire.floors import FOUND, goals, lows, risen
from motionwire.motion.moved import Move

Array = NDArray[np.float32]
Slots = NDArray[np.intp]


class Feet:
    """Foot locks of S slots, as `foot_lock.lock_feet` keeps them, each on a level of its own. fading [S]: some correction is left."""

    def __init__(self) -> None:
        self._feet = fresh_feet(0)
        self._bodies = np.zeros(0, BODY)
        self.fading = np.zeros(0, bool)
        root, rotations, contacts = (np.zeros((0, *shape), np.float32) for shape in ((3,), (22, 4), (4,)))
        lock_feet(self._feet, self._bodies, np.zeros((0, 0, 3)), root, rotations, contacts)  # compiles: no first act waits for it

    def grow(self, slots: int) -> None:
        """Room for more slots."""
        more = slots - len(self._bodies)
        self._feet = np.concatenate((self._feet, fresh_feet(more)))
        self._bodies = np.concatenate((self._bodies, np.zeros(more, BODY)))
        self.fading = np.pad(self.fading, (0, more))

    def clear(self, slots: Slots) -> None:
        """Let go at once."""
        self._feet[slots] = fresh_feet(len(slots))
        self._bodies[slots] = np.zeros((), BODY)
        self.fading[slots] = False

    def hand_over(self, slots: Slots) -> None:
        """A transition starts from the poses shown: what was added to them is part of it now. Held feet stay held."""
        for name in ("offset", "offset_rate", "twist", "twist_rate"):
            self._feet[name][slots] = 0
        self._feet["floor"][slots] = FOUND
        self._bodies[slots] = np.zeros((), BODY)

    def relocate(self, slot: int, move: Move) -> None:
        """Move one slot's feet over the ground; held ones stay held."""
        relocate_feet(self._feet[slot], move)

    def plant(
        self,
        slots: Slots,
        root: Array,
        rotations: Array,
        contacts: Array,
        holding: NDArray[np.bool_],
        levels: Array,
        acted: NDArray[np.bool_],
        target: tuple[Array, Array],
    ) -> tuple[Array, Array, Array]:
        """Root [n, 3], rotations [n, 22, 4] and contacts [n, 4] with feet in contact kept in place where `holding` [n], on ground of these
        levels [n] (m); elsewhere what is left of that dies away. No foot is for long lower than the ground where it is acted [n], or else
        than in the target, root and rotations, that a hand-over leads to."""
        busy = holding | self.fading[slots]
        if not busy.any():
            return root, rotations, contacts
        chosen = slots[busy]
        feet, bodies, down = self._feet[chosen], self._bodies[chosen], contacts[busy] * holding[busy, None]
        root, rotations, contacts = root.copy(), rotations.copy(), contacts.copy()
        planted_root, planted = root[busy], rotations[busy]
        planted_root[:, 1] -= levels[busy]
        ends = goals(lows(target[0][busy], target[1][busy]) - levels[busy, None], acted[busy])
        feet["floor"] = risen(feet["floor"], ends, lows(planted_root, planted))
        lock_feet(feet, bodies, np.zeros((len(chosen), 0, 3)), planted_root, planted, down)
        planted_root[:, 1] += levels[busy]
        root[busy], rotations[busy] = planted_root, planted
        contacts[busy] = np.where(holding[busy, None], down, contacts[busy])
        self._feet[chosen], self._bodies[chosen] = feet, bodies
        self.fading[chosen] = (np.abs(feet["offset"]).max(axis=(1, 2)) > SMALLEST) | (bodies["drop"] > SMALLEST)
        return root, rotations, contacts
