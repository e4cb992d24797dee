"""The key/value cache: rows that come and go in any order, slots that grow with what is in them, never another motion."""

import numpy as np
import pytest

from arriving_bundle import arriving_bundle
from motionwire.bundle import Bundle
from motionwire.generator import layout
from motionwire.generator.generator import Generator
from motionwire.generator.rows import WINDOW, Rows
from motionwire.generator.sampling import Sampling
from toy_models import toy_bundle

TEXT = "a person walks and turns left"


@pytest.fixture(scope="module")
def growing() -> Generator:
    return Generator(Bundle.load(arriving_bundle()))


@pytest.mark.parametrize("seconds", [0.5, 1.9, 2.0, 12.0, 27.4])
def test_fewer_slots_give_the_same_motion_to_the_bit(growing: Generator, seconds: float) -> None:
    """Lengths below, at and beyond what the cache first has room for."""
    fixed = Generator(Bundle.load(toy_bundle()))
    for text in (TEXT, None):
        takes = [generator.batch(2).begin(text, seconds, 5, None) for generator in (fixed, growing)]
        assert all(len(take.rows) == (2 if text else 1) for take in takes)
    assert np.array_equal(*(np.concatenate(list(generator.stream(TEXT, seconds, 5))) for generator in (fixed, growing)))


def test_a_long_take_does_not_change_the_short_ones_beside_it(growing: Generator) -> None:
    batch = growing.batch(4)
    takes = [
        batch.begin(TEXT, 9.0, 0, None),
        *(batch.begin(TEXT, 3.0, seed, None, Sampling(guidance)) for seed, guidance in ((1, 2), (2, 1))),
    ]
    made: list[list[np.ndarray]] = [[], [], []]
    for _ in range(takes[0].positions):
        for chunk, kept in zip(batch.advance(takes), made, strict=True):
            if chunk is not None:
                kept.append(chunk)  # type: ignore[arg-type]
    alone = [growing.stream(TEXT, 9.0, 0), growing.stream(TEXT, 3.0, 1), growing.stream(TEXT, 3.0, 2, guidance=1.0)]
    for kept, chunks in zip(made, alone, strict=True):
        assert np.array_equal(np.concatenate(kept), np.concatenate(list(chunks)))


def test_rows_are_first_come_and_cleared(growing: Generator) -> None:
    rows = Rows(growing._graphs.step, 4)
    first, second = rows.take(2), rows.take(1)
    assert first.tolist() == [0, 1] and second.tolist() == [2]
    layers, heads, size = len(rows._keys), *(next(iter(rows._keys.values())).shape[i] for i in (1, 3))
    filled = np.full((layers, 2, heads, layout.MOTION, size), 3.0, np.float32)
    rows.fill(first, filled, filled, np.ones((2, layout.MOTION), bool))
    rows.step(first, np.zeros((2, growing._graphs.groups), np.int64), np.zeros(2, np.int64), np.array([layout.MOTION, 2 * WINDOW]))
    assert rows._mask.shape == (4, 3 * WINDOW)
    rows.give_back(first)
    assert not any(cache.any() for cache in (*rows._keys.values(), *rows._values.values())) and not rows._mask.any()
    assert rows._mask.shape[1] == 3 * WINDOW, "someone is still there"
    assert rows.take(3).tolist() == [0, 1, 3]


def test_a_goal_is_given_to_the_model(growing: Generator) -> None:
    def hidden(goal: np.ndarray | None) -> np.ndarray:
        return growing.batch(1).begin(TEXT, 1.0, 0, None, Sampling(), goal).hidden

    plain, one, again, other = (
        hidden(goal) for goal in (None, np.ones(280, np.float32), np.ones(280, np.float32), np.full(280, 3, np.float32))
    )
    assert np.array_equal(one, again)
    for a, b in ((plain, one), (one, other)):
        assert np.abs(a - b).max(axis=1).min() > 1e-4, "in the row with the sentence and in the one without"
