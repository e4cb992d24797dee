"""Live characters: locomotion under player input, acted sentences, and the hand-over between them, for a whole cast at once.

Every character has a slot in arrays. A tick of 1/60 s takes each advancing character's target pose from its source (the
controller, or the frames of an acted sentence), adds what is left of a running transition, and remembers the result. Asked
times between ticks are interpolated. Sentences are generated on another thread: a tick never waits for one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from motionwire.acting import Act
from motionwire.controller import layout
from motionwire.controller.forecast import Paths
from motionwire.controller.intent import Intent
from motionwire.feet import Feet
from motionwire.generator.scheduler import Scheduler, Sentences
from motionwire.kernels import kernel
from motionwire.motion import batch
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.inertialize import Inertializer
from motionwire.motion.moved import Move
from motionwire.motion.poses import Poses, of_rows
from motionwire.motion.skeleton import REFERENCE, Skeleton
from motionwire.shown import NOBODY, Landed, Shown, Told
from motionwire.stage import FLAT, Stage

FPS = 60.0
TICK = 1.0 / FPS
INPUT = 4  # columns of an input row: velocity x, z in m/s, facing in rad (NaN: where it moves), style index
PAST = 65  # ticks of shown motion that are kept: 33 frames at 30 fps, the prompt of an acted sentence
MOST_TOLD = 256  # happenings kept of a character that nobody advances
ALMOST = 1e-6  # s
NO_SLOTS = np.zeros(0, np.intp)

Array = NDArray[np.float32]
Slots = NDArray[np.intp]
Earlier = dict[int, tuple[Array, Array]]  # by slot a root [3] and rotations [22, 4]
Take = Callable[[slice, Poses], object]


class Locomotion(Protocol):
    """What a controller offers. A state's array attributes have one row per character; `resume` makes one of a single row, `tick`
    moves the characters in some rows on by TICK and hands over blocks of them as they are done; see controller.Controller."""

    @property
    def styles(self) -> Sequence[str]: ...

    def create(self, positions: Array, headings: Array, seed: int = 0) -> Any: ...

    def resume(self, clip: Clip) -> Any: ...

    def tick(self, state: Any, slots: Slots, intent: Intent, take: Take | None = None) -> Poses: ...

    def describe_ground(self, state: Any, heights: Array) -> None: ...

    def levels(self, state: Any, slots: Slots) -> NDArray[np.floating]: ...

    def carry(self, state: Any, slots: Slots, places: Array, velocities: Array) -> None: ...

    def keep(self, state: Any, before: Any) -> None: ...

    def relocate(self, state: Any, index: int, move: Move) -> None: ...

    def paths(self, state: Any) -> Paths: ...

    def raw(self, state: Any) -> tuple[Array, Array]: ...


class Happening(Struct, frozen=True):
    """An event of one character: footstep (foot 0 left, 1 right), act_begin, act_end, act_failed (ref: of the act), fault. ago: s between
    it and the frame that tells it."""

    handle: int
    kind: str
    foot: int = -1
    ref: int = 0
    message: str = ""
    ago: float = 0.0


@dataclass(frozen=True, eq=False)
class Frame:
    """N characters now: float32 data [N, ROW] as it travels, contacts [N, 4], phase [N] rad, root [N, 3] (x, z in m, heading in rad) and
    root_delta [N, 3] (x, z in m in the heading frame of the frame before, turn in rad), acting uint8 [N], and what happened since their
    last frame."""

    data: Array
    contacts: Array
    phase: Array
    root: Array
    root_delta: Array
    acting: NDArray[np.uint8]
    happenings: list[Happening]

    @property
    def root_positions(self) -> Array:
        """Places of the pelvis [N, 3], m, a view."""
        return of_rows(self.data)[0]

    @property
    def rotations(self) -> Array:
        """Local rotations [N, 22, 4], a view."""
        return of_rows(self.data)[1]


class Thoughts(NamedTuple):
    """How N characters came to their pose: the path that is asked for, desired float32 [N, 12, 4], and the network's forecast of it,
    predicted [N, 6, 4] (x, z in m, heading in rad, speed in m/s); its own pose, root positions [N, 3] m and rotations [N, 22, 4]."""

    desired: Array
    predicted: Array
    root_positions: Array
    rotations: Array


class Cast:
    """All live characters of one model. A handle is a character's slot number; slots are used again."""

    def __init__(self, controller: Locomotion, generator: Sentences | None = None, skeleton: Skeleton = REFERENCE) -> None:
        self.skeleton = skeleton
        self.styles = tuple(controller.styles)
        self._controller = controller
        self.scheduler = None if generator is None else Scheduler(generator)
        self._happenings: dict[int, list[tuple[int, Happening]]] = {}  # not yet given out, each with its tick
        self._taken: set[int] = set()
        self._free: list[int] = []
        self._room = 0
        self._state: Any = None
        self._stage = Stage(lambda slot, kind, ref, message: self._tell(slot, kind, ref=ref, message=message))
        self._shown = Shown(PAST)
        self._trail = self._shown.trail
        self._inertia = Inertializer(0)
        self._feet = Feet()
        self._input = np.zeros((0, INPUT), np.float32)
        self._path = np.zeros((0, layout.FUTURE, 2), np.float32)
        self._walled = np.zeros(0, bool)  # the game has clipped its path
        self._ground = np.zeros(0, np.float32)
        self._ticks = np.zeros(0, np.intp)  # of each slot so far
        self._lag = np.zeros(0)  # s by which the asked time is ahead of the last tick, in -TICK..0
        self._faulty = np.zeros(0, bool)

    def __len__(self) -> int:
        return len(self._taken)

    @property
    def can_act(self) -> bool:
        """Whether sentences work."""
        return self.scheduler is not None

    def apart(self) -> "Cast":
        """An empty cast that walks by the same controller and shares nothing else."""
        return Cast(self._controller, None, self.skeleton)

    def close(self) -> None:
        """End the generator's thread."""
        if self.scheduler is not None:
            self.scheduler.close()

    def spawn(self, position: Array, heading: float, seed: int = 0) -> int:
        """A new character standing at position [3] (y: its ground) with this heading (rad); its handle."""
        if not self._free:
            self._grow(max(8, 2 * self._room))
        slot = self._free.pop()
        at = np.array([slot])
        self._taken.add(slot)
        self._ground[slot] = position[1]
        self._input[slot] = (0, 0, np.nan, 0)
        self._path[slot] = np.nan
        self._walled[slot] = False
        self._lag[slot] = 0
        self._faulty[slot] = False
        self._inertia.clear(at)
        self._feet.clear(at)
        place = np.array([position], np.float32) * FLAT
        batch.put(self._state, at, self._controller.create(place, np.array([heading], np.float32), seed))
        own = self._controller.raw(batch.take(self._state, at))
        poses = self._walk(at)
        if not _finite(poses.root_positions, poses.rotations).all():  # then it stands as it was made until there is more
            poses = Poses(*own, np.ones_like(poses.contacts), np.zeros_like(poses.phase), poses.gait)
        self._shown.reset(slot, poses)
        return slot

    def despawn(self, handles: Sequence[int]) -> None:
        """Remove characters."""
        for slot in handles:
            self._taken.remove(slot)
            self._stage.clear(slot)
            self._happenings.pop(slot, None)
        self._free = sorted((*self._free, *handles), reverse=True)

    def teleport(self, handle: int, position: Array, heading: float) -> None:
        """Put a character to position [3] (y: its ground, flat until told) with this heading (rad) as it is: the frame told last counts as
        told there, and it goes on from it. Paths told before are forgotten. Raises InputError where that is no place."""
        move = Move(self._shown.place(handle), (np.asarray(position, np.float64)[[0, 2]], heading))
        level = float(self._levels(np.array([handle]))[0])
        self._controller.relocate(self._state, handle, move)
        self._shown.relocate(handle, move, level)
        for part in (self._stage, self._inertia, self._feet):
            part.relocate(handle, move)
        self._ground[handle] = position[1]
        self._path[handle] = np.nan
        self._walled[handle] = False

    def set_input(self, handles: Slots, rows: Array) -> None:
        """What players want, rows [N, 4] as in INPUT; holds until set again."""
        self._input[handles] = rows

    def set_heights(self, handles: Slots, heights: Array) -> None:
        """The ground's height in m, [N, 12], at the places of `thoughts(handles).desired`, NaN: where it was spawned; holds there until
        set again."""
        index = batch.rows(handles)
        state = batch.take(self._state, index)
        self._controller.describe_ground(state, heights - self._ground[handles, None])
        if index is handles:  # else `state` is made of views
            batch.put(self._state, handles, state)

    def set_path(self, handles: Slots, path: Array) -> None:
        """Where future places may be, [N, 6, 2] x, z in m in the world, NaN: as asked for; holds until set again."""
        self._path[handles] = path
        self._walled[handles] = np.isfinite(path).any(axis=(1, 2))

    def time_of(self, handle: int) -> float:
        """A character's own time, s, by which differences between its frames are told."""
        return float(self._ticks[handle]) * TICK + float(self._lag[handle])

    def thoughts(self, handles: Slots) -> Thoughts:
        """How the characters came to the pose of the last step."""
        state = batch.take(self._state, batch.rows(handles))
        paths = self._controller.paths(state)
        roots, rotations = self._controller.raw(state)
        roots[:, 1] += self._ground[handles]
        return Thoughts(paths.desired, paths.predicted, roots, rotations)

    def act(self, handle: int, text: str, seed: int = 0, seconds: float | None = None, queue: bool = False, ref: int = 0) -> None:
        """Act a sentence out, from the present pose; queue: after those under way, else instead of them."""
        if self.scheduler is None:
            raise ValueError("this cast has no generator")
        after = self._stage.last(handle) if queue else None
        act = Act(text, seed, seconds, ref, self._past(handle, every=2), self.skeleton, after)
        self._stage.add(handle, act, queue)
        self.scheduler.ask(act)

    def acts_of(self, handle: int) -> tuple[Act, ...]:
        """What a character acts and has queued."""
        return self._stage.acts(handle)

    @property
    def acts(self) -> int:
        """How many sentences all characters act and have queued."""
        return len(self._stage)

    def stop(self, handle: int) -> None:
        """End what it acts and what is queued."""
        self._stage.stop(handle)

    def step(self, handles: Slots, seconds: NDArray[np.floating]) -> Frame:
        """Advance N different characters by their seconds [N] and return them."""
        told, steps = self._run(handles, seconds, True)
        if told is None:
            told = Told.unfilled(len(handles))
            self._shown.tell(handles, 1 + self._lag[handles] / TICK, self._ground, told)
        return Frame(*told, acting=self._stage.on[handles].astype(np.uint8), happenings=self._told(handles) + steps)

    def go_on(self, handles: Slots, seconds: float) -> None:
        """Advance different characters, whose next frame tells what became of them since the one before."""
        self._run(handles, np.full(len(handles), seconds), False)

    def _run(self, handles: Slots, seconds: NDArray[np.floating], tell: bool) -> tuple[Told | None, list[Happening]]:
        """All ticks that are due; see `_tick`. tell: a frame follows."""
        owe(handles, seconds, self._lag)
        late = np.empty(len(handles), bool)
        told: Told | None = None
        steps: list[Happening] = []
        while True:  # each is taken to have ticked: a tick that fails is not made up for
            count, there = take_due(handles, self._lag, self._ticks, late)
            if count == 0:
                break
            told, steps = self._tick(handles if count == len(handles) else handles[late], tell and count == there == len(handles))
        return told, steps

    def _tick(self, slots: Slots, last: bool) -> tuple[Told | None, list[Happening]]:
        """Advance these by TICK. last: all are told as of this tick; what is told then and who set a foot down, unless that has to be
        gathered afterwards."""
        entered, left = self._stage.cue(slots, self._trail.at, self._levels)
        staged = self._stage.on[slots]
        if not (entered or left or staged.any()):
            return self._walk_on(slots, last)
        earlier = self._take_up(left)
        changed = np.array(entered + left, np.intp)
        if staged.any():
            acting, slots = slots[staged], slots[~staged]
            self._show(acting, *self._stage.play(acting, self._levels(acting)), self._shown.phase[acting], changed, earlier)
            now, before = (self._trail.at(acting, back)[0][:, [0, 2]] for back in (0, 1))
            self._controller.carry(self._state, acting, now, (now - before) * FPS)
        if len(slots):
            poses = self._walk(slots)
            self._show(slots, poses.root_positions, poses.rotations, poses.contacts, poses.phase, changed, earlier)
        return None, []

    def _walk_on(self, slots: Slots, last: bool) -> tuple[Told | None, list[Happening]]:
        """The same where nobody acts. Who only walks is shown, and told, by the thread that moved it, while it is in that processor's
        cache."""
        told = Told.unfilled(len(slots)) if last else NOBODY
        flags = (self._stage.on, self._inertia.active, self._feet.fading, self._faulty)
        landed: list[tuple[int, Landed]] = []
        disturbed: list[slice] = []

        def take(rows: slice, poses: Poses) -> None:
            feet = self._shown.push_walkers(rows, slots, poses, flags, self._ground, told)
            if feet is None:
                disturbed.append(rows)
            elif feet:
                landed.append((rows.start, feet))

        poses = self._walk(slots, take)
        for rows in disturbed:
            chosen = slots[rows]
            parts = (poses.root_positions[rows], poses.rotations[rows], poses.contacts[rows], poses.phase[rows])
            self._show(chosen, *parts, NO_SLOTS, {})
            if last:
                self._shown.tell(chosen, np.ones(len(chosen)), self._ground, told.part_of(rows))
        steps = [Happening(slot, "footstep", foot) for _, feet in sorted(landed) for slot, foot in feet]
        if last:
            return told, steps
        for step in steps:
            self._keep(step)
        return None, []

    def _show(self, slots: Slots, root: Array, rotations: Array, contacts: Array, phase: Array, changed: Slots, earlier: Earlier) -> None:
        """Show what transitions, planted feet and faults make of these targets. changed: slots with another source than before;
        earlier: see `_hand_over`."""
        root, rotations, contacts = self._handled(slots, root, rotations, contacts, changed, earlier)
        for slot, foot in self._shown.push(slots, root, rotations, contacts, phase):
            self._tell(slot, "footstep", foot=foot)

    def _handled(
        self, slots: Slots, root: Array, rotations: Array, contacts: Array, changed: Slots, earlier: Earlier
    ) -> tuple[Array, Array, Array]:
        faulty = ~_finite(root, rotations)
        recovered = self._faulty[slots] & ~faulty
        if recovered.any():  # who was held sets off from rest
            earlier = earlier | {int(slots[n]): (root[n], rotations[n]) for n in np.flatnonzero(recovered)}
        if faulty.any():
            self._hold(slots[faulty])
            root[faulty], rotations[faulty] = self._trail.at(slots[faulty])
            contacts[faulty] = self._shown.contacts[slots[faulty]]
        self._faulty[slots] = faulty
        switches = (np.isin(slots, changed) | recovered) & ~faulty
        if switches.any():
            self._hand_over(slots[switches], earlier, root[switches], rotations[switches])
        acted, target = self._stage.on[slots], (root, rotations)
        holding = acted | self._inertia.active[slots]
        root, rotations = self._inertia.apply(slots, root, rotations, TICK)
        return self._feet.plant(slots, root, rotations, contacts, holding, self._levels(slots), acted, target)

    def _walk(self, slots: Slots, take: Take | None = None) -> Poses:
        rows = self._input[slots]
        path = self._path[slots] if self._walled[slots].any() else None
        intent = Intent(rows[:, :2], rows[:, 2], rows[:, 3].astype(np.intp), path=path)
        return self._controller.tick(self._state, slots, intent, take)

    def _take_up(self, slots: list[int]) -> Earlier:
        """Locomotion goes on from what is shown; its first pose of each slot, from which the second one tells how fast it sets off."""
        earlier = {}
        for slot in slots:
            at = np.array([slot])
            self._begin_anew(at, self._controller.resume(Clip(self.skeleton, FPS, *self._past(slot))))
            poses = self._walk(at)
            earlier[slot] = (poses.root_positions[0].copy(), poses.rotations[0].copy())
        return earlier

    def _begin_anew(self, slots: Slots, state: Any) -> None:
        """Locomotion of these goes on from another state, with what they keep of their own."""
        self._controller.keep(state, batch.take(self._state, slots))
        batch.put(self._state, slots, state)

    def _past(self, slot: int, every: int = 1) -> tuple[Array, Array]:
        """What a slot showed, as `Trail.past` has it, over a ground at 0."""
        roots, rotations = self._trail.past(slot, every)
        roots[:, 1] -= self._levels(np.array([slot]))
        return roots, rotations

    def _levels(self, slots: Slots) -> Array:
        """Heights [n] of the ground under characters over the one they were spawned on, m."""
        return np.asarray(self._controller.levels(self._state, slots), np.float32)

    def _hand_over(self, slots: Slots, earlier: Earlier, root: Array, rotations: Array) -> None:
        """Start the transition from what is shown to the new source, whose present target this is; earlier: that of the tick before."""
        origins = [earlier[slot] if slot in earlier else self._stage.before(slot) for slot in slots.tolist()]
        earlier_root, earlier_rotations = np.stack([one for one, _ in origins]), np.stack([one for _, one in origins])
        before, now = self._trail.at(slots, 1), self._trail.at(slots)
        self._inertia.begin(slots, before, now, (earlier_root, earlier_rotations), (root, rotations), TICK)
        self._feet.hand_over(slots)

    def _hold(self, slots: Slots) -> None:
        """Targets that are not finite: what acts stops, locomotion starts anew, and it is told once."""
        root, rotations = self._trail.at(slots)
        self._begin_anew(slots, self._controller.create(root * FLAT, rot.yaw_of(rotations[:, 0])))
        self._inertia.clear(slots)
        self._feet.clear(slots)
        for slot in slots.tolist():
            self._stage.stop(slot)
            if not self._faulty[slot]:
                self._tell(slot, "fault", message="the model returned values that are not finite; the pose is held")

    def _told(self, handles: Slots) -> list[Happening]:
        """What happened to these characters, and how long before their frame."""
        if not self._happenings:
            return []
        wanted = set(handles.tolist())
        told = []
        for slot in [slot for slot in self._happenings if slot in wanted]:
            for tick, happening in self._happenings.pop(slot):
                ago = self.time_of(slot) - tick * TICK
                told.append(replace(happening, ago=ago) if ago > ALMOST else happening)
        return told

    def _tell(self, slot: int, kind: str, foot: int = -1, ref: int = 0, message: str = "") -> None:
        self._keep(Happening(slot, kind, foot, ref, message[:300]))

    def _keep(self, happening: Happening) -> None:
        """Until its character's next frame."""
        told = self._happenings.setdefault(happening.handle, [])
        told.append((int(self._ticks[happening.handle]), happening))
        del told[:-MOST_TOLD]

    def _grow(self, room: int) -> None:
        """Room for more characters; the old ones keep their slots."""
        old, self._room = self._room, room
        state = self._controller.create(np.zeros((room, 3), np.float32), np.zeros(room, np.float32), 0)
        if old:
            batch.put(state, np.arange(old), self._state)
        self._state = state
        for part in (self._stage, self._shown, self._inertia, self._feet):
            part.grow(room)
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                setattr(self, name, np.concatenate((value, np.zeros((room - old, *value.shape[1:]), value.dtype))))
        self._free = [*range(room - 1, old - 1, -1), *self._free]


