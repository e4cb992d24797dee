"""The cast on uneven ground and before walls, what it tells of its paths, and what lies between ticks."""

import time

import numpy as np

from controller.fake_network import FakeNetwork
from fakes import FakeGenerator
from motionwire.character import Cast
from motionwire.controller.controller import Controller
from motionwire.controller.layout import FUTURE, PRESENT, SAMPLES

DT = 1 / 60


def walking(count: int = 1, height: float = 0.0) -> tuple[Cast, np.ndarray]:
    cast = Cast(Controller(FakeNetwork()))
    handles = np.array([cast.spawn(np.array([3.0 * i, height, 0.0]), 0.0) for i in range(count)])
    cast.set_input(handles, np.array([(0.0, 1.0, np.nan, 0)] * count, np.float32))
    return cast, handles


def test_it_climbs_what_the_game_describes() -> None:
    cast, handles = walking(2, height=5.0)
    start = cast.step(handles, np.full(2, DT)).root_positions
    for _ in range(240):
        desired = cast.thoughts(handles).desired
        assert desired.shape == (2, SAMPLES, 4)
        heights = np.full((2, SAMPLES), np.nan, np.float32)
        heights[1] = 5 + 0.1 * np.maximum(desired[1, :, 1], 0)  # one in ten for the second
        cast.set_heights(handles, heights)
        frame = cast.step(handles, np.full(2, DT))
    climbed = frame.root_positions[:, 1] - start[:, 1]
    np.testing.assert_allclose(climbed, [0.0, 0.1 * frame.root_positions[1, 2]], atol=0.04)
    raw = cast.thoughts(handles)
    np.testing.assert_allclose(raw.root_positions[:, 1], start[:, 1], atol=0.03)
    assert raw.rotations.shape == (2, 22, 4) and raw.predicted.shape == (2, FUTURE, 4)


def test_it_stops_where_the_game_has_clipped_the_path() -> None:
    cast, handles = walking()
    for _ in range(240):
        ahead = cast.thoughts(handles).desired[:, PRESENT + 1 :, :2]
        clipped = np.where(ahead[..., 1:] > 1.5, np.minimum(ahead, np.float32([np.inf, 1.5])), np.float32(np.nan))
        cast.set_path(handles, clipped)
        frame = cast.step(handles, np.array([DT]))
    assert 1.3 < frame.root_positions[0, 2] < 1.7
    cast.set_path(handles, np.full((1, FUTURE, 2), np.nan, np.float32))
    for _ in range(60):
        frame = cast.step(handles, np.array([DT]))
    assert frame.root_positions[0, 2] > 1.9


def test_contacts_and_phase_lie_between_ticks_too() -> None:
    cast, handles = walking()
    slow = [cast.step(handles, np.array([DT / 4])) for _ in range(240)]
    turn = np.diff(np.unwrap([float(frame.phase[0]) for frame in slow]))
    assert turn[8:].min() > 0 and turn[8:].max() < 0.1 / 2  # the network turns it by 0.1 a tick
    assert np.abs(np.diff([frame.contacts[0] for frame in slow], axis=0)).max() < 0.5


def slope(z: np.ndarray) -> np.ndarray:
    return np.float32(0.2) * np.clip(z - 1, 0, 2)


def on_slope(cast: Cast, handles: np.ndarray) -> float:
    """A frame on a slope that the game describes; the pelvis's height over it."""
    cast.set_heights(handles, slope(cast.thoughts(handles).desired[..., 1]).astype(np.float32))
    at = cast.step(handles, np.array([DT])).root_positions[0]
    return float(at[1] - slope(at[2]))


def test_an_act_stays_on_the_ground_and_locomotion_after_it_too() -> None:
    cast = Cast(Controller(FakeNetwork()), FakeGenerator())
    handles = np.array([cast.spawn(np.zeros(3, np.float32), 0.0)])
    cast.set_input(handles, np.array([(0.0, 1.0, np.nan, 0)], np.float32))
    walked = [on_slope(cast, handles) for _ in range(120)][-1]
    cast.act(int(handles[0]), "a walk", seconds=2.0)
    while not all(act.finished.is_set() for act in cast.acts_of(int(handles[0]))):
        time.sleep(0.005)
    cast.set_input(handles, np.array([(0.0, 0.0, np.nan, 0)], np.float32))
    acted = [on_slope(cast, handles) for _ in range(240)]
    assert np.abs(np.array(acted) - walked).max() < 0.15
    assert abs(acted[-1] - walked) < 0.05
    raised = cast.step(handles, np.array([DT])).root_positions[0, 1]
    for _ in range(60):  # heights hold until they are told again
        frame = cast.step(handles, np.array([DT]))
    assert abs(frame.root_positions[0, 1] - raised) < 0.01
    cast.close()
