"""The frame loop with a network made by hand: batching, standing, turning, other frame times, damaged outputs."""

import numpy as np
import pytest

from controller.fake_network import FakeNetwork
from motionwire.controller import layout
from motionwire.controller.controller import Controller
from motionwire.controller.intent import Intent
from motionwire.controller.path import wrap
from motionwire.controller.settings import Settings
from motionwire.errors import InputError
from motionwire.motion import batch
from motionwire.motion import rotations as rot
from motionwire.motion.kinematics import forward_kinematics
from motionwire.motion.skeleton import JOINT_NAMES, REFERENCE
from synthetic import walking_clip

TICK = 1 / 60
CHEST = JOINT_NAMES.index("spine3")


def intent(move, facing=np.nan, style=0) -> Intent:
    move = np.atleast_2d(np.asarray(move, np.float32))
    return Intent(move, np.full(len(move), facing, np.float32), np.full(len(move), style))


def test_walks_where_the_stick_points() -> None:
    controller = Controller(FakeNetwork())
    state = controller.create([[1.0, 0.0, 2.0]], [0.0])
    for _ in range(180):
        controller.step(state, intent([1.5, 0.0]))
    np.testing.assert_allclose(state.velocities, [[1.5, 0.0]], atol=0.05)
    np.testing.assert_allclose(state.headings, np.pi / 2, atol=0.05)


@pytest.mark.parametrize(("said", "most"), [({}, 6.0), ({"fastest": 2.5}, 2.5)])
def test_nobody_is_asked_for_more_than_legs_follow(said: dict[str, float], most: float) -> None:
    controller = Controller(FakeNetwork(**said))
    state = controller.create([[0.0, 0.0, 0.0]], [0.0])
    for _ in range(240):
        controller.step(state, intent([0.0, 9.0]))
    assert np.linalg.norm(state.velocities[0]) == pytest.approx(most, abs=0.1)


@pytest.mark.parametrize("fastest", [0.3, 6.5, float("nan"), "brisk"])
def test_a_graph_whose_pace_cannot_be_is_refused(fastest: float | str) -> None:
    with pytest.raises(InputError, match="pace"):
        Controller(FakeNetwork(fastest=fastest))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"styles": "neutral"}, r"array.*styles"),  # its letters are no styles
        ({"styles": [1, None, {}]}, r"str.*styles"),
        ({"styles": []}, "styles"),
        ({"start_pose": [0.0] * 3}, "start_pose"),
        ({"start_pose": [float("nan")] * layout.POSE}, "start pose"),
        ({"start_pose": [1e300] * layout.POSE}, "start_pose"),
        ({"idle": 5}, "idle"),
    ],
)
def test_a_graph_that_says_anything_else_of_itself_is_refused(said: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=f"does not say.*{words}"):
        Controller(FakeNetwork(**said))


def test_zero_intent_stands() -> None:
    controller = Controller(FakeNetwork())
    state = controller.create([[0.0, 0.0, 0.0]], [0.4])
    for _ in range(120):
        poses = controller.step(state, intent([0.0, 0.0]))
    np.testing.assert_allclose(state.positions, 0, atol=1e-6)
    np.testing.assert_allclose(state.headings, 0.4, atol=1e-6)
    np.testing.assert_allclose(poses.gait, [[1, 0, 0]])


