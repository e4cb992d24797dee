"""Tables on disk: what is appended comes back, an interrupted one never shows."""

from pathlib import Path

import numpy as np
import pytest

from motionwire_training.columns import build, read_columns, read_description

SHAPE = {"pairs": ("<f4", 2), "flat": ("<i8", 1), "none": ("<f2", 3)}


def test_rows_come_back_memory_mapped(tmp_path: Path) -> None:
    with build(tmp_path / "table", SHAPE) as table:
        for start in range(3):
            table.append("flat", [start, start + 1]).append("pairs", np.full((1, 2), start))
        assert table.rows["flat"] == 6
        table.description = {"of": "test"}
    found = read_columns(tmp_path / "table")
    assert found["flat"].tolist() == [0, 1, 1, 2, 2, 3]
    np.testing.assert_array_equal(found["pairs"], [[0, 0], [1, 1], [2, 2]])
    assert isinstance(found["pairs"], np.memmap) and found["none"].shape == (0, 3)
    assert read_description(tmp_path / "table") == {"of": "test"}


def test_a_table_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    with build(tmp_path / "table", SHAPE) as table:
        table.append("flat", [7])
    with pytest.raises(RuntimeError), build(tmp_path / "table", SHAPE) as table:
        table.append("flat", [8])
        raise RuntimeError
    assert read_columns(tmp_path / "table")["flat"].tolist() == [7]
    assert [path.name for path in tmp_path.iterdir()] == ["table"]
    assert read_description(tmp_path / "absent") is None
