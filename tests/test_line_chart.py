"""Line charts: curves stand where their numbers say, in their colour."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from motionwire.errors import InputError
from motionwire.line_chart import BOTTOM, GAP, LEFT, RIGHT, TOP, WIDTH, Curve, Panel, draw_chart

RED = (208, 52, 44)


def drawn(panel: Panel, path: Path) -> np.ndarray:
    draw_chart([panel], path, 0.0, 10.0, "s")
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def rows_of_red(pixels: np.ndarray, x: float) -> np.ndarray:
    column = pixels[:, round(LEFT + x / 10 * (WIDTH - LEFT - RIGHT))]
    return np.flatnonzero((column[:, 0] > 150) & (column[:, 1] < 140))


def test_a_curve_passes_through_its_points(tmp_path: Path) -> None:
    pixels = drawn(Panel("a line", [Curve([0, 10], [0, 1], RED)], height=100), tmp_path / "a.png")
    assert pixels.shape[:2] == (TOP + 100 + GAP + BOTTOM, WIDTH)
    top = TOP + GAP - 8
    assert rows_of_red(pixels, 5).mean() == pytest.approx(top + 50, abs=2)
    assert rows_of_red(pixels, 9).mean() == pytest.approx(top + 10, abs=2)


def test_a_curve_breaks_where_there_is_no_number(tmp_path: Path) -> None:
    pixels = drawn(Panel("a gap", [Curve([0, 4, 5, 6, 10], [0.5, 0.5, np.nan, 0.5, 0.5], RED)]), tmp_path / "a.png")
    assert len(rows_of_red(pixels, 2)) > 0
    assert len(rows_of_red(pixels, 5)) == 0
    assert len(rows_of_red(pixels, 8)) > 0


def test_rows_are_shaded_by_their_values(tmp_path: Path) -> None:
    pixels = drawn(Panel("rows", bars=[("left", np.r_[np.zeros(50), np.ones(50)], RED)]), tmp_path / "a.png")
    assert len(rows_of_red(pixels, 2)) == 0
    assert len(rows_of_red(pixels, 8)) > 8


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        draw_chart([Panel("empty")], tmp_path / "nowhere" / "a.png", 0.0, 1.0, "s")
