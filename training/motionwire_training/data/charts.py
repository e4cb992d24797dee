"""Histograms as inline SVG: no script, no font, readable in light and dark."""

import html
from collections.abc import Sequence

import numpy as np

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 380, 150, 8, 22, 26
BINS = 40


def histogram(values: Sequence[float], title: str, unit: str) -> str:
    """A histogram of a measure, cut at the 0.5th and 99.5th percentile so that single outliers do not flatten it."""
    numbers = np.asarray(values, dtype=np.float64)
    low, high = np.percentile(numbers, (0.5, 99.5)) if len(numbers) else (0.0, 1.0)
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5
    counts, edges = np.histogram(numbers.clip(low, high), bins=BINS, range=(low, high))
    tallest = max(int(counts.max()), 1)
    width = (WIDTH - 2 * LEFT) / BINS
    bars = "".join(
        f'<rect x="{LEFT + i * width:.1f}" y="{HEIGHT - BOTTOM - h:.1f}" width="{width - 1:.1f}" height="{h:.1f}">'
        f"<title>{edges[i]:.3g} to {edges[i + 1]:.3g}: {count} clips</title></rect>"
        for i, count in enumerate(counts)
        if (h := count / tallest * (HEIGHT - BOTTOM - TOP)) or count
    )
    middle = f"{(low + high) / 2:.3g}"
    labels = "".join(
        f'<text x="{x}" y="{HEIGHT - 6}" text-anchor="{anchor}">{text}</text>'
        for x, anchor, text in ((LEFT, "start", f"{low:.3g}"), (WIDTH / 2, "middle", middle), (WIDTH - LEFT, "end", f"{high:.3g}"))
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(title)}"><text class="title" x="{LEFT}" y="16">'
        f"{html.escape(title)}, {html.escape(unit)}</text>{bars}{labels}"
        f'<line x1="{LEFT}" x2="{WIDTH - LEFT}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM}"/></svg>'
    )
