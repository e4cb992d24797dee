"""The path ahead: the samples that the network gets."""

import numpy as np

from motionwire.controller import layout
from motionwire.controller.encoding import local_samples
from motionwire.controller.path import HISTORY, look_ahead, wrap


def ahead(move: np.ndarray, facing: np.ndarray, prediction: float = 0.0, clipped: np.ndarray | None = None) -> tuple[np.ndarray, ...]:
    """The inputs of characters that came along a curve, and what is made of them."""
    rng = np.random.default_rng(2)
    count = len(move)
    headings, positions = rng.uniform(-3, 3, count), rng.normal(size=(count, 2))
    history = rng.normal(size=(count, HISTORY, 4))
    newest = rng.integers(0, HISTORY, count)
    history[np.arange(count), newest] = np.column_stack((positions, headings, np.full(count, 1.0)))
    future = rng.normal(size=(count, layout.FUTURE_TRAJECTORY)).astype(np.float32)
    trajectory, gait = np.empty((count, layout.TRAJECTORY), np.float32), np.empty((count, 3), np.float32)
    travel, turn = np.empty((count, 2)), np.empty(count)
    velocities = rng.normal(size=(count, 2))
    look_ahead(
        positions, headings, velocities, np.zeros((count, 2)), np.zeros(count), history, newest, future,
        np.zeros((count, 3)), np.zeros(count, bool), move, facing,
        np.full((count, layout.FUTURE, 2), np.nan) if clipped is None else clipped,
        0.2, 0.2, 0.2, 0.2, 1.2, np.pi, prediction, trajectory, gait, np.empty((count, layout.SAMPLES, 4)), travel, turn,
    )  # fmt: skip
    return positions, headings, history, newest, future, trajectory, gait, travel, turn


def test_past_samples_are_the_history_as_the_root_sees_it() -> None:
    positions, headings, history, newest, _, trajectory, _, _, _ = ahead(np.ones((4, 2)), np.full(4, np.nan))
    rows = (newest[:, None] + layout.SAMPLE_FRAMES[: layout.PRESENT + 1]) % HISTORY
    past = history[np.arange(4)[:, None], rows]
    local, directions = local_samples(past[..., :2], past[..., 2], positions, headings)
    got = layout.unpack_trajectory(trajectory)
    for mine, wanted in zip(got, (local, directions, past[..., 3]), strict=True):
        np.testing.assert_allclose(mine[:, : layout.PRESENT + 1], wanted, atol=1e-5)


def test_the_far_end_moves_as_the_stick_says_and_faces_where_asked() -> None:
    move, facing = np.array([[1.5, 0.0], [0.0, -2.0]]), np.array([np.nan, 0.4])
    _, headings, _, _, _, trajectory, gait, _, turn = ahead(move, facing)
    _, directions, speeds = layout.unpack_trajectory(trajectory)
    goals = np.array([np.pi / 2, 0.4])
    np.testing.assert_allclose(speeds[:, -1], [1.5, 2.0], atol=0.05)
    towards = np.array([wrap(goal - heading) for goal, heading in zip(goals, headings, strict=True)])
    asked = np.clip(towards, -1.2, 1.2)
    np.testing.assert_allclose(np.arctan2(directions[:, -1, 0], directions[:, -1, 1]), asked, atol=0.02)
    assert (np.sign(turn) == np.sign(asked)).all()
    np.testing.assert_allclose(gait, layout.gait_of(speeds[:, layout.PRESENT :]), atol=1e-5)


def test_the_networks_own_forecast_shapes_the_near_future() -> None:
    move, facing = np.ones((3, 2)), np.full(3, np.nan)
    plain, mixed = ahead(move, facing)[5], ahead(move, facing, prediction=0.6)
    future, got = mixed[4], mixed[5]
    share = 0.6 * (1 - np.arange(1, 7) / 6)
    for mine, without, own in zip(*map(layout.unpack_trajectory, (got, plain, future)), strict=True):
        first = layout.PRESENT + 1
        weight = share[:, None] if mine.ndim == 3 else share
        np.testing.assert_allclose(mine[:, first:], without[:, first:] + weight * (own - without[:, first:]), atol=1e-5)
