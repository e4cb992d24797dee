"""What the controller remembers about each of B characters between ticks; every array has one row per character."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


@dataclass(eq=False)
class State:
    """positions [B, 2] root x, z m; headings [B] rad; velocities, accelerations [B, 2] m/s, m/s2 over the ground; turning [B] rad/s;
    pose [B, 264] and future [B, 30] as in layout; phase [B] rad; style [B, S] shares;
    history [B, N, 4] past roots (x, z, heading, speed) as a ring whose newest row is `newest` [B];
    foot_*: see foot_lock; ahead [B] s by which the simulation is ahead of the caller;
    shown_roots [B, 2, 3], shown_rotations [B, 2, 22, 4]: the last two frames; contacts [B, 4]; gait [B, 3]."""

    positions: Array
    headings: Array
    velocities: Array
    accelerations: Array
    turning: Array
    pose: NDArray[np.float32]
    future: NDArray[np.float32]
    phase: Array
    style: NDArray[np.float32]
    history: Array
    newest: NDArray[np.intp]
    foot_held: NDArray[np.bool_]
    foot_place: Array
    foot_offset: Array
    ahead: Array
    shown_roots: NDArray[np.float32]
    shown_rotations: NDArray[np.float32]
    contacts: NDArray[np.float32]
    gait: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.headings)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays by name."""
        return dict(vars(self))

    def append(self, other: "State") -> None:
        """Add the characters of another state at the end."""
        for name, value in other.arrays().items():
            setattr(self, name, np.concatenate((getattr(self, name), value)))

    def remove(self, index: int | NDArray[np.integer]) -> None:
        """Take characters out; those behind move up."""
        for name, value in self.arrays().items():
            setattr(self, name, np.delete(value, index, axis=0))
