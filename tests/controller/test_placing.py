"""Teleport and the paths: a character put elsewhere does there what it would have done here."""

import numpy as np
import pytest

from controller.fake_network import FakeNetwork
from motionwire.controller import layout
from motionwire.controller.controller import Controller
from motionwire.controller.intent import Intent
from motionwire.controller.settings import Settings
from motionwire.errors import InputError
from motionwire.motion import rotations as rot


def intent(angle: float) -> Intent:
    return Intent(np.array([[np.sin(angle), np.cos(angle)]], np.float32), np.full(1, np.nan, np.float32), np.zeros(1, np.intp))


def test_it_goes_on_there_as_it_would_have_here() -> None:
    controller = Controller(FakeNetwork())
    here, there = (controller.create([[1.0, 0.0, 2.0]], [0.3]) for _ in range(2))
    for state in (here, there):
        for _ in range(40):
            controller.step(state, intent(0.8))
    turn = 1.1
    controller.place(there, 0, (7.0, 0.0, -3.0), float(here.headings[0]) + turn)
    start = here.positions[0].copy()
    np.testing.assert_allclose(there.positions[0], [7.0, -3.0])
    for _ in range(30):
        one, other = controller.step(here, intent(0.8), 1 / 50), controller.step(there, intent(0.8 + turn), 1 / 50)
        way = one.root_positions - np.array([start[0], 0, start[1]])
        wanted = rot.rotate(rot.from_yaw(np.array([turn])), way) + np.array([7.0, 0.0, -3.0])
        np.testing.assert_allclose(other.root_positions, wanted, atol=1e-4)
        np.testing.assert_allclose(other.rotations[:, 1:], one.rotations[:, 1:], atol=1e-4)


def test_a_figure_that_is_set_down_stays_down() -> None:
    controller = Controller(FakeNetwork())
    state = controller.create([[0.0, 0.0, 0.0]], [0.0])
    state.bodies["sunk"] = 0.05
    before = controller.step(state, intent(0.0)).root_positions[0, 1]
    controller.place(state, 0, (5.0, 0.0, 5.0), 0.0)
    assert abs(controller.step(state, intent(0.0)).root_positions[0, 1] - before) < 0.002


def test_no_place_is_refused() -> None:
    controller = Controller(FakeNetwork())
    with pytest.raises(InputError, match="no place"):
        controller.place(controller.create([[0.0, 0, 0]], [0.0]), 0, (np.nan, 0.0, 0.0), 0.0)


def test_paths_are_where_it_came_from_and_shall_go() -> None:
    controller = Controller(FakeNetwork())
    state = controller.create([[0.0, 0.0, 0.0]], [0.0])
    for _ in range(120):
        before = state.positions[0].copy()
        controller.step(state, intent(0.0))
    paths = controller.paths(state)
    assert paths.desired.shape == (1, layout.SAMPLES, 4) and paths.predicted.shape == (1, layout.FUTURE, 4)
    ahead = layout.SAMPLE_FRAMES / layout.FPS
    np.testing.assert_allclose(paths.desired[0, :, 1], before[1] + ahead, atol=0.02)  # it goes at 1 m/s
    np.testing.assert_allclose(paths.desired[0, :, 3], 1, atol=0.02)
    np.testing.assert_allclose(paths.predicted[0, :, :2], np.tile(state.positions, (layout.FUTURE, 1)), atol=1e-5)  # it forecasts none


def test_a_wall_stops_it_and_it_walks_on_beside() -> None:
    """The game clips the path at x = 1; the stick goes on pointing through the wall, then along it."""
    controller = Controller(FakeNetwork(), Settings(feet_lead=0))  # feet that always stand would hold it back
    state = controller.create([[0.0, 0.0, 0.0]], [np.pi / 2])
    places = []
    for frame in range(400):
        ahead = controller.paths(state).desired[:, layout.PRESENT + 1 :, :2].copy()
        clipped = np.where(ahead[..., :1] > 1.0, np.stack((np.ones(ahead.shape[:2]), ahead[..., 1]), axis=-1), np.nan)
        wish = intent(np.pi / 2 if frame < 200 else np.pi / 4)
        controller.step(state, Intent(wish.move, wish.facing, wish.style, path=clipped.astype(np.float32)))
        places.append(state.positions[0, 0])
        assert places[-1] < 1.1
        if frame == 199:
            assert places[-1] > 0.9 and np.ptp(places[140:]) < 0.02
    assert state.positions[0, 1] > 0.8
