"""Ways over the ground seen from above: the path that was asked for and the ways of the characters, one box per drive."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from motionwire.formats.atomic import write_atomically
from motionwire.render import FAINT, INK, LEFT, PAPER, RIGHT

Array = NDArray[np.floating]

BOX, TITLE, COLUMNS = 300, 20, 4  # pixels; boxes in a row
MARGIN = 0.08  # of a box


@dataclass(frozen=True, eq=False)
class Way:
    """A drive's name, its path [N, 2] (None: no path) and the characters' places [T, B, 2], m."""

    name: str
    path: Array | None
    places: Array


def draw_ways(ways: Sequence[Way], path: Path) -> None:
    """Write a PNG: the asked path red, the characters blue; left (+X) to the left, +Z up; each box to its own scale."""
    image = Image.new("RGB", (COLUMNS * BOX, ceil(len(ways) / COLUMNS) * (BOX + TITLE)), PAPER)
    draw = ImageDraw.Draw(image)
    for index, way in enumerate(ways):
        _box(draw, way, index % COLUMNS * BOX, index // COLUMNS * (BOX + TITLE))
    data = io.BytesIO()
    image.quantize(64).save(data, "PNG", optimize=True)
    write_atomically(path, data.getvalue())


def _box(draw: ImageDraw.ImageDraw, way: Way, left: int, top: int) -> None:
    walked = way.places.reshape(-1, 2)
    low, high = walked.min(axis=0), walked.max(axis=0)
    extent = max(1.0, float((high - low).max()))
    scale = BOX * (1 - 2 * MARGIN) / extent

    def dots(points: Array) -> list[tuple[float, float]]:
        x = left + BOX / 2 - (points[:, 0] - (low[0] + high[0]) / 2) * scale
        y = top + TITLE + BOX / 2 - (points[:, 1] - (low[1] + high[1]) / 2) * scale
        return list(zip(x.tolist(), y.tolist(), strict=True))

    if way.path is not None:
        near = way.path[(way.path >= low - 0.1).all(axis=1) & (way.path <= high + 0.1).all(axis=1)]
        if len(near) > 1:
            draw.line(dots(near), RIGHT, 3)
    for character in range(way.places.shape[1]):
        draw.line(dots(way.places[:, character]), LEFT, 1)
    draw.rectangle((left, top + TITLE, left + BOX - 1, top + TITLE + BOX - 1), outline=FAINT)
    draw.text((left + 6, top + 3), f"{way.name}, {extent:.1f} m", INK, ImageFont.load_default(13))
