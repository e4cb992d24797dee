"""Paths on the ground that the scorecard's players follow, as points a fixed way apart; all begin at the origin."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Array = NDArray[np.floating]

SPACING = 0.05  # m of way between points


@dataclass(frozen=True, eq=False)
class Path:
    """points [N, 2] (x, z, m), SPACING apart along the way; closed: the last point joins the first."""

    points: Array
    closed: bool

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.points)

    def compare(self, places: Array) -> tuple[Array, Array]:
        """Distance in m of places [..., 2] from the path, and its direction (rad) there: of the two legs that meet at the nearest point."""
        _, nearest = self._tree.query(places)
        count = len(self.points)
        best, headings = np.full(nearest.shape, np.inf), np.zeros(nearest.shape)
        for shift in (-1, 0):
            first = (nearest + shift) % count if self.closed else np.clip(nearest + shift, 0, count - 2)
            start = self.points[first]
            leg = self.points[(first + 1) % count] - start
            share = np.clip(np.sum((places - start) * leg, axis=-1) / np.sum(leg * leg, axis=-1), 0, 1)
            distance = np.linalg.norm(places - start - share[..., None] * leg, axis=-1)
            closer = distance < best
            best = np.where(closer, distance, best)
            headings = np.where(closer, np.arctan2(leg[..., 0], leg[..., 1]), headings)
        return best, headings


def straight(length: float) -> Path:
    """Along +Z."""
    z = np.arange(0, length, SPACING)
    return Path(np.stack((np.zeros_like(z), z), axis=-1), closed=False)


def circle(radius: float) -> Path:
    """To the right of +Z seen from above with +X to the left: x = radius at the centre."""
    angle = np.arange(0, 2 * np.pi, SPACING / radius)
    return Path(radius * np.stack((1 - np.cos(angle), np.sin(angle)), axis=-1), closed=True)


def square(side: float) -> Path:
    """With sharp corners."""
    return _even(np.array([(0, 0), (0, side), (side, side), (side, 0), (0, 0)], dtype=float), closed=True)


def eight(scale: float = 1.0) -> Path:
    """Lissajous figure, 4 m wide and 6 m long times `scale`, that crosses itself at the origin."""
    t = np.linspace(0, 2 * np.pi, 4000)
    return _even(scale * np.stack((2.0 * np.sin(2 * t), 3.0 * np.sin(t)), axis=-1), closed=True)


def sine(length: float, scale: float = 1.0) -> Path:
    """Wave along +Z, 1 m to either side every 6 m, times `scale`."""
    z = np.arange(0, length, 0.01)
    return _even(np.stack((scale * np.sin(2 * np.pi * z / (6 * scale)), z), axis=-1), closed=False)


def _even(points: Array, closed: bool) -> Path:
    """The same way by points SPACING apart."""
    way = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))))
    count = round(way[-1] / SPACING)
    at = np.linspace(0, way[-1], count, endpoint=False) if closed else np.linspace(0, way[-1], count + 1)
    return Path(np.stack([np.interp(at, way, column) for column in points.T], axis=-1), closed)
