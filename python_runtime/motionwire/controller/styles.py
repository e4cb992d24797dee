"""Styles come softly, and who stands comes to how the style stands.

A network that goes on from its own pose holds on to it: who stood bent in one style, as no other style ever does, stays bent in the next,
or bends again within a minute. A walker's steps lead out of that; who stands still is drawn to the pose of somebody who has stood in the
style all along (`Controller.stands`).
"""

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.layout import TICK
from motionwire.controller.root import SLOW
from motionwire.kernels import kernel

Array = NDArray[np.floating]

STANDING = 3.0  # s after which somebody who stands does so as ever
DRAWN = 1 - 0.5 ** (TICK / 0.5)  # of the way in a frame: half of it in half a second
TURNING = 0.6  # rad/s: who turns on the spot faster takes steps, and is left alone
SOME = 1e-3  # of a style, below which nobody sees it


@kernel
def blend_styles(shares: Array, style: NDArray[np.intp], kept: float) -> None:
    """Keep this part of the styles' shares [B, S]; the rest goes to the style [B] that is asked for."""
    for i in range(len(style)):
        for k in range(shares.shape[1]):
            shares[i, k] *= kept
        shares[i, style[i]] += 1 - kept


@kernel
def stand_in_style(pose: Array, shares: Array, gait: Array, velocities: Array, turning: Array, stands: Array) -> None:
    """Draw the poses [B, 264] of those who stand still, by gait [B, 3], velocities [B, 2] m/s and turning [B] rad/s, to how their styles,
    shares [B, S], stand: stands [S, 264], of none where that is not known yet."""
    for i in range(len(pose) if len(stands) else 0):
        speed = np.sqrt(velocities[i, 0] ** 2 + velocities[i, 1] ** 2)
        still = max(1 - speed / SLOW, 0.0) * max(1 - abs(turning[i]) / TURNING, 0.0)
        share = DRAWN * still * gait[i, 0] * gait[i, 0]
        if share == 0:
            continue
        for k in range(len(stands)):
            drawn = share * shares[i, k]
            if shares[i, k] > SOME:
                for j in range(pose.shape[1]):
                    pose[i, j] += drawn * (stands[k, j] - pose[i, j])
