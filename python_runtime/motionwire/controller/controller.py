"""The controller's frame loop: what the player wants, the path ahead, the network, the root's step, feet held in place.

Everything is vectorised over characters; one network call serves all. The network runs at 60 frames a second; a caller with
another frame time gets poses interpolated between its frames. The loop follows Holden et al. 2017, section 6.
"""

import json
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motionwire.controller import layout
from motionwire.controller.encoding import encode, local_samples
from motionwire.controller.foot_lock import above_ground, lock_feet
from motionwire.controller.intent import Intent
from motionwire.controller.settings import Settings
from motionwire.controller.state import Array, State
from motionwire.controller.trajectory import spring_angle, spring_velocity, wrap
from motionwire.errors import InputError
from motionwire.motion import batch
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import soft_contacts
from motionwire.motion.phase import soft_phase
from motionwire.motion.poses import Poses
from motionwire.motion.skeleton import JOINTS

TICK = 1.0 / layout.FPS
HISTORY = layout.PAST_FRAMES + 1
METADATA = "motionwire.controller"  # key in the graph's own metadata: {"styles": [...], "start_pose": [264 numbers]}
INPUTS = ("pose", "trajectory", "gait", "style", "phase")
OUTPUTS = ("next_pose", "root_delta", "future", "contacts", "phase_delta")  # a graph may not name an output as an input

AHEAD = layout.SAMPLE_FRAMES[layout.PRESENT + 1 :] / layout.FPS  # s
SPRING_TIMES = np.concatenate(([TICK], AHEAD))
MOVING = 0.1  # m/s of the stick from which a character faces where it moves
STILL, SLOW = 0.1, 0.35  # m/s: a root that is let go comes to rest by itself below the second, wholly below the first
LEAST_STRIDE = np.array([0.0, 0.45, 1.15])  # Hz of stand, walk, run: the phase may not stall
MOST_STRIDE = 3.0  # Hz
MOST_TRAVEL = 12.0 * TICK  # m a frame
MOST_TURN = 8.0 * TICK  # rad a frame
LONGEST_DT = 0.25  # s: a longer gap is a pause, not motion
ALMOST = 1e-6  # s
PAST_SAMPLES = layout.SAMPLE_FRAMES[: layout.PRESENT + 1]


class Sessions(Protocol):
    """What the controller needs of a bundle."""

    def session(self, graph: str, threads: int = 1) -> Any: ...


