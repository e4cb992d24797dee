"""Over the ground to somewhere else: a clip, or whatever else there is about somebody in the world."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip

Array = NDArray[np.floating]
Spot = tuple[NDArray[np.floating], float]  # x and z [2] in m, heading in rad
ORIGIN: Spot = (np.zeros(2), 0.0)


@dataclass(frozen=True, eq=False)
class Move:
    """The rigid motion over the ground after which who stood `here` stands `there`; heights stay. Arrays come back in float64. Raises
    InputError where that is no place."""

    here: Spot
    there: Spot

    def __post_init__(self) -> None:
        (x, z), heading = self.there
        if not np.isfinite((x, z, heading)).all():
            raise InputError(f"({x}, {z}) with heading {heading} is no place")

    @property
    def turn(self) -> float:
        """rad, -pi..pi."""
        return math.remainder(self.there[1] - self.here[1], math.tau)

    def ways(self, ways: Array) -> NDArray[np.float64]:
        """Vectors over the ground [..., 2] (x, z) afterwards."""
        sine, cosine = math.sin(self.turn), math.cos(self.turn)
        return np.asarray(ways.astype(np.float64) @ np.array([(cosine, -sine), (sine, cosine)]))

    def places(self, places: Array) -> NDArray[np.float64]:
        """Places on the ground [..., 2] (x, z) afterwards."""
        return self.ways(places - self.here[0]) + self.there[0]

    def vectors(self, vectors: Array) -> NDArray[np.float64]:
        """Vectors [..., 3] afterwards."""
        after = vectors.astype(np.float64)
        after[..., ::2] = self.ways(vectors[..., ::2])
        return after

    def points(self, points: Array) -> NDArray[np.float64]:
        """Places [..., 3] afterwards."""
        after = points.astype(np.float64)
        after[..., ::2] = self.places(points[..., ::2])
        return after

    def rotations(self, rotations: Array) -> NDArray[np.float64]:
        """Rotations in the world [..., 4] afterwards."""
        return np.asarray(rot.multiply(rot.from_yaw(self.turn), rotations.astype(np.float64)), np.float64)


def spot_of(clip: Clip, frame: int) -> Spot:
    """Where a canonical clip stands in a frame and which way it faces."""
    return clip.root_positions[frame, ::2].astype(np.float64), float(rot.yaw_of(clip.rotations[frame, 0].astype(np.float64)))


def moved(clip: Clip, here: Spot, there: Spot) -> Clip:
    """The canonical clip carried over the ground so that who stood `here` stands `there`."""
    move, rotations = Move(here, there), clip.rotations.copy()
    rotations[:, 0] = move.rotations(clip.rotations[:, 0])
    return replace(clip, root_positions=move.points(clip.root_positions).astype(np.float32), rotations=rotations)
