"""Columns of numbers in text, fast and strict.

The fast way hands the text to msgspec's JSON decoder as one list of floats (about twice as fast as numpy's own text
parser). JSON refuses some spellings that motion files use ("+1", ".5", "5."); those lines take the slow way, which
checks each number by its pattern, so that "nan", "1_000", "0x1p3" or "1,5" stay errors.
"""

import re
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

NUMBER = re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
LIMIT = 1e9  # larger positions or angles are damage, and would overflow float32 further on

_decoder = msgspec.json.Decoder(list[float])


class NumberError(ValueError):
    """A line that does not hold what it should; `line` counts from 0."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def number(text: bytes) -> float:
    """One number; ValueError for anything but a plain finite decimal number."""
    value = float(text) if len(text) <= 64 and NUMBER.fullmatch(text) else float("nan")
    if not abs(value) <= LIMIT:
        raise ValueError(f"{text[:40].decode('utf-8', 'replace')!r} is not a number within 1e9")
    return value


def parse_rows(lines: Sequence[bytes], columns: int) -> NDArray[np.float64]:
    """Lines of `columns` numbers, separated by single spaces, to float64 [lines, columns]; raises NumberError."""
    for index, line in enumerate(lines):
        if line.count(b" ") != columns - 1:
            raise NumberError(f"{line.count(b' ') + 1} numbers instead of {columns}", index)
    try:
        values = np.array(_decoder.decode(b"[" + b",".join(lines).replace(b" ", b",") + b"]"), dtype=np.float64)
    except msgspec.MsgspecError:
        values = np.empty(0)
    if len(values) != len(lines) * columns or not (values.min() >= -LIMIT and values.max() <= LIMIT):
        return _parse_slowly(lines)
    return values.reshape(len(lines), columns)


def _parse_slowly(lines: Sequence[bytes]) -> NDArray[np.float64]:
    rows = []
    for index, line in enumerate(lines):
        try:
            rows.append([number(token) for token in line.split(b" ")])
        except ValueError as error:
            raise NumberError(str(error), index) from None
    return np.array(rows, dtype=np.float64)
