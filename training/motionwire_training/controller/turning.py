"""Turns on the spot, of which recordings of walks have none: a walk that hardly travels while the figure turns, between two stands."""

import numpy as np

from motionwire.motion.clip import Clip
from motionwire.motion.pace import pace
from motionwire_training.controller import stitching
from motionwire_training.controller.bending import along

RATES = (0.7, 2.6)  # rad/s
TRAVEL = (0.0, 0.12)  # share of the walk's own
FASTEST = 1.5  # m/s, of a walk whose steps look right on the spot


def turn_on_the_spot(walk: Clip, stand: Clip, rng: np.random.Generator) -> Clip | None:
    """Some steps of the 60 fps walk around the spot, out of a stand (of which `stitching.stop` leaves the last frames at most) and into
    one; None when the walk is too fast or too short."""
    if pace(walk) > FASTEST:
        return None
    steps = np.diff(walk.root_positions[:, [0, 2]].astype(np.float64), axis=0, prepend=walk.root_positions[:1, [0, 2]])
    rate = rng.uniform(*RATES) * rng.choice([-1, 1])
    stepping = along(walk, steps * rng.uniform(*TRAVEL), np.full(len(walk), rate))
    found = stitching.passings(stepping, 0.0)
    if len(found) < 2:
        return None
    begun = stitching.start(stand, stepping, found[rng.integers(len(found) // 2)])
    if begun is None:
        return None
    later = [passing for passing in stitching.passings(begun, 0.0) if passing.frame > len(stand) + stitching.CALM.slow_down]
    return stitching.stop(begun, stand, later[rng.integers(len(later))]) if later else None
