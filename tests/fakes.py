"""A controller and a generator made by formula, so that tests of the runtime need no model."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from motionwire.controller.forecast import Paths
from motionwire.controller.intent import Intent
from motionwire.errors import InputError
from motionwire.motion import batch, features
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.moved import Move
from motionwire.motion.poses import Poses
from motionwire.motion.skeleton import JOINTS
from synthetic import walking_clip


@dataclass
class FakeState:
    """Where B characters are."""

    positions: np.ndarray
    headings: np.ndarray
    phases: np.ndarray
    heights: np.ndarray
    raw_roots: np.ndarray
    raw_rotations: np.ndarray


class FakeController:
    """Glides at the wanted velocity, legs swinging; a style of 1 makes every value NaN. `paths` are what it was told: the heights as
    desired speeds; who is told a path goes to its first place at once."""

    styles = ("neutral", "broken")

    def create(self, positions: np.ndarray, headings: np.ndarray, seed: int = 0) -> FakeState:
        count = len(headings)
        return FakeState(
            positions.astype(np.float32),
            headings.astype(np.float32),
            np.zeros(count, np.float32),
            np.zeros((count, 12), np.float32),
            np.zeros((count, 3), np.float32),
            np.zeros((count, JOINTS, 4), np.float32),
        )

    def resume(self, clip: Clip) -> FakeState:
        return self.create(clip.root_positions[-1:] * np.array([1, 0, 1]), rot.yaw_of(clip.rotations[-1:, 0]))

    def tick(self, state: FakeState, slots: np.ndarray, intent: Intent, take: Callable[[slice, Poses], object] | None = None) -> Poses:
        part = batch.take(state, slots)
        poses = self._moved(part, intent, 1 / 60)
        batch.put(state, slots, part)
        if take is not None:
            half = len(slots) // 2  # as a controller of two threads, the second one of which is quicker
            for rows in (slice(half, len(slots)), slice(0, half))[: 1 + (half > 0)]:
                take(rows, poses)
        return poses

    def _moved(self, state: FakeState, intent: Intent, dt: float) -> Poses:
        speed = np.linalg.norm(intent.move, axis=1)
        ahead = np.where(speed > 0.1, np.arctan2(intent.move[:, 0], intent.move[:, 1]), state.headings)
        state.headings[:] = np.where(np.isnan(intent.facing), ahead, intent.facing)
        state.positions[:, [0, 2]] += intent.move * np.float32(dt)
        if intent.path is not None:
            told = np.isfinite(intent.path[:, 0, 0])
            state.positions[np.flatnonzero(told)[:, None], [0, 2]] = intent.path[told, 0]
        state.phases[:] = (state.phases + 2 * np.pi * speed * dt) % (2 * np.pi)
        rotations = np.tile(rot.IDENTITY, (len(speed), JOINTS, 1))
        rotations[:, 0] = rot.from_yaw(state.headings)
        rotations[:, 1] = rot.from_axis_angle((1, 0, 0), 0.5 * np.sin(state.phases))
        rotations[:, 2] = rot.from_axis_angle((1, 0, 0), -0.5 * np.sin(state.phases))
        left = 0.5 + 0.5 * np.cos(state.phases)
        contacts = np.stack((left, left, 1 - left, 1 - left), axis=1).astype(np.float32)
        root = (state.positions + np.array([0, 0.95, 0])).astype(np.float32)
        state.raw_roots[:], state.raw_rotations[:] = root + np.float32(0.125), rotations
        root[intent.style == 1] = np.nan
        return Poses(root, rotations.astype(np.float32), contacts, state.phases.copy(), np.zeros((len(speed), 3), np.float32))

    def raw(self, state: FakeState) -> tuple[np.ndarray, np.ndarray]:
        return state.raw_roots.copy(), state.raw_rotations

    def levels(self, state: FakeState, slots: np.ndarray) -> np.ndarray:
        return np.zeros(len(slots), np.float32)

    def carry(self, state: FakeState, slots: np.ndarray, places: np.ndarray, velocities: np.ndarray) -> None: ...

    def keep(self, state: FakeState, before: FakeState) -> None:
        state.heights[:] = before.heights

    def relocate(self, state: FakeState, index: int, move: Move) -> None:
        state.positions[index] = move.points(state.positions[index])
        state.headings[index] += move.turn
        state.heights[index] = 0

    def describe_ground(self, state: FakeState, heights: np.ndarray) -> None:
        state.heights[:] = np.nan_to_num(heights)

    def paths(self, state: FakeState) -> Paths:
        desired = np.zeros((len(state.headings), 12, 4), np.float32)
        desired[..., 3] = state.heights
        return Paths(desired, np.ones((len(state.headings), 6, 4), np.float32))


class FakeGenerator:
    """Every sentence is a walk of two seconds, or of `seconds`. Words in it make it "slow", let it "fail", "refuse", give "nan", or
    "wait" for `gate` before each chunk."""

    def __init__(self, chunk: int = 4) -> None:
        self.chunk = chunk
        self.gate = threading.Semaphore(0)
        self.asked = 0  # how often somebody came to the gate
        self.histories: list[np.ndarray | None] = []

    def batch(self, lanes: int) -> "FakeBatch":
        return FakeBatch(self, lanes)

    def stream(self, text: str, seconds: float | None = None, seed: int = 0, history: np.ndarray | None = None) -> Iterator[np.ndarray]:
        self.histories.append(history)
        frames = features.encode(walking_clip(seconds or 2.0, 30.0, speed=1.0 + 0.01 * (seed % 10), turn=0.3))
        if "nan" in text:
            frames[12:] = np.nan
        for start in range(0, len(frames), self.chunk):
            if start and "fail" in text:
                raise RuntimeError("the model broke")
            if "wait" in text:
                self.asked += 1
                self.gate.acquire()
            if "slow" in text:
                time.sleep(0.2)
            yield frames[start : start + self.chunk]


class FakeBatch:
    """Sentences side by side, each made by the generator's `stream`."""

    def __init__(self, generator: FakeGenerator, lanes: int) -> None:
        self._generator = generator
        self.free = lanes

    def begin(self, text: str, seconds: float | None, seed: int, history: np.ndarray | None) -> Iterator[np.ndarray]:
        if "refuse" in text:
            raise InputError("no words that it knows", text)
        self.free -= 1
        return self._generator.stream(text, seconds, seed, history)

    def advance(self, takes: Sequence[Iterator[np.ndarray]]) -> list[np.ndarray | InputError | None]:
        return [self._next(take) for take in takes]

    def end(self, take: Iterator[np.ndarray]) -> None:
        self.free += 1

    def _next(self, take: Iterator[np.ndarray]) -> np.ndarray | InputError | None:
        try:
            return next(take, None)
        except RuntimeError as error:
            return InputError(f"{type(error).__name__}: {error}")