@pytest.mark.parametrize("degrees", [0, 30, 60, 90, 135, 180, -90, -135])
def test_the_chest_faces_elsewhere_than_it_moves(degrees: int) -> None:
    """The body keeps within strafe_limit of the travel, forward or backward; the spine turns the chest the rest of the way."""
    controller = Controller(FakeNetwork(), Settings(idle=0.0))
    state = controller.create([[0.0, 0.0, 0.0]], [0.0])
    roots, rotations = controller.raw(state)
    start = forward_kinematics(REFERENCE, rotations, roots)[1][0, CHEST]
    travel = np.radians(degrees)
    for _ in range(300):
        poses = controller.step(state, intent([np.sin(travel), np.cos(travel)], facing=0.0))
    chest = forward_kinematics(REFERENCE, poses.rotations, poses.root_positions)[1][0, CHEST]
    assert np.degrees(rot.angle_between(chest, start)) < 5
    away = abs(wrap(float(state.headings[0]) - travel))
    assert min(away, np.pi - away) < controller.settings.strafe_limit + 0.03
    np.testing.assert_allclose(state.velocities[0], [np.sin(travel), np.cos(travel)], atol=0.05)


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    rng = np.random.default_rng(1)
    places, headings = rng.normal(size=(5, 3)), rng.uniform(-3, 3, 5)
    moves = rng.normal(size=(40, 5, 2))
    styles = np.array([0, 1, 0, 1, 1])
    controller = Controller(FakeNetwork())
    together = controller.create(places, headings)
    alone = [controller.create(places[i : i + 1], headings[i : i + 1]) for i in range(5)]
    for i, state in enumerate(alone):
        state.phase[:], state.clock[:] = together.phase[i], together.clock[i]
    for move in moves:
        batch = controller.step(together, Intent(move.astype(np.float32), np.full(5, np.nan, np.float32), styles))
        for i, state in enumerate(alone):
            one = controller.step(state, Intent(move[i : i + 1].astype(np.float32), np.full(1, np.nan, np.float32), styles[i : i + 1]))
            np.testing.assert_allclose(one.root_positions, batch.root_positions[i : i + 1], atol=1e-5)
            np.testing.assert_allclose(one.rotations, batch.rotations[i : i + 1], atol=1e-5)


def test_the_rounding_of_a_frame_time_does_not_sum_up() -> None:
    """1/60 s in 32 bits, over half a minute: a tick a step, and no pose between two ticks."""
    controller = Controller(FakeNetwork())
    state, exact = (controller.create([[0.0, 0.0, 0.0]], [0.0]) for _ in range(2))
    for _ in range(1800):
        controller.step(state, intent([0.0, 1.0]), float(np.float32(TICK)))
        controller.step(exact, intent([0.0, 1.0]))
    assert state.ahead == 0
    np.testing.assert_array_equal(state.positions, exact.positions)


@pytest.mark.parametrize("fps", [30, 48, 60, 120, 240])
def test_other_frame_times_take_the_same_way(fps: int) -> None:
    controller = Controller(FakeNetwork())
    state, reference = (controller.create([[0.0, 0.0, 0.0]], [0.0]) for _ in range(2))
    for _ in range(fps * 2):
        poses = controller.step(state, intent([0.0, 1.2]), 1 / fps)
    for _ in range(120):
        wanted = controller.step(reference, intent([0.0, 1.2]))
    np.testing.assert_allclose(poses.root_positions, wanted.root_positions, atol=2e-3)
    assert state.ahead < TICK


def test_frames_between_ticks_lie_between_them() -> None:
    controller = Controller(FakeNetwork())
    state = controller.create([[0.0, 0.0, 0.0]], [0.0])
    z = [float(controller.step(state, intent([0.0, 2.0]), 1 / 240).root_positions[0, 2]) for _ in range(480)]
    steps = np.diff(z[240:])
    assert steps.min() > 0
    assert steps.max() < 1.2 * steps.min()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_a_number_holds_the_pose(bad: float) -> None:
    def damage(outputs: list[np.ndarray], call: int) -> None:
        if call > 20:
            outputs[call % len(outputs)][0] = bad

    controller = Controller(FakeNetwork(damage))
    state = controller.create(np.zeros((2, 3)), np.zeros(2))
    held = None
    for frame in range(40):
        poses = controller.step(state, intent([[0.0, 1.0], [0.0, 1.0]]))
        assert np.isfinite(poses.root_positions).all()
        assert np.isfinite(poses.rotations).all()
        if frame == 19:
            held = poses
    assert held is not None
    np.testing.assert_array_equal(poses.root_positions[0], held.root_positions[0])
    assert poses.root_positions[1, 2] > held.root_positions[1, 2] + 0.1


def test_nobody_is_fine() -> None:
    controller = Controller(FakeNetwork())
    state = controller.create(np.zeros((0, 3)), np.zeros(0))
    assert len(controller.step(state, Intent(np.zeros((0, 2), np.float32), np.zeros(0, np.float32), np.zeros(0, int)))) == 0


def test_seeds_decide_where_the_stride_begins() -> None:
    controller = Controller(FakeNetwork())
    phases = [controller.create(np.zeros((1, 3)), np.zeros(1), seed).phase[0] for seed in (0, 1, 0)]
    assert phases[0] == phases[2] != phases[1]


