"""A state as bytes and back: an NPZ of its arrays without pickle, so that bytes from anywhere can be read."""

import io
from typing import Any

import numpy as np

from motionwire.controller.state import State
from motionwire.errors import InputError
from motionwire.formats.npy import load_npz

WHERE = "saved characters"


def save(state: State) -> bytes:
    """All that is remembered of the characters."""
    data = io.BytesIO()
    arrays: dict[str, Any] = {"ahead": np.array(state.ahead), **state.arrays()}
    np.savez(data, **arrays)
    return data.getvalue()


def load(data: bytes, like: State) -> State:
    """The characters that `save` wrote; raises InputError for anything else. like: a state of nobody by the same controller."""
    found = load_npz(data, WHERE)
    wanted = like.arrays()
    if set(found) != {*wanted, "ahead"}:
        raise InputError(f"holds {', '.join(sorted(found))[:200]}", WHERE)
    count = len(found["headings"]) if found["headings"].ndim == 1 else 0
    arrays: dict[str, Any] = {}
    for name, pattern in wanted.items():
        array = found[name]
        if array.dtype != pattern.dtype or array.shape != (count, *pattern.shape[1:]):
            raise InputError(f"{name} is {array.dtype} {array.shape}, not {pattern.dtype} {(count, *pattern.shape[1:])}", WHERE)
        if not all(np.isfinite(part).all() for part in _numbers(array)):
            raise InputError(f"{name} holds what is not a number", WHERE)
        arrays[name] = array.copy()
    newest, steps = arrays["newest"], like.history.shape[1]
    ahead = found["ahead"]
    if (
        ahead.shape != ()
        or ahead.dtype != np.float64
        or not abs(float(ahead)) < 1
        or (count and not 0 <= newest.min() <= newest.max() < steps)
    ):
        raise InputError("its clock or the order of its past is broken", WHERE)
    return State(ahead=float(ahead), **arrays)


def _numbers(array: np.ndarray) -> list[np.ndarray]:
    """What must be finite: the array, or its named parts but the places of feet that were never shown."""
    return [array] if array.dtype.names is None else [array[name] for name in array.dtype.names if name != "shown"]
