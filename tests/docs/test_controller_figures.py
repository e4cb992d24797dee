"""The controller page's figures can be drawn again, and the page shows each of them."""

import importlib.util
import re
from pathlib import Path

import pytest
from PIL import Image

DOCS = Path(__file__).resolve().parents[2] / "docs"
WITHOUT_CLIPS = {"controller_control_points.png", "controller_schedule.png", "controller_springs.png"}


def test_figures_without_clips_are_drawn_from_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("controller_figures", DOCS / "controller_figures.py")
    figures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(figures)
    monkeypatch.setattr(figures, "PICTURES", tmp_path)
    figures.control_points()
    figures.schedule()
    figures.springs()
    assert {path.name for path in tmp_path.iterdir()} == WITHOUT_CLIPS
    for name in WITHOUT_CLIPS:
        assert Image.open(tmp_path / name).size == Image.open(DOCS / "pictures" / name).size


def test_the_page_shows_every_figure_there_is() -> None:
    shown = set(re.findall(r"\]\(pictures/(controller_\w+\.png)\)", (DOCS / "controller.md").read_text()))
    assert shown == {path.name for path in (DOCS / "pictures").glob("controller_*.png")} >= WITHOUT_CLIPS
