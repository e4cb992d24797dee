"""What is shown of S characters, and what of it is told: one compiled pass over them for each, since it is memory that this waits for."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.root import finite
from motionwire.kernels import kernel, part
from motionwire.motion import rotations as rot
from motionwire.motion.footsteps import Footsteps, lands
from motionwire.motion.moved import Move, Spot
from motionwire.motion.poses import ROW, Poses, between_phases, of_rows, unfilled
from motionwire.motion.trail import Trail, step_on
from motionwire.travel import Travel, tell_one

Array = NDArray[np.float32]
Slots = NDArray[np.intp]
Flags = NDArray[np.bool_]

ALMOST = 1e-6  # of a tick


class Told(NamedTuple):
    """What is told of n characters: data [n, ROW], contacts [n, 4], phase [n], root and root_delta [n, 3]; see `character.Frame`."""

    data: Array
    contacts: Array
    phase: Array
    root: Array
    root_delta: Array

    @classmethod
    def unfilled(cls, count: int) -> "Told":
        """Room for so many."""
        shapes: tuple[tuple[int, ...], ...] = ((ROW,), (4,), (), (3,), (3,))
        return cls(*(np.empty((count, *shape), np.float32) for shape in shapes))

    def part_of(self, rows: slice) -> "Told":
        """Some of them, as views."""
        return Told(*(values[rows] for values in self))


NOBODY = Told.unfilled(0)
Landed = list[tuple[int, int]]  # (slot, foot)


class Shown:
    """trail: the last `length` poses; contacts [S, 4] and phase [S] (rad): of the last tick."""

    def __init__(self, length: int) -> None:
        self.trail = Trail(length)
        self.contacts, self.phase = np.zeros((0, 4), np.float32), np.zeros(0, np.float32)
        self._contacts_before, self._phase_before = self.contacts, self.phase  # a tick ago
        self._footsteps = Footsteps(0)
        self._travel = Travel()
        nobody = unfilled(0)  # compiles: no first act waits for it
        self.push(np.zeros(0, np.intp), nobody.root_positions, nobody.rotations, nobody.contacts, nobody.phase)

    def grow(self, slots: int) -> None:
        """Room for more slots."""
        more = slots - len(self.phase)
        self.contacts, self._contacts_before = (np.pad(rows, ((0, more), (0, 0))) for rows in (self.contacts, self._contacts_before))
        self.phase, self._phase_before = (np.pad(rows, (0, more)) for rows in (self.phase, self._phase_before))
        for kept in (self.trail, self._footsteps, self._travel):
            kept.grow(slots)

    def reset(self, slot: int, poses: Poses) -> None:
        """As if this one pose had always been shown."""
        at = np.array([slot])
        self.trail.reset(slot, poses.root_positions[0], poses.rotations[0])
        self.contacts[slot] = self._contacts_before[slot] = poses.contacts[0]
        self.phase[slot] = self._phase_before[slot] = poses.phase[0]
        self._footsteps.reset(at, poses.contacts)
        self._travel.tell(at, self.trail.rows(at))

    def place(self, slot: int) -> Spot:
        """Where a slot's character was told to be last."""
        x, z, heading = self._travel.told[slot].astype(np.float64)
        return np.array([x, z]), float(heading)

    def relocate(self, slot: int, move: Move, down: float) -> None:
        """As if all that was shown and told of a slot had been elsewhere on the ground, and lower by so much (m)."""
        self.trail.relocate(slot, move, down)
        x, z, heading = self._travel.told[slot]
        self._travel.told[slot] = (*move.places(np.array([x, z])), heading + move.turn)

    def push(self, slots: Slots, root: Array, rotations: Array, contacts: Array, phase: Array) -> Landed:
        """The next tick: root [n, 3], rotations [n, 22, 4], contacts [n, 4], phase [n]. Who landed."""
        landed = np.empty((2 * len(slots), 2), np.intp)
        ring, now = (self.trail.newest, self.trail.ring), (self.contacts, self.phase, self._contacts_before, self._phase_before)
        count = show(slots, root, rotations, contacts, phase, *ring, *now, self._footsteps.down, landed)
        return [(slot, foot) for slot, foot in landed[:count].tolist()]

    def push_walkers(self, rows: slice, slots: Slots, poses: Poses, disturbed: Sequence[Flags], ground: Array, told: Told) -> Landed | None:
        """The same of a block of rows of n characters, unless a pose in it is no number or one of their slots `disturbed`: then nothing,
        and None. What is told of them is filled in as well, unless that is NOBODY. Several threads may push different blocks at once."""
        landed = np.empty((2 * (rows.stop - rows.start), 2), np.intp)
        count = show_walkers(
            rows.start, rows.stop, slots, poses.root_positions, poses.rotations, poses.contacts, poses.phase, *disturbed,
            self.trail.newest, self.trail.ring, self.contacts, self.phase, self._contacts_before, self._phase_before,
            self._footsteps.down, landed, ground, self._travel.told, *told,
        )  # fmt: skip
        return [(slot, foot) for slot, foot in landed[:count].tolist()] if count >= 0 else None

    def tell(self, slots: Slots, share: NDArray[np.floating], ground: Array, told: Told) -> None:
        """Fill what is told of n characters, at `share` [n] of the way from the tick before to the last one, on ground of these heights
        [S] in m."""
        read(slots, self.trail.newest, self.trail.ring, self.contacts, self.phase, told.data, told.contacts, told.phase)
        if (share < 1 - ALMOST).any():
            self._go_back(slots, share.astype(np.float32), told)
        tell_places(slots, ground, self._travel.told, told.data, told.root_delta, told.root)

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
    now_contacts: Array, now_phase: Array, before_contacts: Array, before_phase: Array, down: Flags, landed: Slots,
) -> int:  # fmt: skip
    """Poses [n] become the last ones of their slots [S]; how many feet landed, their slots and numbers in the first rows of landed."""
    count = 0
    for n in range(len(slots)):
        count += show_one(
            slots[n], root[n], rotations[n], contacts[n], phase[n], newest, ring,
            now_contacts, now_phase, before_contacts, before_phase, down, landed[count:],
        )  # fmt: skip
    return count


