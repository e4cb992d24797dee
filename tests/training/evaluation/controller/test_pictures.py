"""Pictures are drawn of what was driven."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from motionwire_training.evaluation.controller import path as paths
from motionwire_training.evaluation.controller.map_picture import BOX, TITLE, Way, draw_ways
from motionwire_training.evaluation.controller.pictures import Pictures, mean_answer
from motionwire_training.evaluation.controller.recorded import Recorded
from motionwire_training.evaluation.controller.response import answer
from motionwire_training.evaluation.controller.trials import Trial
from training.evaluation.controller.recordings import drive, walking


def test_the_way_is_drawn_where_it_went(tmp_path: Path) -> None:
    z = np.linspace(0, 4, 100)
    way = Way("off", paths.straight(4).points, np.stack((np.full(100, 1.0), z), axis=-1)[:, None])
    draw_ways([way, way], tmp_path / "ways.png")
    image = np.asarray(Image.open(tmp_path / "ways.png").convert("RGB")).astype(int)
    blue = (image[TITLE:, :BOX, 2] - image[TITLE:, :BOX, 0]) > 100
    assert image.shape[0] == BOX + TITLE
    assert set(np.flatnonzero(blue.any(axis=0)).tolist()) <= {BOX // 2 - 1, BOX // 2, BOX // 2 + 1}
    assert blue.any(axis=1).sum() > 0.8 * BOX


def test_the_answer_to_the_stick_is_signed() -> None:
    asked = np.tile([0.0, 1.0], (300, 1, 1))
    asked[60:] = (0.0, -1.0)
    share = mean_answer(walking(5.0, asked=asked))
    assert share == pytest.approx(-1, abs=0.02)


def test_sheets_and_charts_beside_each_other(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path)
    asked = np.tile([0.0, 1.0], (900, 1, 1))
    asked[60:] = (0.0, -1.0)
    made = drive(name="flip180", path=paths.straight(20), seconds=15.0)
    pictures.add(Trial(made, (answer,)), walking(15.0, drive=made, asked=asked), Recorded())
    pictures.finish()
    assert {picture.name for picture in tmp_path.iterdir()} == {"flip180.png", "ways.png", "answers.png"}
