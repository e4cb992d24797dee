"""What players want of their characters: the blobs of `step` and `input` as arrays, checked."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from motionwire.character import INPUT
from motionwire.server.messages import HEIGHTS, PATH, BadMessageError, Input, Step, type_of
from motionwire.server.packing import NO_STYLE, NOT_FINITE, fault_of

FAR = 1e6  # m: beyond, float32 has no places left for centimetres

Array = NDArray[np.float32]


class Wanted(NamedTuple):
    """Of N characters, None where nothing is said: rows float32 [N, 4] as in character.INPUT; heights [N, 12] m and path [N, 6, 2] m
    (world x, z) with NaN where they say nothing."""

    rows: Array | None
    heights: Array | None
    path: Array | None


def parse(request: Step | Input, styles: int, ref: int = 0) -> Wanted:
    """The blobs of a request; raises BadMessageError. styles: how many there are."""
    rows = _blob(request, "input", (INPUT,), ref)
    if rows is not None:
        fault = fault_of(rows, styles)
        _check(fault != NOT_FINITE, "input must be finite (NaN only as facing)", request, ref)
        _check(fault != NO_STYLE, f"a style is a whole number below {styles}", request, ref)
    return Wanted(rows, _places(request, "heights", (HEIGHTS,), ref), _places(request, "path", (PATH, 2), ref))


def _places(request: Step | Input, name: str, row: tuple[int, ...], ref: int) -> Array | None:
    values = _blob(request, name, row, ref)
    if values is not None:
        _check(not (np.abs(values) > FAR).any(), f"{name} must be within {FAR:g} m, or NaN", request, ref)
    return values


def _blob(request: Step | Input, name: str, row: tuple[int, ...], ref: int) -> Array | None:
    data: bytes = getattr(request, name)
    if not data:
        return None
    expected = len(request.characters) * math.prod(row) * 4
    _check(len(data) == expected, f"{name} has {len(data)} bytes, {expected} expected", request, ref)
    return np.frombuffer(data, "<f4").reshape(-1, *row)


def _check(holds: bool | np.bool_, text: str, request: Step | Input, ref: int) -> None:
    if not holds:
        raise BadMessageError("bad_message", text, type_of(request), ref)
