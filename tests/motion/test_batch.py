"""Rows of batched state: taken and put back, consecutive ones as views."""

from dataclasses import dataclass

import numpy as np

from motionwire.motion import batch


@dataclass
class State:
    """Two arrays and something that is none."""

    places: np.ndarray
    ages: np.ndarray
    name: str = "crowd"


def crowd() -> State:
    return State(np.arange(12.0).reshape(6, 2), np.arange(6))


def test_take_and_put_any_order() -> None:
    state = crowd()
    part = batch.take(state, np.array([4, 0]))
    np.testing.assert_array_equal(part.ages, (4, 0))
    part.places = part.places + 100
    batch.put(state, np.array([4, 0]), part)
    np.testing.assert_array_equal(state.places[:, 0], (100, 2, 4, 6, 108, 10))
    assert part.name == "crowd"


def test_consecutive_rows_are_views() -> None:
    state = crowd()
    assert np.shares_memory(batch.take(state, batch.rows(np.array([2, 3, 4]))).places, state.places)
    assert not np.shares_memory(batch.take(state, batch.rows(np.array([4, 3, 2]))).places, state.places)


def test_rows_out_of_order_or_twice_stay_an_index() -> None:
    for slots in ([1, 2, 4], [3, 2, 1], [0, 1, 1], []):
        assert isinstance(batch.rows(np.array(slots, np.intp)), np.ndarray)
    assert batch.rows(np.array([5])) == slice(5, 6)
