"""Rows of batched state: a dataclass whose arrays have one row per character, read and written for some of them."""

import copy
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

State = TypeVar("State")
Rows = slice | NDArray[np.intp]


def rows(slots: NDArray[np.intp]) -> Rows:
    """The same index, as a slice where the slots are consecutive (indexing then copies nothing)."""
    if len(slots) and slots[-1] - slots[0] == len(slots) - 1 and (slots[1:] > slots[:-1]).all():
        return slice(int(slots[0]), int(slots[-1]) + 1)
    return slots


def take(state: State, index: Rows) -> State:
    """The state of some characters; of a slice the arrays are views."""
    part = copy.copy(state)
    for name, value in _arrays(state):
        setattr(part, name, value[index])
    return part


def put(state: Any, index: Rows, part: Any) -> None:
    """Write the state of some characters back."""
    for name, value in _arrays(state):
        value[index] = getattr(part, name)


def _arrays(state: Any) -> list[tuple[str, NDArray[Any]]]:
    return [(name, value) for name, value in vars(state).items() if isinstance(value, np.ndarray)]
