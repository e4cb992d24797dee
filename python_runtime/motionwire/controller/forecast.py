"""The paths of B characters in the world, for pictures and for games: the one asked for and the one that the network expects."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionwire.controller import layout
from motionwire.controller.state import State
from motionwire.motion import rotations as rot


@dataclass(frozen=True, eq=False)
class Paths:
    """desired float32 [B, 12, 4]: a second behind and ahead, as the network was last asked; predicted float32 [B, 6, 4]: its own forecast
    of the future samples. Rows (x m, z m, heading rad, speed m/s)."""

    desired: NDArray[np.float32]
    predicted: NDArray[np.float32]


def paths_of(state: State) -> Paths:
    """The paths of the last tick."""
    places, directions, speeds = layout.unpack_trajectory(state.future.astype(np.float64))
    turned = rot.rotate(rot.from_yaw(state.headings)[:, None], np.insert(places, 1, 0.0, axis=-1))
    predicted = np.empty((len(state), layout.FUTURE, 4), np.float32)
    predicted[..., :2] = state.positions[:, None] + turned[..., ::2]
    predicted[..., 2] = state.headings[:, None] + np.arctan2(directions[..., 0], directions[..., 1])
    predicted[..., 3] = speeds
    return Paths(state.desired.astype(np.float32), predicted)
