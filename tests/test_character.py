"""The cast with a controller and a generator by formula: ticks, acting, hand-overs, faults."""

import time
from collections.abc import Iterator

import numpy as np
import pytest

from fakes import FakeController, FakeGenerator
from motionwire.character import FPS, MOST_TOLD, Cast, Frame, owe, take_due
from motionwire.motion import rotations as rot
from motionwire.motion.kinematics import forward_kinematics

TICK = 1 / FPS


@pytest.fixture
def cast() -> Cast:
    return Cast(FakeController(), FakeGenerator())


def walk(cast: Cast, handle: int, velocity: tuple[float, float] = (0.0, 1.2), style: int = 0) -> None:
    cast.set_input(np.array([handle]), np.array([(*velocity, np.nan, style)], np.float32))


def run(cast: Cast, handle: int, ticks: int, dt: float = TICK) -> list[Frame]:
    return [cast.step(np.array([handle]), np.array([dt])) for _ in range(ticks)]


def wait_for(condition: object, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


def events(frames: list[Frame]) -> list[tuple[str, int]]:
    return [(h.kind, h.ref) for frame in frames for h in frame.happenings if h.kind != "footstep"]


def made(cast: Cast, handle: int) -> bool:
    """All sentences of a character have been generated."""
    return all(act.finished.is_set() for act in cast.acts_of(handle))


@pytest.mark.parametrize("rounded", [np.float32(1 / 60), 1 / 60, 0.016666667, 0.0166665])
def test_the_rounding_of_a_frame_time_does_not_sum_up(rounded: float) -> None:
    """A tick a step for a minute, and each pose is that of a tick: Unity tells 1/60 s in 32 bits."""
    slots, lag, ticks, late = np.arange(2), np.zeros(2), np.zeros(2, np.intp), np.empty(2, bool)
    for frame in range(3600):
        owe(slots, np.full(2, float(rounded)), lag)
        assert take_due(slots, lag, ticks, late) == (2, 2)
        assert take_due(slots, lag, ticks, late)[0] == 0 and (ticks == frame + 1).all()


def test_walks_where_the_stick_points(cast: Cast) -> None:
    handle = cast.spawn(np.array([1.0, 0.5, 2.0]), 0.0)
    walk(cast, handle)
    frames = run(cast, handle, 60)
    np.testing.assert_allclose(frames[-1].root_positions[0], (1.0, 1.45, 3.2), atol=1e-4)
    assert frames[-1].rotations.dtype == np.float32 and not frames[-1].acting.any()


def test_footsteps_tell_when_however_long_a_step_is(cast: Cast) -> None:
    def landings(ticks: int, each: int) -> list[tuple[int, int]]:
        """Foot and tick of each footstep of a walk in steps of so many ticks."""
        handle, found = cast.spawn(np.zeros(3), 0.0), []
        walk(cast, handle)
        for number, frame in enumerate(run(cast, handle, ticks // each, each * TICK)):
            found += [(h.foot, round((number + 1) * each - h.ago * FPS)) for h in frame.happenings]
        return found

    fine = landings(240, 1)
    assert len(fine) > 4 and landings(240, 12) == landings(240, 4) == fine


def test_root_delta_adds_up_to_the_path(cast: Cast) -> None:
    handle = cast.spawn(np.array([0.0, 0.0, 0.0]), 0.3)
    start = run(cast, handle, 1, 0.0)[0]
    place, heading = start.root_positions[0, [0, 2]].astype(float), float(rot.yaw_of(start.rotations[0, 0]))
    for turn in np.linspace(0, 4, 90):
        walk(cast, handle, (float(np.sin(turn)), float(np.cos(turn))))
        frame = run(cast, handle, 1)[0]
        x, z, turned = frame.root_delta[0]
        place += (np.cos(heading) * x + np.sin(heading) * z, np.cos(heading) * z - np.sin(heading) * x)
        heading += turned
    np.testing.assert_allclose(place, frame.root_positions[0, [0, 2]], atol=1e-4)


@pytest.mark.parametrize("rate", [30, 50, 60, 144])
def test_any_frame_time_gives_the_same_path(rate: int) -> None:
    cast = Cast(FakeController())
    handle = cast.spawn(np.zeros(3), 0.0)
    walk(cast, handle)
    frames = run(cast, handle, rate, 1 / rate)
    depth = np.array([frame.root_positions[0, 2] for frame in frames])
    np.testing.assert_allclose(np.diff(depth), 1.2 / rate, atol=1e-5)
    assert depth[-1] == pytest.approx(1.2, abs=1e-4)


def test_characters_advance_alone_and_slots_are_used_again(cast: Cast) -> None:
    handles = [cast.spawn(np.array([float(i), 0, 0]), 0.0) for i in range(20)]
    for handle in handles:
        walk(cast, handle)
    some = np.array([handles[7], handles[2], handles[19]])
    for _ in range(60):
        frame = cast.step(some, np.full(3, TICK))
    np.testing.assert_allclose(frame.root_positions[:, 0], (7, 2, 19), atol=1e-5)
    still = cast.step(np.array([handles[3]]), np.zeros(1))
    assert still.root_positions[0, 2] == 0
    cast.despawn([handles[2], handles[7]])
    assert len(cast) == 18
    again = cast.spawn(np.array([50.0, 0, 0]), 1.0)
    assert again in (handles[2], handles[7])
    fresh = run(cast, again, 1)[0]
    np.testing.assert_allclose(fresh.root_positions[0], (50, 0.95, 0), atol=1e-4)


def test_acts_and_walks_on_without_a_jump(cast: Cast) -> None:
    handle = cast.spawn(np.array([3.0, 0.0, -1.0]), 0.8)
    walk(cast, handle, (1.0, 0.2))
    frames = run(cast, handle, 40)
    cast.act(handle, "someone walks", seconds=1.0, ref=9)
    wait_for(lambda: made(cast, handle))
    frames += run(cast, handle, 150)
    acting = np.array([frame.acting[0] for frame in frames])
    assert acting.sum() == 59  # thirty frames at 30 fps, and those between
    assert events(frames) == [("act_begin", 9), ("act_end", 9)]
    roots = np.concatenate([frame.root_positions for frame in frames])
    turns = rot.angle_between(*(np.stack([f.rotations[0] for f in part]) for part in (frames[1:], frames[:-1])))
    assert np.abs(np.diff(roots, axis=0)).max() < 0.04  # m in a tick: nobody moves faster than 2.4 m/s here
    assert turns.max() < 0.4  # rad in a tick, at the hand-overs too, where planted feet are let go
    ahead = roots[acting.argmax() + 55] - roots[acting.argmax()]
    assert np.arctan2(ahead[0], ahead[2]) == pytest.approx(np.arctan2(1.0, 0.2), abs=0.6)  # it goes on the way it faced


def test_the_last_second_is_the_prompt() -> None:
    generator = FakeGenerator()
    cast = Cast(FakeController(), generator)
    handle = cast.spawn(np.zeros(3), 0.0)
    walk(cast, handle)
    run(cast, handle, 90)
    cast.act(handle, "go on")
    wait_for(lambda: generator.histories)
    history = generator.histories[0]
    assert history is not None and history.shape == (32, 276)
    np.testing.assert_allclose(history[:, 1], 1.2 / 30, atol=1e-3)  # it walked ahead


def test_a_new_sentence_replaces_a_queued_one_follows(cast: Cast) -> None:
    handle = cast.spawn(np.zeros(3), 0.0)
    cast.act(handle, "first", seconds=2.0, ref=1)
    cast.act(handle, "queued", seconds=0.5, queue=True, ref=2)
    wait_for(lambda: made(cast, handle))
    frames = run(cast, handle, 30)
    cast.act(handle, "instead", seconds=0.5, ref=3)
    cast.act(handle, "after it", seconds=0.5, queue=True, ref=4)
    wait_for(lambda: made(cast, handle))
    frames += run(cast, handle, 90)
    told = events(frames)
    assert told == [("act_begin", 1), ("act_end", 2), ("act_end", 1), ("act_begin", 3), ("act_end", 3), ("act_begin", 4), ("act_end", 4)]
    assert cast.acts_of(handle) == ()


def test_sentences_replaced_faster_than_they_begin_pile_nothing_up() -> None:
    generator = FakeGenerator()
    cast = Cast(FakeController(), generator)
    handle = cast.spawn(np.zeros(3), 0.0)
    cast.act(handle, "wait", ref=0)
    wait_for(lambda: generator.histories)  # the worker is busy with the first
    for ref in range(1, 1000):
        cast.act(handle, "a walk", ref=ref)
    generator.gate.release()
    wait_for(lambda: made(cast, handle))
    assert len(generator.histories) == 2  # the first and the last
    frames = run(cast, handle, 1)
    assert len(frames[0].happenings) == MOST_TOLD and ("act_begin", 999) in events(frames)
    cast.close()


def test_stop_works_at_once(cast: Cast) -> None:
    handle = cast.spawn(np.zeros(3), 0.0)
    cast.act(handle, "first", ref=1)
    cast.act(handle, "second", queue=True, ref=2)
    wait_for(lambda: made(cast, handle))
    frames = run(cast, handle, 10)
    assert frames[-1].acting[0]
    cast.stop(handle)
    frames = run(cast, handle, 1)
    assert not frames[0].acting[0]
    assert events(frames) == [("act_end", 2), ("act_end", 1)]  # what waits is dropped, then the stage is left


def test_a_late_worker_never_stalls_a_tick() -> None:
    generator = FakeGenerator()
    cast = Cast(FakeController(), generator)
    handle = cast.spawn(np.zeros(3), 0.0)
    walk(cast, handle)
    cast.act(handle, "wait for it", seconds=0.5, ref=1)
    frames = run(cast, handle, 30)  # returns though the worker has made nothing yet
    assert not any(frame.acting[0] for frame in frames)
    generator.gate.release()  # the first four frames
    wait_for(lambda: len(cast.acts_of(handle)[0].frames) == 7)
    held = run(cast, handle, 60)
    assert held[-1].acting[0]
    np.testing.assert_allclose(held[-1].root_positions, held[-2].root_positions, atol=1e-4)  # the last frame is held
    generator.gate.release(10)
    wait_for(lambda: made(cast, handle))
    assert events(run(cast, handle, 60)) == [("act_end", 1)]
    cast.close()


@pytest.mark.parametrize(("text", "reason"), [("please fail", "the model broke"), ("nan soon", "NaN"), ("refuse this", "no words")])
def test_a_failing_model_is_told_and_locomotion_goes_on(cast: Cast, text: str, reason: str) -> None:
    handle = cast.spawn(np.zeros(3), 0.0)
    walk(cast, handle)
    cast.act(handle, text, ref=5)
    wait_for(lambda: made(cast, handle))
    frames = run(cast, handle, 120)
    failed = [h for frame in frames for h in frame.happenings if h.kind == "act_failed"]
    assert len(failed) == 1 and failed[0].ref == 5 and reason in failed[0].message
    assert frames[-1].root_positions[0, 2] - frames[-61].root_positions[0, 2] == pytest.approx(1.2, abs=0.1)


def test_values_that_are_not_finite_hold_the_pose(cast: Cast) -> None:
    good, bad = cast.spawn(np.zeros(3), 0.0), cast.spawn(np.zeros(3), 0.0)
    both = np.array([good, bad])
    cast.set_input(both, np.array([(0, 1.2, np.nan, 0)] * 2, np.float32))
    for _ in range(30):
        before = cast.step(both, np.full(2, TICK))
    walk(cast, bad, style=1)
    frames = [cast.step(both, np.full(2, TICK)) for _ in range(30)]
    np.testing.assert_allclose(frames[-1].root_positions[1], before.root_positions[1], atol=1e-6)
    assert frames[-1].root_positions[0, 2] > before.root_positions[0, 2] + 0.5
    faults = [h for frame in frames for h in frame.happenings if h.kind == "fault"]
    assert [h.handle for h in faults] == [bad]
    walk(cast, bad, style=0)
    assert cast.step(both, np.full(2, TICK)).root_positions[1, 2] > before.root_positions[1, 2]


def test_a_failed_step_is_not_made_up_for(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = cast.spawn(np.zeros(3), 0.0)
    walk(cast, handle, (0.0, 1.2))
    start = run(cast, handle, 1, 0.0)[0].root_positions[0, 2]

    def broken(*_: object) -> None:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patched:
        patched.setattr(FakeController, "tick", broken)
        for _ in range(60):
            with pytest.raises(RuntimeError):
                run(cast, handle, 1, 0.2)
    assert run(cast, handle, 1)[0].root_positions[0, 2] - start == pytest.approx(1.2 * TICK, abs=1e-5)


def test_acting_needs_a_generator() -> None:
    cast = Cast(FakeController())
    assert not cast.can_act
    with pytest.raises(ValueError, match="no generator"):
        cast.act(cast.spawn(np.zeros(3), 0.0), "walk")


def test_planted_feet_stay_while_acting() -> None:
    """A generator whose root drifts sideways under planted feet: the feet shown do not drift with it."""

    class Drifting(FakeGenerator):
        def stream(self, *arguments: object, **options: object) -> Iterator[np.ndarray]:
            for chunk in super().stream(*arguments, **options):  # type: ignore[arg-type]
                chunk[:, 0] += 0.002  # m a frame
                yield chunk

    cast = Cast(FakeController(), Drifting())
    handle = cast.spawn(np.zeros(3), 0.0)
    cast.act(handle, "walk", seconds=4.0)
    wait_for(lambda: made(cast, handle))
    frames = run(cast, handle, 238)[30:]
    assert all(frame.acting[0] for frame in frames)
    positions, _ = forward_kinematics(
        cast.skeleton, np.concatenate([f.rotations for f in frames]), np.concatenate([f.root_positions for f in frames])
    )
    contacts = np.concatenate([frame.contacts for frame in frames])
    planted = np.stack((contacts[:, :2].max(axis=1), contacts[:, 2:].max(axis=1)), axis=1) > 0.7
    sliding = np.abs(np.diff(positions[:, [10, 11], 0], axis=0))[planted[1:] & planted[:-1]] * 60
    assert len(sliding) > 100
    assert np.median(sliding) < 0.01  # m/s, where the root drifts at 0.06 m/s
