"""Rows of batched state: a dataclass whose arrays have one row per character, read and written for some of them."""

import dataclasses
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

State = TypeVar("State")


def rows(slots: NDArray[np.intp]) -> slice | NDArray[np.intp]:
    """The same index, as a slice where the slots are consecutive (indexing then copies nothing)."""
    if len(slots) and slots[-1] - slots[0] == len(slots) - 1 and (np.diff(slots) == 1).all():
        return slice(int(slots[0]), int(slots[-1]) + 1)
    return slots


def take(state: State, slots: NDArray[np.intp]) -> State:
    """The state of some characters; consecutive ones are views."""
    index = rows(slots)
    return dataclasses.replace(state, **{name: value[index] for name, value in _arrays(state)})  # type: ignore[type-var]


def put(state: Any, slots: NDArray[np.intp], part: Any) -> None:
    """Write the state of some characters back."""
    index = rows(slots)
    changed = dict(_arrays(part))
    for name, value in _arrays(state):
        value[index] = changed[name]


def _arrays(state: Any) -> list[tuple[str, NDArray[Any]]]:
    pairs = ((field.name, getattr(state, field.name)) for field in dataclasses.fields(state))
    return [(name, value) for name, value in pairs if isinstance(value, np.ndarray)]