@kernel
def show_walkers(
    first: int, end: int, slots: Slots, root: Array, rotations: Array, contacts: Array, phase: Array,
    on: Flags, active: Flags, fading: Flags, faulty: Flags, newest: Slots, ring: Array,
    now_contacts: Array, now_phase: Array, before_contacts: Array, before_phase: Array, down: Flags, landed: Slots,
    ground: Array, places: Array, data: Array, told_contacts: Array, told_phase: Array, told_root: Array, delta: Array,
) -> int:  # fmt: skip
    """The same of rows first to end of them, and what is told of them; -1 and nothing else where any is disturbed or no number."""
    calm = True
    for n in range(first, end):
        slot = slots[n]
        calm &= not (on[slot] or active[slot] or fading[slot] or faulty[slot])
        calm &= finite(root[n]) & finite(rotations[n].reshape(-1))
    if not calm:
        return -1
    count = 0
    for n in range(first, end):
        slot = slots[n]
        count += show_one(
            slot, root[n], rotations[n], contacts[n], phase[n], newest, ring,
            now_contacts, now_phase, before_contacts, before_phase, down, landed[count:],
        )  # fmt: skip
        if len(data):
            read_one(slot, newest, ring, now_contacts, data[n], told_contacts[n])
            told_phase[n] = phase[n]
            data[n, 1] += ground[slot]
            tell_one(data[n], places[slot], delta[n], told_root[n])
    return count


@part
def show_one(
    slot: int, root: Array, rotations: Array, contacts: Array, phase: float, newest: Slots, ring: Array,
    now_contacts: Array, now_phase: Array, before_contacts: Array, before_phase: Array, down: Flags, landed: Slots,
) -> int:  # fmt: skip
    """The same of one: root [3], rotations [22, 4], contacts [4]."""
    step_on(slot, root, rotations, newest, ring)
    for k in range(4):
        before_contacts[slot, k], now_contacts[slot, k] = now_contacts[slot, k], contacts[k]
    before_phase[slot], now_phase[slot] = now_phase[slot], phase
    count = 0
    for foot in range(2):
        if lands(foot, contacts, down[slot]):
            landed[count, 0], landed[count, 1] = slot, foot
            count += 1
    return count


@kernel
def read(
    slots: Slots, newest: Slots, ring: Array, now_contacts: Array, now_phase: Array, data: Array, contacts: Array, phase: Array
) -> None:
    """Fill data [n, ROW], contacts [n, 4] and phase [n] with the last tick of the slots."""
    for n in range(len(slots)):
        read_one(slots[n], newest, ring, now_contacts, data[n], contacts[n])
        phase[n] = now_phase[slots[n]]


@part
def read_one(slot: int, newest: Slots, ring: Array, now_contacts: Array, data: Array, contacts: Array) -> None:
    """The same of one slot: data [ROW], contacts [4]."""
    row = ring[newest[slot], slot]
    for k in range(len(data)):
        data[k] = row[k]
    for k in range(4):
        contacts[k] = now_contacts[slot, k]


@kernel
def tell_places(slots: Slots, ground: Array, places: Array, data: Array, delta: Array, root: Array) -> None:
    """Put data [n, ROW] on the ground [S], and fill delta [n, 3] and root [n, 3]; see `Travel.tell`, whose `told` the places [S, 3] are."""
    for n in range(len(slots)):
        data[n, 1] += ground[slots[n]]
        tell_one(data[n], places[slots[n]], delta[n], root[n])
