"""The key/value cache: rows that come and go in any order hold what was laid into them without gaps, and no row changes another one."""

import numpy as np
import pytest

from motionwire.bundle import Bundle
from motionwire.generator import layout
from motionwire.generator.generator import Generator
from motionwire.generator.rows import Rows
from motionwire.generator.sampling import Sampling
from toy_models import toy_bundle

TEXT = "a person walks and turns left"


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(Bundle.load(toy_bundle()))


def test_a_long_take_does_not_change_the_short_ones_beside_it(generator: Generator) -> None:
    batch = generator.batch(4)
    takes = [
        batch.begin(TEXT, 9.0, 0, None),
        *(batch.begin(TEXT, 3.0, seed, None, Sampling(guidance)) for seed, guidance in ((1, 2), (2, 1))),
    ]
    made: list[list[np.ndarray]] = [[], [], []]
    for _ in range(takes[0].positions):
        for chunk, kept in zip(batch.advance(takes), made, strict=True):
            if chunk is not None:
                kept.append(chunk)  # type: ignore[arg-type]
    alone = [generator.stream(TEXT, 9.0, 0), generator.stream(TEXT, 3.0, 1), generator.stream(TEXT, 3.0, 2, guidance=1.0)]
    for kept, chunks in zip(made, alone, strict=True):
        assert np.array_equal(np.concatenate(kept), np.concatenate(list(chunks)))


def test_the_longest_motion_fits(generator: Generator) -> None:
    frames = layout.MAX_MOTION * layout.STRIDE
    assert len(np.concatenate(list(generator.stream(TEXT, frames / 30, 0)))) == frames


def filled(rows: Rows, count: int, held: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Keys, values [layers, n, H, L, D] of a prefill, each number another one, and valid [n, L] with `held` slots."""
    layers = sum(name.startswith("keys_") for name in rows._shapes)
    _, heads, _, size = rows._shapes["keys_0"]
    keys = np.random.default_rng(held).normal(size=(layers, count, heads, layout.MOTION, size)).astype(np.float32)
    valid = np.zeros((count, layout.MOTION), bool)
    valid[:, np.random.default_rng(1).permutation(layout.MOTION)[:held]] = True
    return keys, -keys, valid


def test_what_a_row_holds_lies_side_by_side(generator: Generator) -> None:
    rows = Rows(generator._graphs.step, 4)
    mine = rows.take(2)
    keys, values, valid = filled(rows, 2, 7)
    rows.fill(mine, keys, values, valid)
    before = {name: rows._given[name].copy() for name in rows._shapes}
    rows.step(mine[1:], np.zeros((1, generator._graphs.groups), np.int64), np.zeros(1, np.int64), np.array([layout.MOTION]))
    assert rows._length.tolist() == [7, 8, 0, 0]
    for name, filling in (("keys_0", keys), ("values_0", values)):
        cache = rows._given[name]
        assert np.array_equal(cache[:2, :, :7], filling[0][:, :, valid[0]])
        assert np.array_equal(cache[0], before[name][0]), "the other row's"
        assert cache[1, :, 7].any() and not cache[:2, :, 8:].any()


def test_rows_are_first_come_and_new_to_the_next(generator: Generator) -> None:
    rows = Rows(generator._graphs.step, 4)
    first, second = rows.take(2), rows.take(1)
    assert first.tolist() == [0, 1] and second.tolist() == [2]
    given = np.zeros((1, generator._graphs.groups), np.int64), np.zeros(1, np.int64), np.array([layout.MOTION])
    rows.fill(second, *filled(rows, 1, 3))
    alone = rows.step(second, *given)
    rows.fill(first, *filled(rows, 2, 40))
    rows.give_back(first)
    assert rows.take(3).tolist() == [0, 1, 3]
    rows.fill(first[:1], *filled(rows, 1, 3))
    assert np.array_equal(rows.step(first[:1], *given), alone)


def test_the_last_row_takes_the_memory_with_it(generator: Generator) -> None:
    rows = Rows(generator._graphs.step, 4)
    mine = rows.take(3)
    rows.fill(mine, *filled(rows, 3, 40))
    cache = rows._given["keys_0"]
    rows.give_back(mine[:2])
    assert rows._given["keys_0"] is cache
    rows.give_back(mine[2:])
    assert rows._given["keys_0"] is not cache and not rows._given["keys_0"].any()


def test_a_goal_is_given_to_the_model(generator: Generator) -> None:
    def hidden(goal: np.ndarray | None) -> np.ndarray:
        return generator.batch(1).begin(TEXT, 1.0, 0, None, Sampling(), goal).hidden

    plain, one, again, other = (
        hidden(goal) for goal in (None, np.ones(280, np.float32), np.ones(280, np.float32), np.full(280, 3, np.float32))
    )
    assert np.array_equal(one, again)
    for a, b in ((plain, one), (one, other)):
        assert np.abs(a - b).max(axis=1).min() > 1e-4, "in the row with the sentence and in the one without"
