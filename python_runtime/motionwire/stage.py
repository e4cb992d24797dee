"""Who acts what: per character the sentence on stage and those that wait, where its motion stands in the world, when it begins and ends."""

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from motionwire.acting import Act
from motionwire.motion import rotations as rot
from motionwire.motion.moved import Move

Array = NDArray[np.float32]
Slots = NDArray[np.intp]

FLAT = np.array([1, 0, 1], dtype=np.float32)  # keeps x and z

# tell(slot, kind, ref, message): act_begin, act_end, act_failed
Tell = Callable[[int, str, int, str], None]
Shown = Callable[[Slots], tuple[Array, Array]]  # roots [n, 3] and rotations [n, 22, 4]
Levels = Callable[[Slots], Array]  # heights [n]


class Stage:
    """The programme of S slots. on: bool [S], slots that take their frames from their first act."""

    def __init__(self, tell: Tell) -> None:
        self.on = np.zeros(0, bool)
        self._tell = tell
        self._acts: dict[int, deque[Act]] = {}
        self._yaw = np.zeros(0, np.float32)  # where the act's own origin stands in the world
        self._origin = np.zeros((0, 3), np.float32)

    def __len__(self) -> int:
        """Acts on stage and waiting, of all slots, but for those that are to leave."""
        return sum(len(self.acts(slot)) for slot in self._acts)

    def grow(self, slots: int) -> None:
        """Room for more slots."""
        more = slots - len(self.on)
        self.on = np.pad(self.on, (0, more))
        self._yaw = np.pad(self._yaw, (0, more))
        self._origin = np.pad(self._origin, ((0, more), (0, 0)))

    def acts(self, slot: int) -> tuple[Act, ...]:
        """What a slot acts and what waits, but for what is to leave."""
        return tuple(act for act in self._acts.get(slot, ()) if not act.cancelled.is_set())

    def last(self, slot: int) -> Act | None:
        """The sentence that a queued one follows."""
        acts = self._acts.get(slot)
        return acts[-1] if acts and not acts[-1].cancelled.is_set() else None

    def add(self, slot: int, act: Act, queue: bool) -> None:
        """A new sentence: after the others, or instead of them. The one on stage is made and plays until the new one has frames."""
        acts = self._acts.setdefault(slot, deque())
        if not queue:
            self._drop_waiting(slot, acts)
            for other in acts:
                other.replaced = True
        acts.append(act)

    def stop(self, slot: int) -> None:
        """End everything: what waits now, or who asks and stops in turns between two cues would pile it up, what is on stage at the next
        cue."""
        acts = self._acts.get(slot, deque())
        self._drop_waiting(slot, acts)
        for act in acts:
            act.cancelled.set()
            act.stopped = True

    def clear(self, slot: int) -> None:
        """Forget a slot, whose character is gone."""
        self.stop(slot)
        self._acts.pop(slot, None)
        self.on[slot] = False

    def relocate(self, slot: int, move: Move) -> None:
        """Move what a slot acts over the ground. What waits begins where the slot is shown then."""
        self._yaw[slot] += move.turn
        self._origin[slot] = move.points(self._origin[slot])

    def cue(self, slots: Slots, shown: Shown, levels: Levels) -> tuple[list[int], list[int]]:
        """Begin and end acts; the slots that entered another act, and those that left the stage. shown: the poses that slots show;
        levels: the ground's height under them (m)."""
        entered: list[int] = []
        left: list[int] = []
        if not self._acts:
            return entered, left
        for slot in [slot for slot in slots.tolist() if slot in self._acts]:
            acts = self._acts[slot]
            before = acts[0] if self.on[slot] else None
            while acts and self._move_on(slot, acts, shown, levels):
                pass
            now = acts[0] if self.on[slot] else None
            if now is not before:
                (left if now is None else entered).append(slot)
            if not acts:
                del self._acts[slot]
        return entered, left

    def play(self, slots: Slots, levels: Array) -> tuple[Array, Array, Array]:
        """The next frames in the world, on ground of these heights [n] (m): roots [n, 3], rotations [n, 22, 4], contacts [n, 4]; where the
        generator is late, the last ones."""
        self._origin[slots, 1] = levels
        frames = [self._acts[slot][0].take() for slot in slots.tolist()]
        roots, rotations = self._place(slots, np.array([f.root for f in frames]), np.array([f.rotations for f in frames]))
        return roots, rotations, np.array([f.contacts for f in frames])

    def before(self, slot: int) -> tuple[Array, Array]:
        """Root [3] and rotations [22, 4] in the world, one tick before the frame played last, as if it had moved steadily."""
        root, rotations = self._acts[slot][0].before()
        roots, turned = self._place(np.array([slot]), root[None], rotations[None])
        return roots[0], turned[0]

    def _drop_waiting(self, slot: int, acts: deque[Act]) -> None:
        while len(acts) > int(self.on[slot]):
            act = acts.pop()
            act.cancelled.set()
            self._tell(slot, "act_end", act.ref, "")

    def _move_on(self, slot: int, acts: deque[Act], shown: Shown, levels: Levels) -> bool:
        """One change of a slot's programme; False when there is none now."""
        first = acts[0]
        if not self.on[slot]:
            if first.is_over:
                self._leave(slot, acts)
                return True
            if first.can_enter:
                self._enter(slot, first, shown, levels)
                return True
            return False
        if first.is_over:
            self._leave(slot, acts)
            return True
        if first.replaced and len(acts) > 1:  # leave as soon as the next one is ready
            if acts[1].is_over:
                del acts[0]
                self._leave(slot, acts)
                acts.appendleft(first)
                self.on[slot] = True
                first.replaced = len(acts) > 1  # what was queued behind it begins where it would have
                return True
            if acts[1].can_enter:
                self._leave(slot, acts)
                return True
        return False

    def _enter(self, slot: int, act: Act, shown: Shown, levels: Levels) -> None:
        """Put the act's origin where its motion goes on from what is shown."""
        at = np.array([slot])
        root, rotations = act.before()
        shown_root, shown_rotations = shown(at)
        self._yaw[slot] = rot.yaw_of(shown_rotations[0, 0]) - rot.yaw_of(rotations[0])
        self._origin[slot] = 0
        placed, _ = self._place(at, root[None], rotations[None])
        self._origin[slot] = (shown_root[0] - placed[0]) * FLAT
        self._origin[slot, 1] = levels(at)[0]
        self.on[slot] = True
        self._tell(slot, "act_begin", act.ref, "")

    def _leave(self, slot: int, acts: deque[Act]) -> None:
        act = acts.popleft()
        act.cancelled.set()
        self.on[slot] = False
        self._tell(slot, "act_failed" if act.error else "act_end", act.ref, act.error)

    def _place(self, slots: Slots, roots: Array, rotations: Array) -> tuple[Array, Array]:
        """An act's own frames, turned and moved to where it began."""
        turn = rot.from_yaw(self._yaw[slots]).astype(np.float32)
        rotations = rotations.copy()
        rotations[:, 0] = rot.multiply(turn, rotations[:, 0])
        return rot.rotate(turn, roots) + self._origin[slots], rotations
