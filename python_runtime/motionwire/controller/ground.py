"""The ground that the game describes: heights under the trajectory's samples, taken to hold beside the path as well."""

import numpy as np
from numpy.typing import NDArray

from motionwire.kernels import part

Array = NDArray[np.floating]


@part
def height_at(ground: Array, x: float, z: float) -> float:
    """Height (m) at a place, from samples [N, 3] (x, z, height): between the two of the nearest stretch of the path; no sample: 0."""
    best, height = np.inf, 0.0
    for k in range(len(ground) - 1):
        way_x, way_z = ground[k + 1, 0] - ground[k, 0], ground[k + 1, 1] - ground[k, 1]
        length2 = way_x * way_x + way_z * way_z
        share = 0.0
        if length2 > 1e-8:
            share = min(max(((x - ground[k, 0]) * way_x + (z - ground[k, 1]) * way_z) / length2, 0.0), 1.0)
        away_x, away_z = ground[k, 0] + share * way_x - x, ground[k, 1] + share * way_z - z
        away2 = away_x * away_x + away_z * away_z
        if away2 < best:
            best, height = away2, ground[k, 2] + share * (ground[k + 1, 2] - ground[k, 2])
    return height


@part
def is_flat(ground: Array) -> bool:
    """Whether all samples [N, 3] are at height 0."""
    highest = 0.0
    for k in range(len(ground)):
        highest = max(highest, abs(ground[k, 2]))
    return highest == 0
