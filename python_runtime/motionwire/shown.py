"""What is shown of S characters, and what of it is told: one compiled pass over them for each, since it is memory that this waits for."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from motionwire.kernels import kernel
from motionwire.motion import rotations as rot
from motionwire.motion.footsteps import Footsteps, lands
from motionwire.motion.poses import ROW, Poses, between_phases, of_rows
from motionwire.motion.trail import Trail, step_on
from motionwire.travel import Travel, tell_one

Array = NDArray[np.float32]
Slots = NDArray[np.intp]

ALMOST = 1e-6  # of a tick


class Told(NamedTuple):
    """What is told of n characters: data [n, ROW], contacts [n, 4], phase [n], root and root_delta [n, 3]; see `character.Frame`."""

    data: Array
    contacts: Array
    phase: Array
    root: Array
    root_delta: Array


class Shown:
    """trail: the last `length` poses; contacts [S, 4] and phase [S] (rad): of the last tick."""

    def __init__(self, length: int) -> None:
        self.trail = Trail(length)
        self.contacts, self.phase = np.zeros((0, 4), np.float32), np.zeros(0, np.float32)
        self._contacts_before, self._phase_before = self.contacts, self.phase  # a tick ago
        self._footsteps = Footsteps(0)
        self._travel = Travel()

    def grow(self, slots: int) -> None:
        """Room for more slots."""
        more = slots - len(self.phase)
        self.contacts, self._contacts_before = (np.pad(part, ((0, more), (0, 0))) for part in (self.contacts, self._contacts_before))
        self.phase, self._phase_before = (np.pad(part, (0, more)) for part in (self.phase, self._phase_before))
        for part in (self.trail, self._footsteps, self._travel):
            part.grow(slots)

    def reset(self, slot: int, poses: Poses) -> None:
        """As if this one pose had always been shown."""
        at = np.array([slot])
        self.trail.reset(slot, poses.root_positions[0], poses.rotations[0])
        self.contacts[slot] = self._contacts_before[slot] = poses.contacts[0]
        self.phase[slot] = self._phase_before[slot] = poses.phase[0]
        self._footsteps.reset(at, poses.contacts)
        self._travel.tell(at, self.trail.rows(at))

    def push(self, slots: Slots, root: Array, rotations: Array, contacts: Array, phase: Array) -> list[tuple[int, int]]:
        """The next tick: root [n, 3], rotations [n, 22, 4], contacts [n, 4], phase [n]. The (slot, foot) that landed."""
        landed = np.empty((2 * len(slots), 2), np.intp)
        count = show(
            slots, root, rotations, contacts, phase, self.trail.newest, self.trail.ring, self.contacts, self.phase,
            self._contacts_before, self._phase_before, self._footsteps.down, landed,
        )  # fmt: skip
        return [(slot, foot) for slot, foot in landed[:count].tolist()]

    def tell(self, slots: Slots, share: NDArray[np.floating], ground: Array) -> Told:
        """Of n characters, at `share` [n] of the way from the tick before to the last one, on ground of these heights [S] in m."""
        shapes: tuple[tuple[int, ...], ...] = ((ROW,), (4,), (), (3,), (3,))
        told = Told(*(np.empty((len(slots), *shape), np.float32) for shape in shapes))
        read(slots, self.trail.newest, self.trail.ring, self.contacts, self.phase, told.data, told.contacts, told.phase)
        if (share < 1 - ALMOST).any():
            self._go_back(slots, share.astype(np.float32), told)
        tell_places(slots, ground, self._travel.told, told.data, told.root_delta, told.root)
        return told

    def _go_back(self, slots: Slots, share: Array, told: Told) -> None:
        """From the last tick to `share` of the way from the one before."""
        data, before = told.data, self.trail.rows(slots, 1)
        rotations = rot.slerp(of_rows(before)[1], of_rows(data)[1], share[:, None])
        data[:, :3] = before[:, :3] + share[:, None] * (data[:, :3] - before[:, :3])
        data[:, 3:] = rotations.reshape(len(data), -1)
        contacts = self._contacts_before[slots]
        told.contacts[:] = contacts + share[:, None] * (told.contacts - contacts)
        told.phase[:] = between_phases(self._phase_before[slots], told.phase, share)


@kernel
def show(
    slots: Slots, root: Array, rotations: Array, contacts: Array, phase: Array, newest: Slots, ring: Array,
    now_contacts: Array, now_phase: Array, before_contacts: Array, before_phase: Array, down: NDArray[np.bool_], landed: Slots,
) -> int:  # fmt: skip
    """Poses [n] become the last ones of their slots [S]; how many feet landed, their slots and numbers in the first rows of landed."""
    count = 0
    for n in range(len(slots)):
        slot = slots[n]
        step_on(slot, root[n], rotations[n], newest, ring)
        for k in range(4):
            before_contacts[slot, k], now_contacts[slot, k] = now_contacts[slot, k], contacts[n, k]
        before_phase[slot], now_phase[slot] = now_phase[slot], phase[n]
        for foot in range(2):
            if lands(foot, contacts[n], down[slot]):
                landed[count, 0], landed[count, 1] = slot, foot
                count += 1
    return count


@kernel
def read(
    slots: Slots, newest: Slots, ring: Array, now_contacts: Array, now_phase: Array, data: Array, contacts: Array, phase: Array
) -> None:
    """Fill data [n, ROW], contacts [n, 4] and phase [n] with the last tick of the slots."""
    for n in range(len(slots)):
        slot = slots[n]
        row = ring[newest[slot], slot]
        for k in range(data.shape[1]):
            data[n, k] = row[k]
        for k in range(4):
            contacts[n, k] = now_contacts[slot, k]
        phase[n] = now_phase[slot]


@kernel
def tell_places(slots: Slots, ground: Array, places: Array, data: Array, delta: Array, root: Array) -> None:
    """Put data [n, ROW] on the ground [S], and fill delta [n, 3] and root [n, 3]; see `Travel.tell`, whose `told` the places [S, 3] are."""
    for n in range(len(slots)):
        data[n, 1] += ground[slots[n]]
        tell_one(data[n], places[slots[n]], delta[n], root[n])
