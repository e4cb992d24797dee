"""The controller's frame loop: what the player wants, the path ahead, the network, the root's step, feet held in place.

One network call serves a block of characters; before and after it runs compiled code (tick.py). The network
runs at 60 frames a second; a caller with another frame time gets poses interpolated between its frames. The loop follows
Holden et al. 2017, section 6.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motionwire.controller import layout
from motionwire.controller.carried import carry
from motionwire.controller.crew import Crew
from motionwire.controller.encoding import encode_placed, require
from motionwire.controller.figure import place_figure
from motionwire.controller.foot_lock import BODY, fresh_feet
from motionwire.controller.forecast import Paths, paths_of
from motionwire.controller.intent import Intent
from motionwire.controller.layout import TICK
from motionwire.controller.network import Network, Sessions
from motionwire.controller.path import HISTORY
from motionwire.controller.placing import relocate
from motionwire.controller.planted import stances
from motionwire.controller.saving import load, save
from motionwire.controller.settings import Settings
from motionwire.controller.state import Array, State
from motionwire.controller.styles import STANDING
from motionwire.controller.tick import Slots, after_network, before_network, settle, stretch
from motionwire.errors import InputError
from motionwire.kernels import compiling
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import CONTACT_JOINTS, contacts_of
from motionwire.motion.moved import Move
from motionwire.motion.phase import soft_phase
from motionwire.motion.poses import Poses, unfilled
from motionwire.motion.skeleton import JOINTS

LONGEST_DT = 0.25  # s: a longer gap is a pause, not motion
ALMOST = 1e-6  # s
NO_PATH = np.zeros((0, layout.FUTURE, 2))  # nobody's
Take = Callable[[slice, Poses], object]


class Controller:
    """Moves characters by a bundle's `controller` graph, on so many threads. `styles`: names in the order of Intent.style; `stands`
    [S, 264]: the pose in which each of them stands."""

    def __init__(self, bundle: Sessions, settings: Settings | None = None, threads: int = 1) -> None:
        self.settings = settings or Settings()
        self.network = Network(bundle)
        self._crew = Crew(threads)
        self.styles = self.network.styles
        self.stands = np.empty((0, layout.POSE), np.float32)
        nobody = Intent(np.zeros((0, 2), np.float32), np.zeros(0, np.float32), np.zeros(0, np.intp))
        with compiling():
            state = self.create(np.zeros((0, 3)), np.zeros(0))
            self.step(state, nobody)
            self.carry(state, np.zeros(0, np.intp), np.zeros((0, 2)), np.zeros((0, 2)))
        self.stands = self._standing()

    def create(self, positions: ArrayLike, headings: ArrayLike, seed: int = 0) -> State:
        """B characters standing at positions [B, 3] (m; y is ignored, the ground is 0) with headings [B] (rad)."""
        places = np.asarray(positions, dtype=np.float64).reshape(-1, 3)[:, [0, 2]].copy()
        headings = np.asarray(headings, dtype=np.float64).reshape(-1).copy()
        count = len(headings)
        if len(places) != count:
            raise InputError(f"{len(places)} positions and {count} headings")
        if not (np.isfinite(places).all() and np.isfinite(headings).all()):
            raise InputError("positions and headings must be finite")
        history = np.zeros((count, HISTORY, 4))
        history[..., :2] = places[:, None]
        history[..., 2] = headings[:, None]
        rng = np.random.default_rng(seed)
        phase = rng.uniform(0, 2 * np.pi, count)
        state = State(
            positions=places,
            headings=headings,
            velocities=np.zeros((count, 2)),
            accelerations=np.zeros((count, 2)),
            turning=np.zeros(count),
            pose=np.tile(self.network.start, (count, 1)),
            future=np.zeros((count, layout.FUTURE_TRAJECTORY), np.float32),
            phase=phase,
            clock=rng.uniform(0, 1000, count),
            idling=np.zeros((count, 2)),
            twist=np.zeros((count, 3)),
            backing=np.zeros(count, bool),
            stood=np.empty((count, layout.CONTACTS, 2)),
            lead=np.zeros((count, 2)),
            style=_first_of(count, len(self.styles)),
            contacts=np.ones((count, layout.CONTACTS), np.float32),
            gait=_first_of(count, len(layout.GAITS)),
            history=history,
            newest=np.zeros(count, np.intp),
            desired=np.tile(history[:, :1], (1, layout.SAMPLES, 1)),
            ground=np.zeros((count, layout.SAMPLES, 3)),
            feet=fresh_feet(count),
            bodies=np.zeros(count, BODY),
            ahead=0.0,
            shown_roots=np.zeros((count, 2, 3), np.float32),
            shown_rotations=np.zeros((count, 2, JOINTS, 4), np.float32),
            shown_contacts=np.ones((count, 2, layout.CONTACTS), np.float32),
            shown_phase=np.stack((phase, phase), axis=1).astype(np.float32),
        )
        roots, rotations = self.raw(state)
        state.stood[:] = stances(roots, rotations)
        state.shown_roots[:] = roots[:, None]
        state.shown_rotations[:] = rotations[:, None]
        return state

    def resume(self, clip: Clip) -> State:
        """One character that moves on as the clip ends: canonical, 60 fps, its ground at y = 0, at least HISTORY frames."""
        if len(clip) < HISTORY:
            raise InputError(f"{len(clip)} frames are too few to go on from, {HISTORY} needed", clip.name or None)
        require(clip)
        world, _ = clip.world()
        poses, track = encode_placed(world, clip.rotations)
        velocities, contacts = track.velocities(), contacts_of(world[:, CONTACT_JOINTS], clip.fps)
        x, z = track.positions[-1]
        state = self.create([(x, 0.0, z)], track.headings[-1:])
        state.velocities[0] = velocities[-1]
        state.turning[0] = (track.headings[-1] - track.headings[-2]) * layout.FPS
        state.pose[0] = poses[-1]
        state.phase[0] = soft_phase(contacts, layout.FPS)[0][-1]
        state.history[0] = np.column_stack((track.positions, track.headings, np.linalg.norm(velocities, axis=1)))[-HISTORY:]
        state.newest[0] = HISTORY - 1
        state.contacts[0], state.shown_contacts[0], state.shown_phase[0] = contacts[-1], contacts[-2:], state.phase[0]
        state.stood[0] = stances(clip.root_positions[-1:], clip.rotations[-1:])[0]
        state.shown_roots[0], state.shown_rotations[0] = clip.root_positions[-2:], clip.rotations[-2:]
        return state

    def step(self, state: State, intent: Intent, dt: float = TICK) -> Poses:
        """Advance all characters by dt seconds (a gap over LONGEST_DT counts as that) and return their poses; changes `state`. Raises
        InputError where the intent is not theirs or dt no number."""
        wish = self._checked(intent, len(state))
        if intent.heights is not None:
            self.describe_ground(state, intent.heights)
        if not np.isfinite(dt):
            raise InputError(f"dt is {dt}, seconds are expected")
        due = min(max(float(dt), 0.0), LONGEST_DT) - state.ahead
        ticks = due > ALMOST
        while due > ALMOST:
            state.show(self._advance(state, np.arange(len(state)), *wish, tell_broken=False))
            due -= TICK
        state.ahead = 0.0 if ticks and abs(due) <= ALMOST else -due  # the rounding of a frame time must not sum up
        return state.shown(1 - state.ahead / TICK)

    def tick(self, state: State, slots: Slots, intent: Intent, take: Take | None = None) -> Poses:
        """Advance the characters in these different rows of `state` by TICK and return their poses, one for each of the slots [n], whose
        intent [n] this is (`heights` aside: see `describe_ground`). What `step` shows of them does not change. A root that is NaN tells
        that the network gave no numbers; that character stays as it was. take: is told of each block of rows when its poses are there, by
        the thread that made them; blocks come at the same time, in any order."""
        return self._advance(state, slots, *self._checked(intent, len(slots)), tell_broken=True, take=take)

    def raw(self, state: State) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The network's own pose of the last tick, before the spine turned and feet were planted: roots [B, 3] and rotations
        [B, 22, 4]."""
        roots, rotations = np.empty((len(state), 3), np.float32), np.empty((len(state), JOINTS, 4), np.float32)
        place_figure(state.pose, state.positions, state.headings, roots, rotations)
        return roots, rotations

    def paths(self, state: State) -> Paths:
        """Where the characters shall go and where the network expects them, as of the last tick."""
        return paths_of(state)

    def place(self, state: State, index: int, position: ArrayLike, heading: float) -> None:
        """Put one character at position [3] (m; y is ignored) with a heading (rad); it goes on as it did."""
        x, _, z = np.asarray(position, dtype=np.float64).reshape(3)
        here = (state.positions[index].copy(), float(state.headings[index]))
        self.relocate(state, index, Move(here, (np.array([x, z]), float(heading))))

    def relocate(self, state: State, index: int, move: Move) -> None:
        """Move one character over the ground; it goes on as it did, on ground that is flat until told again."""
        relocate(state, index, move)

    def save(self, state: State) -> bytes:
        """The characters as bytes; see `load`."""
        return save(state)

    def load(self, data: bytes) -> State:
        """The characters that `save` of a controller with the same styles wrote; raises InputError for anything else."""
        return load(data, self.create(np.zeros((0, 3)), np.zeros(0)))

    def describe_ground(self, state: State, heights: ArrayLike) -> None:
        """Tell the ground's heights [B, 12] in m at the places of `paths(state).desired`, NaN: 0; they hold until told again."""
        heights = np.asarray(heights, dtype=np.float64)
        if heights.shape != (len(state), layout.SAMPLES):
            raise InputError(f"heights under the paths of {len(state)} characters have shape {heights.shape}")
        state.ground[:, :, :2] = state.desired[:, :, :2]
        state.ground[:, :, 2] = np.where(np.isfinite(heights), heights, 0)

    def levels(self, state: State, slots: Slots) -> Array:
        """Height [n] of the ground under the characters in these rows, m, as it was told."""
        levels: Array = state.bodies["height"][slots]
        return levels

    def carry(self, state: State, slots: Slots, places: ArrayLike, velocities: ArrayLike) -> None:
        """The characters in these rows have been moved, by a frame, to places [n, 2] (x, z, m) with velocities [n, 2] (m/s): their path
        and level are brought up to date, the rest waits for `resume`."""
        moved = (np.array(values, np.float64) for values in (places, velocities))
        carry(slots, *moved, state.desired, state.ground, state.bodies)

    def keep(self, state: State, before: State) -> None:
        """Let the characters keep what no motion tells of those of `before`, row by row: the ground that they were told of, their style,
        and the clock of its own by which each shifts about."""
        state.clock[:], state.style[:] = before.clock, before.style
        state.ground[:] = before.ground
        state.bodies["height"] = before.bodies["height"]

    def _checked(self, intent: Intent, count: int) -> tuple[Array, Array, Slots, Array]:
        move = np.array(intent.move, dtype=np.float64)  # copies: kernels are compiled for arrays that may be written
        facing = np.array(intent.facing, dtype=np.float64)
        style = np.array(intent.style, dtype=np.intp)
        if move.shape != (count, 2) or facing.shape != (count,) or style.shape != (count,):
            raise InputError(f"an intent for {count} characters has move {move.shape}, facing {facing.shape}, style {style.shape}")
        if not settle(move, style, len(self.styles), self.network.fastest):
            raise InputError(f"style index {style.min()}..{style.max()} is not in 0..{len(self.styles) - 1}")
        clipped = NO_PATH if intent.path is None else np.array(intent.path, dtype=np.float64)
        if intent.path is not None and clipped.shape != (count, layout.FUTURE, 2):
            raise InputError(f"the clipped paths of {count} characters have shape {clipped.shape}")
        return move, facing, style, clipped

    def _advance(
        self,
        state: State,
        slots: Slots,
        move: Array,
        facing: Array,
        style: Slots,
        clipped: Array,
        tell_broken: bool,
        take: Take | None = None,
    ) -> Poses:
        """One frame of 1/60 s of n characters; they do not touch each other."""
        count, settings, idle, network = len(slots), self.settings, self.network.idle, self.network
        poses, travel, turn = unfilled(count), np.empty((count, 2)), np.empty(count)
        trajectory, gait, phase = (np.empty((count, width), np.float32) for width in (layout.TRAJECTORY, len(layout.GAITS), 1))
        at = slots[0] if count and stretch(slots, 0, count) == count else -1  # the network takes the state's own rows, from there on
        copied = count if at < 0 else 0
        pose, style_shares = np.empty((copied, layout.POSE), np.float32), np.empty((copied, len(self.styles)), np.float32)

        def tick(rows: slice) -> None:
            first, end = rows.start, rows.stop
            before_network(
                first, end, slots, state.positions, state.headings, state.velocities, state.accelerations, state.turning, state.history,
                state.newest, state.future, state.twist, state.backing, state.pose, state.style, state.phase, state.desired,
                move, facing, clipped, style, self.stands,
                settings.velocity_halflife, settings.start_halflife, settings.stop_halflife, settings.facing_halflife,
                settings.turn_limit, settings.strafe_limit, settings.prediction, settings.style_halflife,
                travel, turn, pose, trajectory, gait, style_shares, phase,
            )  # fmt: skip
            if at < 0:
                bodies, shares = pose[rows], style_shares[rows]
            else:
                bodies, shares = state.pose[at + first : at + end], state.style[at + first : at + end]
            made = network(bodies, trajectory[rows], gait[rows], shares, phase[rows])
            after_network(
                first, end, slots, state.positions, state.headings, state.velocities, state.turning, state.history, state.newest,
                state.future, state.twist, state.pose, state.phase, state.clock, state.idling, state.stood, state.lead, state.contacts,
                state.gait, state.ground, state.feet, state.bodies,
                *made, gait, move, travel, turn, idle.directions, idle.frequencies, idle.sizes,
                settings.pull, settings.feet_lead, settings.idle, settings.foot_lock, tell_broken,
                poses.root_positions, poses.rotations, poses.contacts, poses.phase, poses.gait,
            )  # fmt: skip
            if take is not None:
                take(rows, poses)

        self._crew.work(tick, self._crew.blocks(count))
        return poses

    def _standing(self) -> NDArray[np.float32]:
        """The poses [S, 264] that somebody of each style has come to who has stood since the start pose."""
        count = len(self.styles)
        still = Intent(np.zeros((count, 2), np.float32), np.full(count, np.nan, np.float32), np.arange(count))
        state = self.create(np.zeros((count, 3)), np.zeros(count))
        for _ in range(round(STANDING / TICK)):
            self.step(state, still)
        return state.pose


def _first_of(count: int, kinds: int) -> NDArray[np.float32]:
    """Shares [count, kinds], all of the first."""
    shares = np.zeros((count, kinds), np.float32)
    shares[:, 0] = 1
    return shares
