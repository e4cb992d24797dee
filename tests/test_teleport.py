"""Teleport: who is put elsewhere does there what it would have done here; nothing of what is told knows of the way between."""

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.fake_network import FakeNetwork
from fakes import FakeController, FakeGenerator
from motionwire.bundle import Bundle, default
from motionwire.character import FPS, Cast, Frame
from motionwire.controller.controller import Controller
from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.moved import Move

TICK = 1 / FPS
HERE = np.array([2.0, 0.5, -3.0], np.float32)
THERE = np.array([-7.0, 3.0, 4.0], np.float32)
FAR = np.array([1000.0, 40.0, -420.0], np.float32)
# And m to which poses are the same: float32 steps by 6e-5 m at the second, of which a nearly straight leg makes several times as much.
PLACES = [(THERE, 1e-5), (FAR, 3e-4)]


def steps(outputs: list[np.ndarray], calls: int) -> None:
    """Feet come down by turns, so that there is something to hold."""
    left = 0.5 + 0.5 * math.cos(0.15 * calls)
    outputs[3][:] = (left, left, 1 - left, 1 - left)


def cast_of(generator: FakeGenerator | None = None) -> Cast:
    return Cast(Controller(FakeNetwork(steps)), generator)


def wish(cast: Cast, course: float, speed: float = 1.3) -> None:
    cast.set_input(np.zeros(1, np.intp), np.array([(speed * math.sin(course), speed * math.cos(course), np.nan, 0)], np.float32))


def step(cast: Cast, dt: float = TICK) -> Frame:
    return cast.step(np.zeros(1, np.intp), np.array([dt]))


def act(cast: Cast, text: str, seconds: float) -> None:
    """Ask for a sentence and wait until it is made."""
    cast.act(0, text, seconds=seconds, queue=True)
    end = time.monotonic() + 60
    while not all(one.finished.is_set() for one in cast.acts_of(0)):
        assert time.monotonic() < end, "it is not made"
        time.sleep(0.002)


class Twins:
    """The same character twice: `there` is put elsewhere, `here` is not. Wishes and frames are compared over that move."""

    def __init__(self, here: Cast, there: Cast) -> None:
        self.here, self.there, self.course = here, there, 0.4
        for cast in (here, there):
            cast.spawn(HERE, 0.3)
        self.move = Move((HERE[::2], 0.0), (HERE[::2], 0.0))
        self.rise = 0.0
        self.wish()

    def wish(self) -> None:
        wish(self.here, self.course)
        wish(self.there, self.course + self.move.turn)

    def both(self, dt: float = TICK) -> tuple[Frame, Frame]:
        return step(self.here, dt), step(self.there, dt)

    def teleport(self, place: np.ndarray, turn: float) -> None:
        x, z, heading = step(self.here, 0.0).root[0].astype(np.float64)
        step(self.there, 0.0)
        self.there.teleport(0, place, heading + turn)
        self.move = Move((np.array([x, z]), heading), (place[::2].astype(np.float64), heading + turn))
        self.rise = float(place[1] - HERE[1])
        self.wish()

    def assert_alike(self, one: Frame, other: Frame, tolerance: float) -> None:
        """To so many m, and three times as many rad: a thigh is as long as a third of a metre."""
        turned = rot.angle_between(other.rotations[:, 0].astype(np.float64), self.move.rotations(one.rotations[:, 0]))
        found = {
            "m": other.root_positions - self.move.points(one.root_positions) - (0, self.rise, 0),
            "rad": np.concatenate((turned, rot.angle_between(other.rotations[0, 1:], one.rotations[0, 1:]))) / 3,
            "delta": other.root_delta - one.root_delta,
            "contacts": other.contacts - one.contacts,
        }
        assert {name: float(np.abs(values).max()) for name, values in found.items() if np.abs(values).max() > tolerance} == {}
        assert (other.acting == one.acting).all() and other.happenings == one.happenings


@pytest.mark.parametrize("turn", [0.0, 1.7, -3.0])
@pytest.mark.parametrize(("place", "tolerance"), PLACES)
@pytest.mark.parametrize("ticks", [37, 52])
def test_a_walk_goes_on_there(turn: float, place: np.ndarray, tolerance: float, ticks: int) -> None:
    twins = Twins(cast_of(), cast_of())
    for _ in range(ticks):
        twins.both()
    twins.teleport(place, turn)
    for _ in range(60):
        twins.assert_alike(*twins.both(), tolerance)


def test_the_default_bundle_s_walk_goes_on_there() -> None:
    controller = Controller(Bundle.load(default()))
    twins = Twins(Cast(controller), Cast(controller))
    for _ in range(100):
        twins.both()
    twins.teleport(THERE, 2.0)
    for _ in range(60):
        twins.assert_alike(*twins.both(), 1e-4)


# Where locomotion resumes it takes its speed from places, and nearly straight knees show most of their rounding.
@pytest.mark.parametrize("ticks", [3, 30, 57, 62, 75], ids=["hand_over", "acting", "at_its_end", "hand_over_back", "walking_again"])
@pytest.mark.parametrize(("place", "tolerance"), [(THERE, 5e-4), (FAR, 1e-3)])
def test_an_act_goes_on_there_and_what_is_queued_too(ticks: int, place: np.ndarray, tolerance: float) -> None:
    twins = Twins(cast_of(FakeGenerator()), cast_of(FakeGenerator()))
    for _ in range(70):
        twins.both()
    for cast in (twins.here, twins.there):
        act(cast, "a walk", 1.0)
    for _ in range(ticks):
        one, _ = twins.both()
    assert bool(one.acting[0]) == (ticks < 60)
    if ticks == 30:
        for cast in (twins.here, twins.there):
            act(cast, "and another", 0.5)
    twins.teleport(place, 1.7)
    for _ in range(120):
        twins.assert_alike(*twins.both(), tolerance)
    twins.here.close()
    twins.there.close()


