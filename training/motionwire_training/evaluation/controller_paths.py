"""Scripted players for the controller's scorecard: a path to follow by steering toward a point ahead, or a stick that moves by itself."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LOOK_AHEAD = 0.35  # s of travel, and ...
LEAST_LOOK_AHEAD = 0.35  # m


@dataclass(frozen=True, eq=False)
class Drive:
    """One test. stick(time s, places [B, 2]) -> desired velocity [B, 2] in m/s; path: points [N, 2] the places are compared with,
    None where there is no path; closed: the path's end joins its start; flips: times (s) at which the stick changes at once."""

    name: str
    speed: float
    seconds: float
    stick: Callable[[float, Array], Array]
    path: Array | None = None
    flips: tuple[float, ...] = ()


def follow(name: str, path: Array, speed: float, seconds: float, closed: bool) -> Drive:
    """Steer along a finely sampled path [N, 2] at constant speed, toward the point a little ahead of the nearest one."""
    spacing = float(np.linalg.norm(path[1] - path[0]))
    ahead = max(1, round(max(LEAST_LOOK_AHEAD, LOOK_AHEAD * speed) / spacing))

    def stick(_: float, places: Array) -> Array:
        nearest = np.argmin(np.square(places[:, None] - path[None]).sum(-1), axis=1) + ahead
        goal = path[nearest % len(path) if closed else np.minimum(nearest, len(path) - 1)]
        way = goal - places
        return speed * way / np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)

    return Drive(name, speed, seconds, stick, path)


def straight(speed: float, seconds: float) -> Drive:
    z = np.arange(0, speed * seconds * 1.5 + 5, 0.02)
    return follow(f"straight_{speed:g}", np.stack((np.zeros_like(z), z), -1), speed, seconds, closed=False)


def circle(radius: float, speed: float, seconds: float) -> Drive:
    angle = np.arange(0, 2 * np.pi, 0.02 / radius)
    return follow(f"circle{radius:g}_{speed:g}", radius * np.stack((1 - np.cos(angle), np.sin(angle)), -1), speed, seconds, closed=True)


def square(side: float, speed: float, seconds: float) -> Drive:
    edge = np.arange(0, side, 0.02)
    zero, full = np.zeros_like(edge), np.full_like(edge, side)
    points = [np.stack(pair, -1) for pair in ((zero, edge), (edge, full), (full, side - edge), (side - edge, zero))]
    return follow(f"square{side:g}_{speed:g}", np.concatenate(points), speed, seconds, closed=True)


def eight(speed: float, seconds: float) -> Drive:
    t = np.arange(0, 2 * np.pi, 0.004)
    return follow(f"eight_{speed:g}", np.stack((2.0 * np.sin(2 * t), 3.0 * np.sin(t)), -1), speed, seconds, closed=True)


def random_stick(speed: float, seconds: float, seed: int = 0) -> Drive:
    """Changes direction every 0.6 to 3 s, reversals included, and now and then lets go."""
    rng = np.random.default_rng(seed)
    times, values = [0.0], [np.array([0.0, speed])]
    while times[-1] < seconds:
        times.append(times[-1] + rng.uniform(0.6, 3.0))
        angle = rng.uniform(0, 2 * np.pi)
        values.append((rng.random() > 0.1) * speed * np.array([np.sin(angle), np.cos(angle)]))
    held, table = np.array(times), np.array(values)
    return Drive(
        f"random_{speed:g}", speed, seconds, lambda time, places: np.tile(table[np.searchsorted(held, time, "right") - 1], (len(places), 1))
    )


def flips(speed: float, degrees: float) -> Drive:
    """Walk straight, then turn the stick by this angle at 4 s."""
    after = np.radians(degrees)
    return Drive(
        f"flip{degrees:g}_{speed:g}",
        speed,
        8.0,
        lambda time, places: np.tile(speed * np.array([0.0, 1.0] if time < 4 else [np.sin(after), np.cos(after)]), (len(places), 1)),
        flips=(4.0,),
    )


def start_stop(speed: float) -> Drive:
    """Stand, go at 2 s, let go at 6 s, stand to 12 s."""
    return Drive(
        f"start_stop_{speed:g}",
        speed,
        12.0,
        lambda time, places: np.tile([0.0, speed if 2 <= time < 6 else 0.0], (len(places), 1)),
        flips=(2.0, 6.0),
    )


def scorecard_drives(scale: float = 1.0) -> list[Drive]:
    """The scorecard's tests; `scale` shortens them."""
    return [
        straight(1.2, 30 * scale),
        straight(3.0, 20 * scale),
        circle(2.0, 1.2, 30 * scale),
        circle(5.0, 3.0, 30 * scale),
        square(4.0, 1.2, 40 * scale),
        eight(1.2, 40 * scale),
        random_stick(1.2, 120 * scale),
        random_stick(3.0, 60 * scale),
        flips(1.2, 90),
        flips(1.2, 180),
        start_stop(1.2),
        start_stop(3.0),
    ]
