"""Hand-overs between locomotion and acted sentences: places and speeds go on, feet do not jump, nothing stops while the next is made."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from fakes import FakeController, FakeGenerator
from motionwire.character import FPS, Cast, Frame
from motionwire.motion.kinematics import forward_kinematics

TICK = 1 / FPS


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)


def walking(cast: Cast, speed: float = 1.2) -> int:
    handle = cast.spawn(np.zeros(3, np.float32), 0.0)
    cast.set_input(np.array([handle]), np.array([(0, speed, np.nan, 0)], np.float32))
    return handle


def run(cast: Cast, handle: int, ticks: int) -> list[Frame]:
    return [cast.step(np.array([handle]), np.array([TICK])) for _ in range(ticks)]


def act(cast: Cast, handle: int, text: str, **options: float) -> None:
    """Ask for a sentence and wait until it is made."""
    cast.act(handle, text, **options)  # type: ignore[arg-type]
    wait_for(lambda: all(one.finished.is_set() for one in cast.acts_of(handle)))


def velocities(frames: list[Frame]) -> np.ndarray:
    """Of the root, m/s [T - 1, 3]."""
    return np.diff(np.concatenate([frame.root_positions for frame in frames]), axis=0) / TICK


@pytest.mark.parametrize("speed", [0.0, 1.2, 3.0])
def test_speed_goes_on_over_both_hand_overs(speed: float) -> None:
    """The acted walk moves at about 1 m/s; whatever the stick wants, no tick changes the speed by more than the spring does."""
    cast = Cast(FakeController(), FakeGenerator())
    handle = walking(cast, speed)
    frames = run(cast, handle, 60)
    act(cast, handle, "a walk", seconds=1.0)
    frames += run(cast, handle, 150)
    acting = np.array([frame.acting[0] for frame in frames])
    begin, end = acting.argmax(), len(acting) - acting[::-1].argmax()
    assert (begin, end) == (60, 60 + 59)
    over_ground = velocities(frames)[:, [0, 2]]
    change = np.linalg.norm(np.diff(over_ground, axis=0), axis=1)
    for seam, there in ((begin, begin + 30), (end, end - 2)):
        gap = np.linalg.norm(over_ground[there] - (0, speed))
        # In a tick the spring, critically damped with a half-life of 0.1 s, takes up 1 - (1 - y) exp(-y) = 0.39 of a difference
        # in speed, y = 2 ln 2 / 0.1 / 60; the act's own turning comes on top.
        assert change[seam - 3 : seam + 20].max() < 0.4 * gap + 0.02
    assert abs(velocities(frames)[-1, 2] - speed) < 0.02


def test_what_feet_were_moved_by_is_not_added_twice() -> None:
    """A generator whose body slides under its planted feet, stopped at each moment of a stride: a foot that was let go is still off its
    place then, and the transition starts from there."""

    class Sliding(FakeGenerator):
        def stream(self, *arguments: Any, **options: Any) -> Iterator[np.ndarray]:
            for chunk in super().stream(*arguments, **options):
                chunk[:, 0] += 0.008  # m a frame, to the side
                yield chunk

    jumps = []
    for ticks in range(60, 90):
        cast = Cast(FakeController(), Sliding())
        handle = walking(cast, 0.5)
        act(cast, handle, "a walk", seconds=4.0)
        frames = run(cast, handle, ticks)
        cast.stop(handle)
        frames += run(cast, handle, 2)
        cast.close()
        positions, _ = forward_kinematics(
            cast.skeleton, np.concatenate([frame.rotations for frame in frames]), np.concatenate([frame.root_positions for frame in frames])
        )
        steps = np.diff(positions[-6:, [10, 11]], axis=0)
        jumps.append(np.linalg.norm(np.diff(steps, axis=0), axis=-1).max())
    assert max(jumps) < 0.05  # m by which a foot's way in a tick changes: added twice it is up to 0.17, by itself 0.036


def test_a_replaced_sentence_goes_on_until_the_next_can_begin() -> None:
    generator = FakeGenerator()
    cast = Cast(FakeController(), generator)
    handle = walking(cast)
    cast.act(handle, "wait", seconds=4.0, ref=1)
    generator.gate.release(1)
    wait_for(lambda: generator.asked == 2)  # its first chunk is made, the generator waits to make the second
    frames = run(cast, handle, 1)
    cast.act(handle, "wait too", seconds=0.5, ref=2)
    first, second = cast.acts_of(handle)
    generator.gate.release(1)  # the one on stage goes on being made
    wait_for(lambda: len(first.frames) == 14)
    frames += run(cast, handle, 5)
    assert all(frame.acting[0] for frame in frames) and not second.frames
    generator.gate.release(100)
    wait_for(second.finished.is_set)
    frames = run(cast, handle, 1)
    told = [(h.kind, h.ref) for frame in frames for h in frame.happenings if h.kind != "footstep"]
    assert told == [("act_end", 1), ("act_begin", 2)]
    wait_for(first.finished.is_set)
    assert frames[-1].acting[0]
    cast.close()


def test_a_sentence_that_cannot_replace_leaves_the_one_on_stage() -> None:
    cast = Cast(FakeController(), FakeGenerator())
    handle = walking(cast)
    act(cast, handle, "a walk", seconds=1.0, ref=1)
    frames = run(cast, handle, 10)
    act(cast, handle, "refuse this", ref=2)
    frames += run(cast, handle, 80)
    told = [(h.kind, h.ref) for frame in frames for h in frame.happenings if h.kind != "footstep"]
    assert told == [("act_begin", 1), ("act_failed", 2), ("act_end", 1)]
    assert sum(int(frame.acting[0]) for frame in frames) == 59


def test_after_a_failed_replacement_a_queued_sentence_waits_for_the_end() -> None:
    cast = Cast(FakeController(), FakeGenerator())
    handle = walking(cast)
    act(cast, handle, "a walk", seconds=1.0, ref=1)
    frames = run(cast, handle, 10)
    act(cast, handle, "refuse this", ref=2)
    frames += run(cast, handle, 10)
    act(cast, handle, "a walk", seconds=0.5, queue=True, ref=3)
    frames += run(cast, handle, 90)
    told = [(number, h.kind, h.ref) for number, frame in enumerate(frames) for h in frame.happenings if h.kind.startswith("act")]
    assert [(kind, ref) for _, kind, ref in told] == [("act_begin", 1), ("act_failed", 2), ("act_end", 1), ("act_begin", 3), ("act_end", 3)]
    assert told[2][0] == 59
    cast.close()


def test_stop_leaves_at_the_next_tick_and_frees_the_generator() -> None:
    generator = FakeGenerator()
    cast = Cast(FakeController(), generator)
    handle = walking(cast)
    cast.act(handle, "wait", seconds=20.0, ref=1)
    generator.gate.release(1)
    wait_for(lambda: generator.asked == 2)
    assert run(cast, handle, 1)[0].acting[0]
    first = cast.acts_of(handle)[0]
    cast.stop(handle)
    assert not run(cast, handle, 1)[0].acting[0]
    generator.gate.release(1)  # the chunk that is being made
    wait_for(first.finished.is_set)
    assert len(cast.scheduler) == 0  # type: ignore[arg-type]
    cast.close()
