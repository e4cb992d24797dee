"""The cast on uneven ground and before walls, what it tells of its paths, and what lies between ticks."""

import numpy as np

from controller.fake_network import FakeNetwork
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
