"""A controller network that gives no numbers for a while: the pose is held, the game told once, and locomotion sets off again."""

from typing import Any

import numpy as np

from controller.fake_network import FakeNetwork
from motionwire.character import Cast
from motionwire.controller.controller import Controller

DT = 1 / 60
SOUND, BROKEN = 30, 20  # ticks


class Damage:
    """Makes the network's root steps NaN while it is on."""

    on = False

    def __call__(self, outputs: list[np.ndarray], _calls: int) -> None:
        if self.on:
            outputs[1][:] = np.nan


def walking(damage: Any) -> tuple[Cast, np.ndarray]:
    cast = Cast(Controller(FakeNetwork(damage)))
    handles = np.array([cast.spawn(np.zeros(3, np.float32), 0.0)])
    cast.set_input(handles, np.array([(0.0, 1.0, np.nan, 0)], np.float32))
    return cast, handles


def test_the_pose_is_held_and_told_of_once() -> None:
    damage = Damage()
    cast, handles = walking(damage)
    frames = [cast.step(handles, np.array([DT])) for _ in range(SOUND)]
    damage.on = True
    held = [cast.step(handles, np.array([DT])) for _ in range(BROKEN)]
    for frame in held:
        np.testing.assert_array_equal(frame.data, frames[-1].data)
    assert [happening.kind for frame in held for happening in frame.happenings] == ["fault"]
    damage.on = False
    after = [cast.step(handles, np.array([DT])) for _ in range(2 * SOUND)]
    steps = np.linalg.norm(np.diff([frame.root_positions[0] for frame in [held[-1], *after]], axis=0), axis=1)
    assert steps.max() < 0.05 and after[-1].root_positions[0, 2] > held[-1].root_positions[0, 2] + 0.3


def test_who_is_spawned_meanwhile_stands_and_goes_when_there_are_numbers() -> None:
    damage = Damage()
    damage.on = True
    cast, handles = walking(damage)
    frames = [cast.step(handles, np.array([DT])) for _ in range(BROKEN)]
    assert all(np.isfinite(frame.data).all() for frame in frames)
    damage.on = False
    frames = [cast.step(handles, np.array([DT])) for _ in range(2 * SOUND)]
    assert np.isfinite(frames[-1].data).all() and frames[-1].root_positions[0, 2] > 0.3
