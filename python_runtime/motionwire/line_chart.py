"""Line charts drawn with Pillow: panels one below the other over one horizontal axis, as PNG."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw, ImageFont

from motionwire.formats.atomic import write_atomically
from motionwire.render import FAINT, INK, PAPER, Colour

Numbers = TypeVar("Numbers", float, NDArray[np.float64])

SCALE = 2  # drawn this much larger and scaled down, for smooth lines
WIDTH, LEFT, RIGHT, TOP, BOTTOM, GAP = 900, 92, 24, 10, 40, 30  # pixels; GAP holds a panel's title
BAR = 15  # height of one row of shades
TICKS = 8


@dataclass(frozen=True, eq=False)
class Curve:
    """A line through points (x, y), broken where y is not finite; named in the panel's title line where it has a label."""

    x: ArrayLike
    y: ArrayLike
    colour: Colour
    label: str = ""


@dataclass(frozen=True, eq=False)
class Panel:
    """Curves between low and high; or rows of shades 0..1 (name, values over the whole width, colour) when there are `bars`."""

    title: str
    curves: Sequence[Curve] = ()
    low: float = 0.0
    high: float = 1.0
    levels: Sequence[tuple[float, str]] = ()  # horizontal lines and what is written beside them
    marks: Sequence[tuple[float, Colour]] = ()  # vertical lines
    bars: Sequence[tuple[str, ArrayLike, Colour]] = ()
    height: int = 110

    @property
    def pixels(self) -> int:
        return BAR * len(self.bars) if self.bars else self.height


def draw_chart(panels: Sequence[Panel], path: Path, first: float, last: float, axis: str) -> None:
    """Write the panels over the axis from `first` to `last`, named `axis` with its unit; raises InputError where it cannot."""
    height = TOP + sum(panel.pixels + GAP for panel in panels) + BOTTOM
    image = Image.new("RGB", (WIDTH * SCALE, height * SCALE), PAPER)
    draw = ImageDraw.Draw(image)
    top: float = TOP
    for panel in panels:
        _draw(draw, panel, top + GAP - 8, first, last)
        top += panel.pixels + GAP
    for tick in _ticks(first, last):
        x = _across(tick, first, last)
        draw.line((x * SCALE, (top - 8) * SCALE, x * SCALE, (top - 3) * SCALE), INK, SCALE)
        _text(draw, x, top, f"{tick:g}", "ma")
    _text(draw, (LEFT + WIDTH - RIGHT) / 2, top + 16, axis, "ma")
    data = io.BytesIO()
    image.resize((WIDTH, height), Image.Resampling.LANCZOS).quantize(64).save(data, "PNG", optimize=True)
    write_atomically(path, data.getvalue())


def _draw(draw: ImageDraw.ImageDraw, panel: Panel, top: float, first: float, last: float) -> None:
    bottom, right = top + panel.pixels, WIDTH - RIGHT
    _text(draw, LEFT, top - 4, panel.title, "ls")
    place: float = right
    for curve in reversed(panel.curves):
        if curve.label:
            _text(draw, place, top - 4, curve.label, "rs", curve.colour)
            place -= draw.textlength(curve.label, _font()) / SCALE + 16
    for row, (name, values, colour) in enumerate(panel.bars):
        _shades(draw, top + row * BAR, np.asarray(values, float), colour)
        _text(draw, LEFT - 6, top + (row + 0.5) * BAR, name, "rm")

    def down(y: Numbers) -> Numbers:
        return bottom - (np.clip(y, panel.low, panel.high) - panel.low) / (panel.high - panel.low) * panel.pixels

    for level, name in panel.levels:
        draw.line((LEFT * SCALE, down(level) * SCALE, right * SCALE, down(level) * SCALE), FAINT, SCALE)
        _text(draw, LEFT - 6, down(level), name, "rm")
    for mark, colour in panel.marks:
        at = _across(mark, first, last) * SCALE
        draw.line((at, top * SCALE, at, bottom * SCALE), colour, SCALE)
    for curve in panel.curves:
        x, y = np.asarray(curve.x, float), np.asarray(curve.y, float)
        points = np.stack((_across(x, first, last), down(y)), axis=-1) * SCALE
        breaks = np.flatnonzero(~np.isfinite(y))
        for piece in np.split(points, breaks):
            piece = piece[np.isfinite(piece).all(axis=1)]  # noqa: PLW2901
            if len(piece) > 1:
                draw.line([tuple(point) for point in piece.tolist()], curve.colour, 2 * SCALE, joint="curve")
    draw.rectangle((LEFT * SCALE, top * SCALE, right * SCALE, bottom * SCALE), outline=FAINT, width=SCALE)


def _shades(draw: ImageDraw.ImageDraw, top: float, values: NDArray[np.float64], colour: Colour) -> None:
    """A row whose shade is the value, white for 0."""
    pixels = np.arange(LEFT, WIDTH - RIGHT)
    at = np.round(np.linspace(0, len(values) - 1, len(pixels))).astype(int)
    for x, value in zip(pixels.tolist(), values[at].tolist(), strict=True):
        shade = tuple(round(255 - (255 - part) * min(max(value, 0), 1)) for part in colour)
        draw.rectangle((x * SCALE, (top + 2) * SCALE, (x + 1) * SCALE, (top + BAR - 2) * SCALE), shade)


def _across(x: Numbers, first: float, last: float) -> Numbers:
    return LEFT + (x - first) / (last - first) * (WIDTH - LEFT - RIGHT)


def _ticks(first: float, last: float) -> NDArray[np.float64]:
    """Round numbers between first and last."""
    rough = (last - first) / TICKS
    power = 10.0 ** np.floor(np.log10(rough))
    step = power * next(nice for nice in (1, 2, 5, 10) if nice * power >= rough)
    return np.round(np.arange(np.ceil(first / step - 1e-9), last / step + 1e-9)) * step + 0.0  # no -0


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(13 * SCALE)


def _text(draw: ImageDraw.ImageDraw, x: float, y: float, text: str, anchor: str, colour: Colour = INK) -> None:
    draw.text((x * SCALE, y * SCALE), text, colour, _font(), anchor=anchor)