def test_wrong_intents_are_the_callers_mistake() -> None:
    controller = Controller(FakeNetwork())
    state = controller.create(np.zeros((2, 3)), np.zeros(2))
    with pytest.raises(InputError, match="intent for 2 characters"):
        controller.step(state, intent([0.0, 1.0]))
    with pytest.raises(InputError, match="style index"):
        controller.step(state, intent([[0.0, 1.0]] * 2, style=2))
    with pytest.raises(InputError, match="pull"):
        Settings(pull=2)


def test_stick_that_is_not_a_number_counts_as_let_go() -> None:
    controller = Controller(FakeNetwork())
    state = controller.create(np.zeros((1, 3)), np.zeros(1))
    poses = controller.step(state, intent([np.nan, 1e30]))
    assert np.isfinite(poses.root_positions).all()


@pytest.mark.parametrize(("asked", "taken"), [(0.1, 0.0), (0.17, 0.0), (0.2, 0.35), (0.6, 0.6), (1e30, 6.0)])
def test_who_is_asked_to_creep_or_fly_goes_at_a_pace_that_legs_follow(asked: float, taken: float) -> None:
    controller = Controller(FakeNetwork())
    state = controller.create(np.zeros((1, 3)), np.zeros(1))
    for _ in range(240):
        controller.step(state, intent([[0.0, asked]]))
    assert np.linalg.norm(state.velocities[0]) == pytest.approx(taken, abs=0.02)


def test_times_and_places_that_are_no_numbers_are_refused() -> None:
    controller = Controller(FakeNetwork())
    state = controller.create(np.zeros((1, 3)), np.zeros(1))
    with pytest.raises(InputError, match="dt is nan"):
        controller.step(state, intent([[0.0, 1.0]]), float("nan"))
    assert controller.step(state, intent([[0.0, 1.0]])).root_positions[0, 2] > 0
    for places, headings in (([[np.nan, 0.0, 0.0]], [0.0]), ([[0.0, 0.0, 0.0]], [np.inf])):
        with pytest.raises(InputError, match="finite"):
            controller.create(places, headings)


def test_start_pose_faces_the_given_heading() -> None:
    controller = Controller(FakeNetwork())
    state = controller.create(np.zeros((1, 3)), [1.0])
    poses = controller.step(state, intent([0.0, 0.0]), 0.0)
    np.testing.assert_allclose(rot.yaw_of(poses.rotations[:, 0]), 1.0, atol=0.1)


def test_who_is_resumed_keeps_a_clock_and_a_style_of_its_own() -> None:
    controller = Controller(FakeNetwork())
    before = controller.create(np.zeros((2, 3)), np.zeros(2), seed=5)
    before.style[:] = 0.25
    resumed = [controller.resume(walking_clip(2.0, fps=60.0)) for _ in range(2)]
    for row, state in enumerate(resumed):
        controller.keep(state, batch.take(before, np.array([row])))
    assert resumed[0].clock[0] == before.clock[0] != resumed[1].clock[0] == before.clock[1]
    assert (resumed[0].style == 0.25).all()


def test_resume_goes_on_as_the_clip_ends() -> None:
    """Place, heading, speed, path and pose are the clip's; the next poses follow it without a jump."""
    controller = Controller(FakeNetwork())
    clip = walking_clip(2.0, fps=60.0, speed=1.2, turn=0.4)
    state = controller.resume(clip)
    np.testing.assert_allclose(state.positions[0], clip.root_positions[-1, [0, 2]], atol=0.05)
    assert state.headings[0] == pytest.approx(0.8, abs=0.1)
    assert np.linalg.norm(state.velocities[0]) == pytest.approx(1.2, abs=0.1)
    np.testing.assert_allclose(state.history[0, :, 3], 1.2, atol=0.1)
    heading = float(state.headings[0])
    move = np.array([[1.2 * np.sin(heading), 1.2 * np.cos(heading)]], np.float32)
    poses = controller.step(state, Intent(move, np.full(1, np.nan, np.float32), np.zeros(1, np.intp)))
    assert np.linalg.norm(poses.root_positions[0] - clip.root_positions[-1]) < 0.1
    with pytest.raises(InputError, match="too few"):
        controller.resume(clip.slice(0, 20))
