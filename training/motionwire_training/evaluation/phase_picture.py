"""A picture of one clip's phase: contacts, the phase with the strikes that were found without it, its speed, its confidence."""

from pathlib import Path

import numpy as np

from motionwire.line_chart import Curve, Panel, draw_chart
from motionwire.motion.contacts import CONTACT_NAMES
from motionwire.render import LEFT, MIDDLE, RIGHT
from motionwire_training.evaluation.phase_reading import Reading

ANGLES = [(0.0, "0"), (np.pi, "pi"), (2 * np.pi, "2 pi")]
FASTEST = 2.0  # Hz, the top of the speed's axis


def draw_phase(reading: Reading, path: Path) -> None:
    """Write the picture as PNG."""
    time = np.arange(len(reading.phase)) / reading.clip.fps
    saw = np.mod(reading.phase, 2 * np.pi)
    saw[np.flatnonzero(np.diff(saw) < 0)] = np.nan  # the line breaks where the angle wraps
    strikes = [(t, LEFT) for t in reading.strikes.left] + [(t, RIGHT) for t in reading.strikes.right]
    colours = [LEFT if name.startswith("left") else RIGHT for name in CONTACT_NAMES]
    names = [name.replace("_", " ") for name in CONTACT_NAMES]
    panels = [
        Panel("soft contacts", bars=list(zip(names, reading.contacts.T, colours, strict=True))),
        Panel("phase; vertical: strikes of the left (blue) and right (red) foot, found without contacts",
              [Curve(time, saw, MIDDLE)], 0, 2 * np.pi, ANGLES, strikes),
        Panel("speed of the phase, Hz", [Curve(time[1:], reading.speed, MIDDLE)], 0, FASTEST, [(0, "0"), (1, "1"), (2, "2")], height=80),
        Panel("confidence", [Curve(time, reading.confidence, MIDDLE)], 0, 1.08, [(0, "0"), (0.5, "0.5"), (1, "1")], height=60),
    ]  # fmt: skip
    draw_chart(panels, path, 0.0, float(time[-1]), "s")
