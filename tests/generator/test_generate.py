"""Tasks into clips on toy models: continuation, poses, timelines, in-betweening, loops; alone and in a crowd the same."""

from dataclasses import replace

import numpy as np
import pytest

from motionwire.bundle import Bundle, default
from motionwire.errors import InputError
from motionwire.generator.finish import finish
from motionwire.generator.generate import generate, generate_all
from motionwire.generator.generator import Generator
from motionwire.generator.level import levelled
from motionwire.generator.loop import best_stretch, rounds_of
from motionwire.generator.sampling import Sampling
from motionwire.generator.task import Leg, Task
from motionwire.motion import features
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.moved import moved, spot_of
from motionwire.motion.seams import followed
from motionwire.motion.skeleton import REFERENCE, canonical
from synthetic import swaying_clip, walking_clip
from toy_models import toy_bundle

TEXT = "a person walks and turns left"


@pytest.fixture(scope="module")
def toy() -> Generator:
    return Generator(Bundle.load(toy_bundle()))


@pytest.fixture(scope="module")
def real() -> Generator:
    return Generator(Bundle.load(default()))


def gap(before: Clip, after: Clip) -> tuple[float, float]:
    """How far the first frame of `after` is from where `before` would have gone on to: root in m, worst joint in degrees."""
    wanted = followed(before.slice(-2), 1)
    return (
        float(np.linalg.norm(after.root_positions[0] - wanted.root_positions[-1])),
        float(np.degrees(rot.angle_between(after.rotations[0], wanted.rotations[-1]).max())),
    )


def assert_fits(before: Clip, after: Clip) -> None:
    root, joint = gap(before, after)
    assert root < 0.01 and joint < 3, (root, joint)


def test_a_sentence(toy: Generator) -> None:
    clip = generate(toy, Task((Leg(TEXT, 1.5),), seed=3))
    values = np.concatenate(list(toy.stream(TEXT, 1.5, 3)))
    assert len(clip) == 45 and clip.fps == 30 and clip.name == TEXT
    np.testing.assert_array_equal(clip.rotations, finish(features.decode(levelled(values, REFERENCE), REFERENCE)).rotations)


@pytest.mark.parametrize("text", [TEXT, ""])
@pytest.mark.parametrize("fps", [30.0, 60.0])
def test_a_continuation_goes_on_in_place_and_velocity(toy: Generator, text: str, fps: float) -> None:
    past = moved(walking_clip(2.0, fps, turn=0.8), (np.zeros(2), 0.0), (np.array([5.0, -3.0]), 2.0))
    clip = generate(toy, Task((Leg(text, 1.0),), past=past))
    assert len(clip) == 30
    thirty = past if fps == 30 else replace(past, fps=30.0, root_positions=past.root_positions[1::2], rotations=past.rotations[1::2])
    assert_fits(thirty, clip)


def test_without_a_sentence_it_is_another_motion_than_with_one(toy: Generator) -> None:
    past = walking_clip(1.0)
    with_text, without = (generate(toy, Task((Leg(text, 1.0),), past=past, sampling=Sampling(guidance=8.0))) for text in (TEXT, ""))
    assert not np.array_equal(with_text.rotations, without.rotations)


def test_the_result_has_the_bones_of_what_it_goes_on_from(toy: Generator) -> None:
    tall = canonical(REFERENCE.offsets * 1.3)
    walk = walking_clip(2.0)
    past = replace(walk, skeleton=tall, root_positions=walk.root_positions * 1.3)
    clip = generate(toy, Task((Leg(TEXT, 1.0),), past=past))
    assert np.array_equal(clip.skeleton.offsets, tall.offsets)
    assert_fits(past, clip)


def test_a_start_pose_is_the_first_frame(toy: Generator) -> None:
    pose = walking_clip(1.0).slice(12, 13)
    clip = generate(toy, Task((Leg(TEXT, 1.0),), past=pose, with_ends=True))
    assert len(clip) == 30
    np.testing.assert_allclose(clip.root_positions[0], pose.root_positions[0], atol=1e-5)
    assert rot.angle_between(clip.rotations[0], pose.rotations[0]).max() < 1e-3
    assert_fits(followed(pose, 1), clip.slice(1))


def test_a_timeline_has_no_seam(toy: Generator) -> None:
    legs = (Leg(TEXT, 1.0), Leg("a person walks slowly", 0.7), Leg("", 0.5), Leg(TEXT, 1.0))
    clip = generate(toy, Task(legs, seed=2))
    assert len(clip) == 30 + 21 + 15 + 30
    for cut in (30, 51, 66):
        assert_fits(clip.slice(0, cut), clip.slice(cut))
    alone = generate(toy, Task(legs[:1], seed=2))
    assert np.array_equal(clip.rotations[:30], alone.rotations) or np.allclose(clip.rotations[:30], alone.rotations, atol=1e-6)


