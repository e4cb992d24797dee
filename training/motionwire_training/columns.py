"""Tables on disk that grow row by row and are read back by memory map, so that they may be larger than memory.

A folder holds one raw little-endian file per column and `columns.json`. It appears when it is whole.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motionwire_training.folders import built

INDEX = "columns.json"
Shape = Mapping[str, tuple[str, int]]  # column -> dtype, width; width 1 reads back flat


class ColumnWriter:
    """Appends rows to the columns of a table that is being built."""

    def __init__(self, folder: Path, shape: Shape) -> None:
        self.rows: Counter[str] = Counter()
        self.description: dict[str, Any] = {}
        self._shape = shape
        self._files = {name: (folder / name).open("wb") for name in shape}

    def append(self, column: str, values: ArrayLike) -> Self:
        """Add rows [n, width], or [n] where the width is 1."""
        dtype, width = self._shape[column]
        array = np.ascontiguousarray(values, dtype=dtype).reshape(-1, width)
        array.tofile(self._files[column])
        self.rows[column] += len(array)
        return self

    def close(self) -> None:
        """Close the files; the table stays as it is."""
        for file in self._files.values():
            file.close()


@contextmanager
def build(folder: Path, shape: Shape) -> Iterator[ColumnWriter]:
    """Write a table into `folder`, which appears, or is replaced, only when the block ends without an error."""
    with built(folder) as building:
        writer = ColumnWriter(building, shape)
        try:
            yield writer
        finally:
            writer.close()
        columns = {name: {"dtype": dtype, "width": width, "rows": writer.rows[name]} for name, (dtype, width) in shape.items()}
        (building / INDEX).write_text(json.dumps({"columns": columns, "description": writer.description}))


def read_description(folder: Path) -> dict[str, Any] | None:
    """What the builder wrote into `description`; None where no whole table is."""
    path = folder / INDEX
    return dict(json.loads(path.read_text())["description"]) if path.exists() else None


def read_columns(folder: Path) -> dict[str, NDArray[Any]]:
    """Every column, memory-mapped (what is written to it is not saved): [rows, width], or [rows] where the width is 1."""

    def mapped(name: str, dtype: str, width: int, rows: int) -> NDArray[Any]:
        if rows == 0:  # an empty file cannot be mapped
            return np.empty(0 if width == 1 else (0, width), dtype)
        values = np.memmap(folder / name, dtype=dtype, mode="c", shape=(rows, width))
        return values[:, 0] if width == 1 else values

    return {name: mapped(name, **column) for name, column in json.loads((folder / INDEX).read_text())["columns"].items()}


def fingerprint(*values: object) -> str:
    """Eight hex digits that change with any of the values, for the name of a table's folder."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:8]