def _finite(root: Array, rotations: Array) -> NDArray[np.bool_]:
    """Which of the poses, roots [n, 3] and rotations [n, 22, 4], are numbers only."""
    return np.asarray(np.isfinite(root).all(axis=1) & np.isfinite(rotations).all(axis=(1, 2)))


@kernel
def owe(slots: Slots, seconds: NDArray[np.floating], lag: NDArray[np.floating]) -> None:
    """Add the seconds [n] that are asked for to lag [S], of which nothing is left over that was not made."""
    for n in range(len(slots)):
        lag[slots[n]] = min(lag[slots[n]], ALMOST) + seconds[n]


@kernel
def take_due(slots: Slots, lag: NDArray[np.floating], ticks: Slots, late: NDArray[np.bool_]) -> tuple[int, int]:
    """Take a tick off the lag [S] of those slots that are late [n], and add it to their ticks [S]; their number, and that of the slots
    whose asked time is that of their last tick now. What is almost nothing after a tick is nothing: summed up, the rounding of a frame time
    that is told in 32 bits would make characters tick a frame ahead after twenty seconds, and show poses between two ticks for good."""
    count = there = 0
    for n in range(len(slots)):
        late[n] = lag[slots[n]] > ALMOST
        if late[n]:
            lag[slots[n]] -= TICK
            ticks[slots[n]] += 1
            count += 1
            if abs(lag[slots[n]]) <= ALMOST:
                lag[slots[n]] = 0.0
        there += -ALMOST * TICK <= lag[slots[n]] <= ALMOST
    return count, there
