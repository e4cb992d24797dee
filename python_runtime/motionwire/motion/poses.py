"""One pose of each of B characters at one instant: what a controller or a generator hands to blending, the wire and renderers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionwire.motion.skeleton import JOINTS

ROW = 3 + 4 * JOINTS  # a pose as it travels and is kept: the pelvis's position, then the rotations


@dataclass(frozen=True, eq=False)
class Poses:
    """Poses of B characters on the canonical skeleton.

    root_positions: float32 [B, 3], world position of the pelvis, m; rotations: float32 [B, 22, 4], local, xyzw, T-pose-relative,
    the pelvis's with its heading; contacts: float32 [B, 4], left heel, left toe, right heel, right toe, 0..1;
    phase: float32 [B], rad, 0..2 pi; gait: float32 [B, 3], shares of stand, walk, run.
    """

    root_positions: NDArray[np.float32]
    rotations: NDArray[np.float32]
    contacts: NDArray[np.float32]
    phase: NDArray[np.float32]
    gait: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.rotations)


def of_rows(rows: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Root positions [N, 3] and rotations [N, 22, 4] of rows [N, ROW], as views."""
    return rows[:, :3], rows[:, 3:].reshape(-1, JOINTS, 4)


def unfilled(count: int) -> Poses:
    """Room for so many poses."""
    return Poses(*(np.empty((count, *shape), np.float32) for shape in ((3,), (JOINTS, 4), (4,), (), (3,))))


def between_phases(before: NDArray[np.float32], after: NDArray[np.float32], share: NDArray[np.float32] | np.float32) -> NDArray[np.float32]:
    """Phases at `share` of the way from one to the next: a phase never runs backwards."""
    turn = np.float32(2 * np.pi)
    return (before + share * ((after - before) % turn)) % turn
