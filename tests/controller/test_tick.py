"""A tick of some rows: whatever lies between them, they come to the same poses, and nobody else moves."""

import numpy as np
import pytest

from controller.fake_network import FakeNetwork
from motionwire.controller.controller import Controller
from motionwire.controller.intent import Intent
from motionwire.motion import batch

COUNT = 30


def walk(count: int) -> Intent:
    angles = np.arange(count, dtype=np.float32)
    return Intent(
        np.stack((np.sin(angles), np.cos(angles)), axis=1), np.full(count, np.nan, np.float32), np.arange(count, dtype=np.intp) % 2
    )


def of(intent: Intent, slots: np.ndarray) -> Intent:
    return Intent(intent.move[slots], intent.facing[slots], intent.style[slots])


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(
    "slots", [np.arange(COUNT), np.arange(3, COUNT), np.array([7]), np.array([4, 5, 6, 20, 21, 2, 29]), np.arange(COUNT)[::-1].copy()]
)
def test_rows_in_any_order(slots: np.ndarray, threads: int) -> None:
    controller, wish = Controller(FakeNetwork(), threads=threads), walk(COUNT)
    state = controller.create(np.random.default_rng(1).uniform(-9, 9, (COUNT, 3)), np.arange(COUNT) / 5, seed=3)
    alone, before = batch.take(state, slots.copy()), {name: value.copy() for name, value in state.arrays().items()}
    for _ in range(20):
        poses, expected = controller.tick(state, slots, of(wish, slots)), controller.step(alone, of(wish, slots))
        for name in ("root_positions", "rotations", "contacts", "phase", "gait"):
            np.testing.assert_allclose(getattr(poses, name), getattr(expected, name), atol=1e-6)
    others = np.setdiff1d(np.arange(COUNT), slots)
    for name, value in state.arrays().items():
        np.testing.assert_array_equal(value[others], before[name][others])
    assert not np.array_equal(state.positions[slots], before["positions"][slots])