def test_a_sentence_that_is_being_made_begins_there() -> None:
    generators = FakeGenerator(), FakeGenerator()
    twins = Twins(*(cast_of(generator) for generator in generators))
    for _ in range(70):
        twins.both()
    for cast in (twins.here, twins.there):
        cast.act(0, "wait", seconds=1.0)
    twins.teleport(THERE, 1.7)
    for generator in generators:
        generator.gate.release(100)
    for cast in (twins.here, twins.there):
        act(cast, "and another", 0.5)
    acted = 0
    for _ in range(150):
        one, other = twins.both()
        twins.assert_alike(one, other, 1e-4)
        acted += int(other.acting[0])
    assert acted > 80
    twins.here.close()
    twins.there.close()


@pytest.mark.parametrize("acts", [False, True])
def test_it_leaves_the_heights_it_was_told_behind(acts: bool) -> None:
    """`there` walks or acts a metre up, on a plateau, before it goes where `here` would: on flat ground."""
    twins = Twins(cast_of(FakeGenerator()), cast_of(FakeGenerator()))
    for tick in range(180):
        twins.there.set_heights(np.zeros(1, np.intp), np.full((1, 12), HERE[1] + 1, np.float32))
        one, other = twins.both()
        if acts and tick == 150:
            for cast in (twins.here, twins.there):
                act(cast, "a walk", 1.0)
    assert bool(other.acting[0]) == acts
    assert other.root_positions[0, 1] - one.root_positions[0, 1] == pytest.approx(1, abs=1e-3)
    twins.teleport(THERE, -1.0)
    for _ in range(60):
        twins.assert_alike(*twins.both(), 1e-4)
    twins.here.close()
    twins.there.close()


def test_the_path_that_it_was_told_stays_behind_too() -> None:
    cast = cast_of()
    cast.spawn(HERE, 0.0)
    wish(cast, 0.0)
    for _ in range(60):
        cast.set_path(np.zeros(1, np.intp), np.tile(HERE[::2], (1, 6, 1)))
        walled = step(cast).root_delta[0]
    cast.teleport(0, THERE, 0.0)
    for _ in range(60):
        free = step(cast).root_delta[0]
    assert walled[1] < 0.2 * TICK and free[1] > TICK


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_no_frame_lies_between_the_places(share: float) -> None:
    """Wherever between two ticks it was told last: told again without time, it is there to the millimetre."""
    cast = cast_of()
    cast.spawn(HERE, 0.3)
    wish(cast, 0.4)
    for _ in range(40):
        step(cast)
    step(cast, share * TICK)
    cast.teleport(0, THERE, -2.5)
    frame = step(cast, 0.0)
    np.testing.assert_allclose(frame.root[0], (THERE[0], THERE[2], -2.5), atol=1e-5)
    np.testing.assert_allclose(frame.root_delta[0], 0, atol=1e-5)
    assert frame.happenings == []
    for dt in (0.1, 0.35, 0.5, 0.75):
        moved = step(cast, dt * TICK)
        assert np.abs(moved.root_positions[0, ::2] - THERE[::2]).max() < 0.1
        assert np.linalg.norm(moved.root_delta[0, :2]) < 2 * dt * TICK


@given(st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300), st.floats(-9, 9), st.integers(0, 20)), min_size=1, max_size=4))
def test_wherever_it_was_on_its_way(places: list[tuple[float, float, float, int]]) -> None:
    """Teleports add nothing up: after the last one it is as if there had been no other."""
    wandered, direct = Cast(FakeController()), Cast(FakeController())
    x, z, heading, _ = places[-1]
    for cast in (wandered, direct):
        cast.spawn(HERE, 0.3)
        wish(cast, 0.3)
    for *place, ticks in places:
        wandered.teleport(0, np.array([place[0], 1.0, place[1]]), place[2])
        wish(wandered, place[2])
        for _ in range(ticks):
            step(wandered), step(direct)
    wandered.teleport(0, np.array([x, 1.0, z]), heading)
    direct.teleport(0, np.array([x, 1.0, z]), heading)
    wish(direct, heading)
    one, other = step(wandered), step(direct)
    np.testing.assert_allclose(one.root_positions, other.root_positions, atol=1e-3)
    assert rot.angle_between(one.rotations, other.rotations).max() < 1e-3


def test_it_is_told_again_without_harm() -> None:
    cast = cast_of()
    cast.spawn(HERE, 0.3)
    for _ in range(2):
        cast.teleport(0, THERE, 1.0)
    np.testing.assert_allclose(step(cast, 0.0).root[0], (THERE[0], THERE[2], 1.0), atol=1e-5)


@pytest.mark.parametrize("place", [(np.nan, 0.0, 0.0), (0.0, 0.0, np.inf)])
def test_no_place_is_refused_and_changes_nothing(place: tuple[float, ...]) -> None:
    cast = cast_of()
    cast.spawn(HERE, 0.3)
    before = step(cast, 0.0)
    with pytest.raises(InputError, match="no place"):
        cast.teleport(0, np.array(place), 0.0)
    np.testing.assert_array_equal(step(cast, 0.0).data, before.data)