class Controller:
    """Moves characters by a bundle's `controller` graph. `styles`: names in the order of Intent.style."""

    def __init__(self, bundle: Sessions, settings: Settings | None = None, threads: int = 1) -> None:
        self.settings = settings or Settings()
        self._session = bundle.session("controller", threads)
        try:
            described = json.loads(self._session.get_modelmeta().custom_metadata_map[METADATA])
            self.styles: tuple[str, ...] = tuple(described["styles"])
            self._start = np.asarray(described["start_pose"], dtype=np.float32)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"the controller graph does not say its styles and start pose ({error})") from None
        if self._start.shape != (layout.POSE,) or not np.isfinite(self._start).all() or not self.styles:
            raise InputError(f"the controller graph's start pose is not {layout.POSE} numbers, or it has no styles")

    def create(self, positions: ArrayLike, headings: ArrayLike, seed: int = 0) -> State:
        """B characters standing at positions [B, 3] (m; y is ignored, the ground is 0) with headings [B] (rad)."""
        places = np.asarray(positions, dtype=np.float64).reshape(-1, 3)[:, [0, 2]].copy()
        headings = np.asarray(headings, dtype=np.float64).reshape(-1).copy()
        count = len(headings)
        if len(places) != count:
            raise InputError(f"{len(places)} positions and {count} headings")
        style = np.zeros((count, len(self.styles)), np.float32)
        style[:, 0] = 1
        history = np.zeros((count, HISTORY, 4))
        history[..., :2] = places[:, None]
        history[..., 2] = headings[:, None]
        gait = np.zeros((count, len(layout.GAITS)), np.float32)
        gait[:, 0] = 1
        state = State(
            positions=places,
            headings=headings,
            velocities=np.zeros((count, 2)),
            accelerations=np.zeros((count, 2)),
            turning=np.zeros(count),
            pose=np.tile(self._start, (count, 1)),
            future=np.zeros((count, layout.FUTURE_TRAJECTORY), np.float32),
            phase=np.random.default_rng(seed).uniform(0, 2 * np.pi, count),
            style=style,
            history=history,
            newest=np.zeros(count, np.intp),
            foot_held=np.zeros((count, 2), bool),
            foot_place=np.zeros((count, 2, 2)),
            foot_offset=np.zeros((count, 2, 2)),
            ahead=np.zeros(count),
            shown_roots=np.zeros((count, 2, 3), np.float32),
            shown_rotations=np.zeros((count, 2, JOINTS, 4), np.float32),
            contacts=np.ones((count, layout.CONTACTS), np.float32),
            gait=gait,
        )
        root, rotations = self._place(state)
        state.shown_roots[:] = root[:, None]
        state.shown_rotations[:] = rotations[:, None]
        return state

    def resume(self, clip: Clip) -> State:
        """One character that moves on as the clip ends: canonical, 60 fps, its ground at y = 0, at least HISTORY frames."""
        if len(clip) < HISTORY:
            raise InputError(f"{len(clip)} frames are too few to go on from, {HISTORY} needed", clip.name or None)
        poses, track = encode(clip)
        velocities, contacts = track.velocities(), soft_contacts(clip)
        x, z = track.positions[-1]
        state = self.create([(x, 0.0, z)], track.headings[-1:])
        state.velocities[0] = velocities[-1]
        state.turning[0] = (track.headings[-1] - track.headings[-2]) * layout.FPS
        state.pose[0] = poses[-1]
        state.phase[0] = soft_phase(contacts, layout.FPS)[0][-1]
        state.history[0] = np.column_stack((track.positions, track.headings, np.linalg.norm(velocities, axis=1)))[-HISTORY:]
        state.newest[0] = HISTORY - 1
        state.contacts[0] = contacts[-1]
        state.shown_roots[0], state.shown_rotations[0] = clip.root_positions[-2:], clip.rotations[-2:]
        return state

    def append(self, state: State, positions: ArrayLike, headings: ArrayLike, seed: int = 0) -> None:
        """Add standing characters to a state; see `create`."""
        state.append(self.create(positions, headings, seed))

    def remove(self, state: State, index: int | NDArray[np.integer]) -> None:
        """Take characters out of a state; those behind move up."""
        state.remove(index)

    def step(self, state: State, intent: Intent, dt: float = TICK) -> Poses:
        """Advance all characters by dt seconds (a gap over LONGEST_DT counts as that) and return their poses; changes `state`."""
        move, facing, style = self._checked(intent, len(state))
        due = np.full(len(state), min(max(float(dt), 0.0), LONGEST_DT)) - state.ahead
        while (behind := due > ALMOST).any():
            if behind.all():
                self._tick(state, move, facing, style)
            else:
                slots = np.flatnonzero(behind)
                part = batch.take(state, slots)
                self._tick(part, move[slots], facing[slots], style[slots])
                batch.put(state, slots, part)
            due = due - np.where(behind, TICK, 0.0)
        state.ahead = -due
        roots, rotations = state.shown_roots[:, 1], state.shown_rotations[:, 1]
        if (state.ahead > ALMOST).any():
            share = (1 - state.ahead / TICK).astype(np.float32)
            roots = state.shown_roots[:, 0] * (1 - share[:, None]) + roots * share[:, None]
            rotations = rot.slerp(state.shown_rotations[:, 0], rotations, np.broadcast_to(share[:, None], rotations.shape[:2]))
        return Poses(roots.copy(), rotations.copy(), state.contacts.copy(), state.phase.astype(np.float32), state.gait.copy())

    def _checked(self, intent: Intent, count: int) -> tuple[Array, Array, NDArray[np.intp]]:
        move = np.nan_to_num(np.asarray(intent.move, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)
        facing = np.asarray(intent.facing, dtype=np.float64)
        style = np.asarray(intent.style, dtype=np.intp)
        if move.shape != (count, 2) or facing.shape != (count,) or style.shape != (count,):
            raise InputError(f"an intent for {count} characters has move {move.shape}, facing {facing.shape}, style {style.shape}")
        if count and not 0 <= style.min() <= style.max() < len(self.styles):
            raise InputError(f"style index {style.min()}..{style.max()} is not in 0..{len(self.styles) - 1}")
        return move, facing, style

    def _tick(self, state: State, move: Array, facing: Array, style: NDArray[np.intp]) -> None:
        """One frame of 1/60 s."""
        trajectory, travel, turn = self._path(state, move, facing)
        gait = layout.gait_of(layout.unpack_trajectory(trajectory)[2][:, layout.PRESENT :]).astype(np.float32)
        state.style = self._styles(state.style, style)
        feed = (state.pose, trajectory.astype(np.float32), gait, state.style, state.phase[:, None].astype(np.float32))
        outputs = self._session.run(OUTPUTS, dict(zip(INPUTS, feed, strict=True)))
        broken = _not_finite(outputs)
        if broken.any():  # hold the pose rather than show or feed back what is not a number
            still = np.zeros((1, 1), np.float32)
            kept = (state.pose, still, state.future, state.contacts, still)
            outputs = [np.where(broken[:, None], old, new) for old, new in zip(kept, outputs, strict=True)]
        pose, root_delta, future, contacts, phase_delta = outputs
        state.pose, state.future, state.contacts, state.gait = pose, future, contacts, gait
        least = (gait @ LEAST_STRIDE) * (2 * np.pi * TICK)
        step = np.clip(phase_delta[:, 0], least, 2 * np.pi * MOST_STRIDE * TICK)
        state.phase = np.mod(state.phase + np.where(broken, 0, step), 2 * np.pi)
        pull = np.where(broken, 0, self._pull(state, move))
        self._move_root(state, root_delta.astype(np.float64), travel, turn, pull)
        root, rotations = self._place(state)
        if self.settings.foot_lock:
            root = above_ground(root, rotations).astype(np.float32)
            rotations = lock_feet(state, root, rotations, contacts, TICK).astype(np.float32)
        state.shown_roots = np.stack((state.shown_roots[:, 1], root), axis=1)
        state.shown_rotations = np.stack((state.shown_rotations[:, 1], rotations), axis=1)

    def _path(self, state: State, move: Array, facing: Array) -> tuple[Array, Array, Array]:
        """The trajectory input [B, 60], and what the path ahead asks of this frame: travel [B, 2] m in the world, turn [B] rad."""
        settings = self.settings
        travel, velocity, acceleration = spring_velocity(
            state.velocities, state.accelerations, move, settings.velocity_halflife, SPRING_TIMES
        )
        moving = np.sum(move * move, axis=1) > MOVING**2
        goal = np.where(moving, np.arctan2(move[:, 0], move[:, 1]), state.headings)  # who is let go does not turn on
        goal = np.where(np.isfinite(facing), facing, goal)
        difference = np.clip(wrap(goal - state.headings), -settings.turn_limit, settings.turn_limit)
        turn, _ = spring_angle(difference, state.turning, settings.facing_halflife, SPRING_TIMES)
        past = state.history[np.arange(len(state))[:, None], (state.newest[:, None] + PAST_SAMPLES) % HISTORY]
        positions = np.concatenate((past[..., :2], state.positions[:, None] + travel[:, 1:]), axis=1)
        headings = np.concatenate((past[..., 2], state.headings[:, None] + turn[:, 1:]), axis=1)
        speeds = np.concatenate((past[..., 3], np.sqrt(np.sum(velocity[:, 1:] ** 2, axis=-1))), axis=1)
        local, directions = local_samples(positions, headings, state.positions, state.headings)
        if settings.prediction:
            share = settings.prediction * (1 - AHEAD / AHEAD[-1])  # the network knows the near future, the stick the far one
            own_positions, own_directions, own_speeds = layout.unpack_trajectory(state.future)
            first = layout.PRESENT + 1
            local[:, first:] += share[:, None] * (own_positions - local[:, first:])
            directions[:, first:] += share[:, None] * (own_directions - directions[:, first:])
            speeds[:, first:] += share * (own_speeds - speeds[:, first:])
        state.accelerations = acceleration[:, 0]
        return layout.pack_trajectory(local, directions, speeds), travel[:, 0], turn[:, 0]

    def _styles(self, shares: NDArray[np.float32], wanted: NDArray[np.intp]) -> NDArray[np.float32]:
        target = np.zeros_like(shares)
        target[np.arange(len(wanted)), wanted] = 1
        return target + (shares - target) * np.float32(0.5 ** (TICK / self.settings.style_halflife))

    def _pull(self, state: State, move: Array) -> Array:
        """Share [B] of the root's step taken from the path ahead; all of it at rest, so that who stands does not drift."""
        speed = np.sqrt(np.sum(state.velocities**2, axis=1))
        rest = np.clip((SLOW - speed) / (SLOW - STILL), 0, 1) * (np.sum(move * move, axis=1) <= MOVING**2)
        return self.settings.pull + (1 - self.settings.pull) * rest

    def _move_root(self, state: State, root_delta: Array, travel: Array, turn: Array, pull: Array) -> None:
        """Add the network's step, mixed with what the path asks for by `pull` [B], and remember where the root was."""
        sine, cosine = np.sin(state.headings), np.cos(state.headings)
        x, z = root_delta[:, 0], root_delta[:, 1]
        own = np.stack((cosine * x + sine * z, cosine * z - sine * x), axis=1)
        step = np.clip(own + pull[:, None] * (travel - own), -MOST_TRAVEL, MOST_TRAVEL)
        turned = np.clip(root_delta[:, 2] + pull * (turn - root_delta[:, 2]), -MOST_TURN, MOST_TURN)
        state.positions = state.positions + step
        state.headings = state.headings + turned
        state.velocities, state.turning = step * layout.FPS, turned * layout.FPS
        state.newest = (state.newest + 1) % HISTORY
        speed = np.sqrt(np.sum(state.velocities**2, axis=1))
        row = np.concatenate((state.positions, state.headings[:, None], speed[:, None]), axis=1)
        state.history[np.arange(len(state)), state.newest] = row

    def _place(self, state: State) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Pelvis positions [B, 3] and local rotations [B, 22, 4] in the world of the present poses."""
        facing = rot.from_yaw(state.headings)
        pelvis = state.pose[:, :3].astype(np.float64)
        sine, cosine = np.sin(state.headings), np.cos(state.headings)
        root = np.stack(
            (
                state.positions[:, 0] + cosine * pelvis[:, 0] + sine * pelvis[:, 2],
                pelvis[:, 1],
                state.positions[:, 1] + cosine * pelvis[:, 2] - sine * pelvis[:, 0],
            ),
            axis=1,
        )
        rotations = rot.from_6d(state.pose[:, layout.ROTATIONS].reshape(-1, JOINTS, 6))
        rotations[:, 0] = rot.multiply(facing, rotations[:, 0].astype(np.float64))
        return root.astype(np.float32), rotations.astype(np.float32)


def _not_finite(outputs: Sequence[NDArray[np.float32]]) -> NDArray[np.bool_]:
    """Characters [B] of whom any output [B, ...] is not a number."""
    with np.errstate(invalid="ignore"):
        total = sum(output.sum(axis=1) for output in outputs)
    return ~np.isfinite(total)
