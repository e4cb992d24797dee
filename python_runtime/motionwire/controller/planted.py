"""The root goes with the foot that stands: part of what a planted foot would slide by is taken back by moving the whole figure.

The network gives pose and root's step apart, and neither is exact; a body does not slide over the ground, it turns over its foot. How
far the root is led away from its own path is bounded and dies away, so that what slides to and fro within a stride is taken
back, and what would hold the figure up (a start whose feet lag) is not.

The lead turns with the figure. Who steps too short for the speed asked is led back all the time; a lead that kept its direction in the
world would have to be led outward through every curve to point back again, and carry the figure wide of its path.
"""

from math import cos, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.layout import TICK
from motionwire.controller.leg import leg_of
from motionwire.controller.path import MOVING
from motionwire.kernels import kernel
from motionwire.motion.legs import legs_of

Array = NDArray[np.floating]

DOWN = 0.5  # contact above which a foot stands
MOST = 0.06  # m that the root is led away
SLOWED = 0.25  # share of the root's own step that may be taken back in a frame
SETTING_OFF = (0.8, 1.0)  # shares of the asked velocity below which feet that lag do not hold up who sets off, and above which they lead
KEPT = 0.5 ** (TICK / 1.0)  # of the lead from frame to frame: a halflife of 1 s


def stances(roots: Array, rotations: Array) -> Array:
    """Where heels and toes are over the ground [B, 4, 2] (x, z, m), in the order of the contacts."""
    joints, _ = legs_of(roots, rotations)
    return joints[:, :, 2:, ::2].reshape(len(roots), 4, 2).astype(np.float64)


@kernel
def follow_feet(
    stood: Array, lead: Array, positions: Array, headings: Array, velocities: Array, history: Array, newest: Array,
    roots: Array, rotations: Array, contacts: Array, move: Array, share: float,
) -> None:  # fmt: skip
    """Take back `share` of what the standing feet moved by since the last frame, from positions [B, 2], their last row in history and
    roots [B, 3]; velocities [B, 2] are of the root's own step. stood [B, 4, 2]: where heels and toes were (x, z, m), and lead [B, 2]:
    how far the root is led away (m to its left and ahead); both are brought up to date. Who is let go is led no further."""
    for i in range(len(positions)):
        moved_x, moved_z, weight = 0.0, 0.0, 0.0
        for side in range(2):
            _, _, ankle, ball, _, _, _, _ = leg_of(roots[i], rotations[i], side)
            heel, toe = contacts[i, 2 * side], contacts[i, 2 * side + 1]
            for end in range(2):
                place = ball if end else ankle
                row = stood[i, 2 * side + end]
                surer = toe > heel if end else heel >= toe
                sureness = contacts[i, 2 * side + end] - DOWN
                if surer and sureness > 0:
                    moved_x += sureness * (place[0] - row[0])
                    moved_z += sureness * (place[2] - row[1])
                    weight += sureness
                row[0], row[1] = place[0], place[2]
        sine, cosine = sin(headings[i]), cos(headings[i])
        was_x, was_z = cosine * lead[i, 0] + sine * lead[i, 1], cosine * lead[i, 1] - sine * lead[i, 0]
        led_x, led_z = KEPT * was_x, KEPT * was_z
        asked2 = move[i, 0] ** 2 + move[i, 1] ** 2
        if weight > 0 and asked2 > MOVING**2:
            along = (velocities[i, 0] * move[i, 0] + velocities[i, 1] * move[i, 1]) / asked2
            taken = share * min(max((along - SETTING_OFF[0]) / (SETTING_OFF[1] - SETTING_OFF[0]), 0.0), 1.0) / weight
            led_x -= taken * moved_x
            led_z -= taken * moved_z
        shorter = MOST / max(sqrt(led_x * led_x + led_z * led_z), MOST)
        back_x, back_z = led_x * shorter - was_x, led_z * shorter - was_z
        step_x, step_z = velocities[i, 0] * TICK, velocities[i, 1] * TICK
        step2 = step_x * step_x + step_z * step_z
        against = back_x * step_x + back_z * step_z
        if against < -SLOWED * step2:
            eased = -SLOWED - against / step2
            back_x, back_z = back_x + eased * step_x, back_z + eased * step_z
        lead[i, 0] += cosine * back_x - sine * back_z
        lead[i, 1] += sine * back_x + cosine * back_z
        positions[i, 0] += back_x
        positions[i, 1] += back_z
        history[i, newest[i], 0] += back_x
        history[i, newest[i], 1] += back_z
        roots[i, 0] += back_x
        roots[i, 2] += back_z
        for point in range(4):
            stood[i, point, 0] += back_x
            stood[i, point, 1] += back_z