def test_in_betweening_goes_from_one_motion_to_the_other(toy: Generator) -> None:
    past, target = swaying_clip(1.0), moved(swaying_clip(2.0, turn=0.3).slice(7), (np.zeros(2), 0.0), (np.array([0.6, 2.4]), 0.7))
    clip = generate(toy, Task((Leg("", 1.0),), past=past, target=target))
    assert len(clip) == 30
    assert_fits(past, clip)
    root, joint = gap(clip, target)
    assert root < 0.01 and joint < 10, "an untrained model's joints turn by a hundred degrees a frame"
    ends = generate(toy, Task((Leg(TEXT, 1.0),), past=past.slice(-1), target=target.slice(0, 1), with_ends=True))
    assert len(ends) == 30
    for frame, pose in ((0, past.slice(-1)), (-1, target.slice(0, 1))):
        np.testing.assert_allclose(ends.root_positions[frame], pose.root_positions[0], atol=1e-5)
        assert rot.angle_between(ends.rotations[frame], pose.rotations[0]).max() < 1e-3


@pytest.mark.parametrize("has_past", [True, False])
def test_a_figure_of_other_bones_is_met_where_it_stands(toy: Generator, has_past: bool) -> None:
    """Paths scale with the legs about the origin, and both motions are far from it."""
    short = canonical(REFERENCE.offsets * np.float32(0.85))
    there = moved(swaying_clip(2.0), (np.zeros(2), 0.0), (np.array([5.6, 8.4]), 0.7))
    target = replace(there, skeleton=short, root_positions=there.root_positions * np.array([1, 0.85, 1], np.float32))
    past = moved(swaying_clip(1.0), (np.zeros(2), 0.0), (np.array([5.0, 6.0]), 0.0)) if has_past else None
    for with_ends in (False, True):
        clip = generate(toy, Task((Leg("", 1.0),), past=past, target=target, with_ends=with_ends))
        end = clip.slice(-1) if with_ends else followed(clip, 1).slice(-1)
        np.testing.assert_allclose(end.root_positions[0, ::2], target.root_positions[0, ::2], atol=1e-4 if with_ends else 0.05)
        assert np.array_equal(clip.skeleton.offsets, REFERENCE.offsets)


def test_the_goal_tells_where_and_what_the_target_is(toy: Generator) -> None:
    """Seen from the end of the motion before, not from the world."""
    past, target = walking_clip(1.0), walking_clip(3.0).slice(60)
    task = Task((Leg("", 1.0),), past=past, target=target)
    there = (np.array([-4.0, 7.0]), 2.5)
    carried = Task((Leg("", 1.0),), past=moved(past, (np.zeros(2), 0.0), there), target=moved(target, (np.zeros(2), 0.0), there))
    one, two = generate(toy, task), generate(toy, carried)
    np.testing.assert_allclose(moved(one, (np.zeros(2), 0.0), there).root_positions, two.root_positions, atol=2e-3)
    elsewhere = Task((Leg("", 1.0),), past=past, target=replace(target, root_positions=target.root_positions + np.float32(3)))
    assert np.abs(generate(toy, elsewhere).rotations - one.rotations).max() > 0.01


def test_a_model_that_cannot_arrive_says_so() -> None:
    toy = Generator(Bundle.load(toy_bundle()))
    toy._graphs = toy._graphs._replace(arrives=False)
    with pytest.raises(InputError, match="cannot arrive at a pose"):
        generate(toy, Task((Leg("", 1.0),), past=walking_clip(1.0), target=walking_clip(1.0)))


@pytest.mark.parametrize("arrives", [False, True])
@pytest.mark.parametrize(("seconds", "in_place"), [(2.0, False), (2.0, True), (None, False)])
def test_a_loop_meets_itself(real: Generator, toy: Generator, arrives: bool, seconds: float | None, in_place: bool) -> None:
    generator = toy if arrives else real
    task = Task((Leg("a person walks forward", seconds),), seed=4, loop=True, in_place=in_place, closed=True)
    closed = generate(generator, task)
    assert 53 <= len(closed) - 1 <= 67 if seconds else 30 <= len(closed) - 1 <= 150
    assert_meets_itself(closed)
    np.testing.assert_allclose(closed.root_positions[0, ::2], 0, atol=1e-5)
    travelled = np.linalg.norm(spot_of(closed, -1)[0])
    if in_place:
        assert travelled < 0.02
    elif not arrives:
        assert travelled > 1, "the real model walks"


@pytest.mark.parametrize("seed", [1, 4])  # feet are down throughout; 4 cm, 1 degree off if they were not held
def test_who_stands_in_a_loop_does_not_leave_the_spot(real: Generator, seed: int) -> None:
    closed = generate(real, Task((Leg("someone is waiting"),), seed=seed, loop=True, closed=True))
    way, turn = spot_of(closed, -1)
    assert np.abs(way).max() < 1e-3 and abs(turn) < 1e-3
    assert_meets_itself(closed)


