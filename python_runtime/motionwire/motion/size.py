"""The unit of a figure's skeleton whose file tells none, from how tall it is."""

import math

UNITS = (1.0, 0.01, 0.0254, 0.001)  # metres; what figures are drawn in
LIKELY = (0.5, 3.0)  # m, height of a figure whose unit is right
USUAL = 1.7  # m
ABOVE = 1.15  # height of a figure, as a multiple of the way from its ankles up to its head joint


def is_likely(up_to_head: float, unit: float) -> bool:
    """Whether a figure whose head joint is so far above its ankles is as tall as people are, its unit being so many metres."""
    return LIKELY[0] <= ABOVE * up_to_head * unit <= LIKELY[1]


def likeliest_unit(up_to_head: float) -> float:
    """Metres a unit that make this figure most nearly as tall as people are."""
    return min(UNITS, key=lambda unit: abs(math.log(max(ABOVE * up_to_head * unit, 1e-9) / USUAL)))
