"""Times into figures."""

from collections.abc import Sequence

import numpy as np


def milliseconds(seconds: Sequence[float], percentile: float) -> float:
    """A percentile of times in s, in ms."""
    return round(float(np.percentile(seconds, percentile)) * 1000, 4)


def microseconds(seconds: Sequence[float], share: int) -> float:
    """The median of times in s, split over `share` characters, in microseconds."""
    return round(float(np.median(seconds)) * 1e6 / share, 3)
