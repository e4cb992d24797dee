"""Idle motion: who stands shifts about as people of the training data did, on top of the network's pose, which is nearly still.

The bundle's controller says in which directions standing bodies move together and how far, in waves of so many frequencies (found by
`motionwire_training.controller.idling`). No two frequencies keep step, so that it does not repeat within minutes; each character
has a clock of its own. The planted feet stay: this comes before the foot lock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.layout import TICK
from motionwire.controller.quaternions import load, multiply, store
from motionwire.controller.springs import damping, spring
from motionwire.kernels import kernel, part
from motionwire.motion.skeleton import JOINTS

Array = NDArray[np.floating]

MOVED = 3 * JOINTS + 3  # rotation vectors of the joints, rad, and the pelvis's place to the left, up and ahead, m
MOST_WAVES = 256
LEAST_SHARE = 1e-3  # of standing, below which nobody sees it
HALFLIFE = 0.12  # s, in which idle motion comes and goes: a stick's wish makes a walker of who stands from one frame to the next


@dataclass(frozen=True, eq=False)
class Idle:
    """directions [K, 69] per unit of a wave, see MOVED; frequencies [K, M] Hz and sizes [K, M] of the waves along each."""

    directions: NDArray[np.float64]
    frequencies: NDArray[np.float64]
    sizes: NDArray[np.float64]

    @classmethod
    def read(cls, said: Mapping[str, Any] | None) -> "Idle":
        """What a controller says of it, nothing where it says nothing; raises ValueError for anything else."""
        if said is None:
            return cls(np.zeros((0, MOVED)), np.zeros((0, 1)), np.zeros((0, 1)))
        found = cls(*(np.asarray(said[name], dtype=np.float64) for name in ("directions", "frequencies", "sizes")))
        count, waves = len(found.directions), found.frequencies.shape
        if found.directions.shape != (count, MOVED) or len(waves) != 2 or waves[0] != count or waves != found.sizes.shape:
            raise ValueError(f"idle motion of shapes {found.directions.shape}, {waves} and {found.sizes.shape}")
        if found.sizes.size > MOST_WAVES or not all(np.isfinite(values).all() for values in vars(found).values()):
            raise ValueError(f"idle motion of {found.sizes.size} waves, or of what is no number")
        return found


@kernel
def stand_alive(
    clock: Array, idling: Array, gait: Array, headings: Array, roots: Array, rotations: Array,
    directions: Array, frequencies: Array, sizes: Array, size: float,
) -> None:  # fmt: skip
    """Add idle motion, so much of it, to roots [B, 3] and rotations [B, 22, 4] by each character's share of standing, which idling [B, 2]
    (share, and per s) follows softly, and advance clock [B] (s). directions, frequencies, sizes: of Idle."""
    moved = np.empty(MOVED)
    for i in range(len(clock)):
        clock[i] += TICK
        goal = gait[i, 0] * gait[i, 0]
        left, idling[i, 1] = spring(idling[i, 0] - goal, idling[i, 1], damping(HALFLIFE), TICK)
        idling[i, 0] = goal + left
        share = size * idling[i, 0]
        if share < LEAST_SHARE:
            continue
        moved[:] = 0
        for k in range(len(directions)):
            wave = 0.0
            for m in range(sizes.shape[1]):
                wave += sizes[k, m] * sin(2 * pi * frequencies[k, m] * clock[i])
            for j in range(MOVED):
                moved[j] += share * wave * directions[k, j]
        side, up, ahead = moved[MOVED - 3], moved[MOVED - 2], moved[MOVED - 1]
        roots[i, 0] += cos(headings[i]) * side + sin(headings[i]) * ahead
        roots[i, 1] += up
        roots[i, 2] += cos(headings[i]) * ahead - sin(headings[i]) * side
        for joint in range(JOINTS):
            turn(rotations[i, joint], moved[3 * joint], moved[3 * joint + 1], moved[3 * joint + 2])


@part
def turn(rotation: Array, x: float, y: float, z: float) -> None:
    """Turn a joint of this rotation [4] further by a small rotation vector (rad) in its own frame."""
    whole = 1 / sqrt(1 + (x * x + y * y + z * z) / 4)
    store(rotation, multiply(load(rotation), (x / 2 * whole, y / 2 * whole, z / 2 * whole, whole)))
