"""Foot locking: a foot in contact stays where it came down, by two-bone inverse kinematics of the leg, and is let go softly.

Each foot carries an offset from where the network puts it to where it is shown. In contact the offset grows so that the foot
stays; after contact, or when it would stretch too far, it dies away. The leg's bones turn to reach the shown place, in the
plane the knee already bends in; the foot keeps its rotation in the world.
"""

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.leg import leg_of, reach
from motionwire.kernels import kernel

Array = NDArray[np.floating]

LOCK = 0.6  # contact probability at which a foot is held, and below which ...
RELEASE = 0.35  # ... it is let go
LONGEST = 0.12  # m of offset at which a foot is let go whatever its contact says
NEAR = 0.03  # m of offset at which a foot that was let go may be held again
FADE_HALFLIFE = 0.08  # s, of the offset once let go
FLOOR = -0.015  # m: the lowest a toe joint may be; recorded ones go there
SMALLEST = 1e-4  # m of offset worth a correction


@kernel
def lock_feet(
    held: NDArray[np.bool_], place: Array, offset: Array, root: Array, rotations: Array, contacts: Array, dt: float
) -> None:  # fmt: skip
    """Keep held feet in place, in rotations [B, 22, 4]; changes held, place and offset.

    held [B, 2] (left, right); place [B, 2, 2], where the toe is held (x, z); offset [B, 2, 2], m, shown minus network's.
    root [B, 3] world position of the pelvis; rotations local, the pelvis's in the world; contacts [B, 4].
    """
    fade = 0.5 ** (dt / FADE_HALFLIFE)
    for i in range(len(root)):
        for side in range(2):
            contact = max(contacts[i, 2 * side], contacts[i, 2 * side + 1])
            leg = leg_of(root[i], rotations[i], side)
            x, z = offset[i, side]
            if not held[i, side] and contact > LOCK and x * x + z * z < NEAR**2:
                held[i, side] = True
                place[i, side, 0], place[i, side, 1] = leg[3][0] + x, leg[3][2] + z
            if held[i, side]:
                there_x, there_z = place[i, side, 0] - leg[3][0], place[i, side, 1] - leg[3][2]
                held[i, side] = contact > RELEASE and there_x**2 + there_z**2 <= LONGEST**2
            if held[i, side]:
                x, z = there_x, there_z
            else:
                x, z = x * fade, z * fade
            offset[i, side, 0], offset[i, side, 1] = x, z
            if max(abs(x), abs(z)) > SMALLEST:
                reach(rotations[i], side, leg, (leg[2][0] + x, leg[2][1], leg[2][2] + z))


@kernel
def lift_above_ground(root: Array, rotations: Array) -> None:
    """Lift the root [B, 3] where a toe would be under the ground."""
    for i in range(len(root)):
        lowest = min(leg_of(root[i], rotations[i], 0)[3][1], leg_of(root[i], rotations[i], 1)[3][1])
        root[i, 1] += max(FLOOR - lowest, 0.0)
