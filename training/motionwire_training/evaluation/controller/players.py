"""Scripted players: what each of B characters is asked at each moment, by a path to follow or by a stick that moves by itself.

A player is called once a frame with the time (s) and the characters' places [B, 2], and gives the wished velocity [B, 2] (m/s) and
the wished facing [B] (rad, NaN: where it moves). Players are made for a number of characters; those differ by their own seed.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from motionwire_training.evaluation.controller.path import SPACING, Path

Array = NDArray[np.floating]
Player = Callable[[float, Array], tuple[Array, Array]]
MakePlayer = Callable[[int], Player]

LOOK_AHEAD = 0.35  # s of travel to the point steered at, and ...
LEAST_LOOK_AHEAD = 0.35  # m
WINDOW = np.arange(-20, 61)  # points around the last nearest one among which the next is sought: paths cross themselves
LET_GO, REVERSED = 0.1, 0.25  # shares of the random stick's changes


def follow(path: Path, speed: float) -> MakePlayer:
    """Steer at constant speed toward the point of the path a little ahead of the nearest one."""
    ahead = round(max(LEAST_LOOK_AHEAD, LOOK_AHEAD * speed) / SPACING)
    count = len(path.points)

    def at(index: NDArray[np.intp]) -> NDArray[np.intp]:
        return index % count if path.closed else np.clip(index, 0, count - 1)

    def make(characters: int) -> Player:
        nearest = np.zeros(characters, np.intp)

        def play(_: float, places: Array) -> tuple[Array, Array]:
            near = at(nearest[:, None] + WINDOW)
            distances = np.sum((path.points[near] - places[:, None]) ** 2, axis=-1)
            nearest[:] = np.take_along_axis(near, np.argmin(distances, axis=1)[:, None], axis=1)[:, 0]
            way = path.points[at(nearest + ahead)] - places
            return speed * way / np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6), np.full(characters, np.nan)

        return play

    return make


def random_stick(speed: float, seconds: float) -> MakePlayer:
    """Changes direction every 0.6 to 3 s, often to the opposite, and now and then lets go; each character by its own seed."""

    def make(characters: int) -> Player:
        tables = [_random_wishes(speed, seconds, seed) for seed in range(characters)]

        def play(time: float, _: Array) -> tuple[Array, Array]:
            move = np.stack([wishes[np.searchsorted(times, time, "right") - 1] for times, wishes in tables])
            return move, np.full(characters, np.nan)

        return play

    return make


def _random_wishes(speed: float, seconds: float, seed: int) -> tuple[Array, Array]:
    """Times [N] from which the stick is held at velocities [N, 2]."""
    rng = np.random.default_rng(seed)
    times, angles, sizes = [0.0], [0.0], [speed]
    while times[-1] < seconds:
        times.append(times[-1] + rng.uniform(0.6, 3.0))
        angles.append(angles[-1] + np.pi if rng.random() < REVERSED else rng.uniform(0, 2 * np.pi))
        sizes.append(0.0 if rng.random() < LET_GO else speed)
    return np.array(times), np.array(sizes)[:, None] * np.stack((np.sin(angles), np.cos(angles)), axis=-1)


def flips(speed: float, degrees: float, every: float) -> MakePlayer:
    """Walk straight, and turn the stick at once by this angle, left or right, every so many seconds."""

    def make(characters: int) -> Player:
        sides = np.random.default_rng(0).choice((-1.0, 1.0), (characters, 1000))
        angles = np.cumsum(np.concatenate((np.zeros((characters, 1)), sides), axis=1), axis=1) * np.radians(degrees)

        def play(time: float, _: Array) -> tuple[Array, Array]:
            angle = angles[:, int(time / every + 1e-9)]
            return speed * np.stack((np.sin(angle), np.cos(angle)), axis=-1), np.full(characters, np.nan)

        return play

    return make


def start_stop(speed: float, every: float) -> MakePlayer:
    """Stand, go along +Z, stand, ..., each for so many seconds."""

    def make(characters: int) -> Player:
        def play(time: float, _: Array) -> tuple[Array, Array]:
            going = int(time / every + 1e-9) % 2 == 1
            return np.tile((0.0, speed * going), (characters, 1)), np.full(characters, np.nan)

        return play

    return make


def hold(speed: float, degrees: float = 0.0, facing: float = np.nan) -> MakePlayer:
    """The stick held in one direction (degrees from +Z towards +X), with a wished facing (rad) or none."""
    move = speed * np.array((np.sin(np.radians(degrees)), np.cos(np.radians(degrees))))

    def make(characters: int) -> Player:
        return lambda _, __: (np.tile(move, (characters, 1)), np.full(characters, facing))

    return make


def turn_in_place(degrees: float, every: float) -> MakePlayer:
    """No stick; the wished facing turns by this angle every so many seconds, to one side and back."""

    def make(characters: int) -> Player:
        def play(time: float, _: Array) -> tuple[Array, Array]:
            turned = int(time / every + 1e-9) % 2 == 1
            return np.zeros((characters, 2)), np.full(characters, np.radians(degrees) * turned)

        return play

    return make