def assert_meets_itself(closed: Clip) -> None:
    """Root and joints do not change their velocity at the seam by much more than elsewhere."""
    rounds, frames = rounds_of(closed), len(closed) - 1
    turning = rot.angular_velocity(rounds.rotations.astype(float), 30.0)
    for values in (np.diff(rounds.root_positions.astype(float), 2, axis=0), np.diff(turning, axis=0)):
        change = np.abs(values).reshape(len(values), -1).max(axis=1)[frames - 3 : 2 * frames - 3]  # one round, the seam first
        assert change[:5].max() < 1.5 * change[5:].max()


def test_a_closed_loop_ends_with_its_next_round(toy: Generator) -> None:
    loop, closed = (generate(toy, Task((Leg(TEXT, 2.0),), seed=4, loop=True, closed=flag)) for flag in (False, True))
    assert len(closed) == len(loop) + 1
    np.testing.assert_array_equal(closed.rotations[:-1], loop.rotations)
    again = moved(loop.slice(0, 1), spot_of(loop, 0), spot_of(closed, -1))
    np.testing.assert_allclose(closed.root_positions[-1], again.root_positions[0], atol=2e-2)
    assert np.degrees(rot.angle_between(closed.rotations[-1], again.rotations[0])).max() < 2


def test_the_best_stretch_is_a_whole_number_of_strides() -> None:
    values = features.encode(walking_clip(8.0, stride_hz=1.0))
    start, end = best_stretch(values, 1.7, 2.4)
    assert end - start == 60 and start >= 30
    with pytest.raises(InputError, match="does not fit"):
        best_stretch(values[:40], 2.0, 3.0)


def test_a_pause_is_no_loop_of_a_walk() -> None:
    walk = walking_clip(4.0, stride_hz=1.0)
    rows = np.concatenate((np.zeros(120, int), np.arange(120)))
    values = features.encode(replace(walk, root_positions=walk.root_positions[rows], rotations=walk.rotations[rows]))
    assert best_stretch(values, 1.8, 2.2)[0] >= 120


def test_in_place_stays(real: Generator) -> None:
    walk, stays = (generate(real, Task((Leg("a person walks forward", 3.0),), in_place=flag)) for flag in (False, True))
    assert np.linalg.norm(walk.root_positions[-1] - walk.root_positions[0]) > 1.5
    assert np.linalg.norm((stays.root_positions - stays.root_positions[0])[:, ::2], axis=1).max() < 0.25
    assert np.array_equal(walk.rotations, stays.rotations)


def test_the_same_alone_and_in_a_crowd(toy: Generator) -> None:
    past = walking_clip(1.0)
    tasks = [
        Task((Leg(TEXT, 1.0),), seed=1),
        Task((Leg(TEXT, 0.5), Leg("", 0.5)), seed=2, past=past),
        Task((Leg("a person walks", None),), seed=3, sampling=Sampling(guidance=1.0)),
        Task((Leg(TEXT, 1.0),), seed=4, loop=True),
        Task((Leg("", 0.8),), seed=5, past=past, target=walking_clip(2.0).slice(50)),
        Task((Leg("", 99.0),), seed=6),
        Task((Leg(TEXT, 0.3),), seed=7),
    ]
    found = dict(generate_all(toy, enumerate(tasks), lanes=3))
    assert set(found) == set(range(len(tasks)))
    assert isinstance(found[5], InputError) and "seconds is not between" in str(found[5])
    for number in (0, 1, 2, 3, 4, 6):
        alone = generate(toy, tasks[number])
        assert np.array_equal(found[number].rotations, alone.rotations), number  # type: ignore[union-attr]
        assert np.array_equal(found[number].root_positions, alone.root_positions), number  # type: ignore[union-attr]


def test_tasks_are_taken_when_there_is_room_for_them(toy: Generator) -> None:
    """A million sentences are not held in memory."""
    taken: list[int] = []

    def endless():
        for number in range(10**6):
            taken.append(number)
            yield number, Task((Leg(TEXT, 0.2),), seed=number)

    results = generate_all(toy, endless(), lanes=4)
    for _ in range(6):
        next(results)
    assert len(taken) <= 12


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (lambda: Task(()), "no sentence"),
        (lambda: Task((Leg(TEXT, 1.0),), seed=-1), "seed -1 is negative"),
        (lambda: Task((Leg(TEXT, 1.0),), loop=True, past=walking_clip()), "a loop is one sentence"),
        (lambda: Task((Leg(TEXT), Leg(TEXT)), loop=True), "a loop is one sentence"),
        (lambda: Task((Leg(TEXT),), target=walking_clip()), "takes a time"),
        (lambda: Task((Leg(TEXT, 1.0),), target=walking_clip(), in_place=True), "arrives nowhere"),
        (lambda: Task((Leg(TEXT, 1.0),), past=replace(walking_clip(), translations=np.zeros((90, 22, 3)))), "not canonical"),
    ],
)
def test_what_excludes_each_other_is_refused(bad, message: str) -> None:
    with pytest.raises(InputError, match=message):
        bad()
