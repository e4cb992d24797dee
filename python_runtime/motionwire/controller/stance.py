"""Stances in which nobody stays: feet that cross, overlap or are far apart, one on its toe or turned away. Who is let go in mid-stride may
come to rest so, since the network has him in such a stance or his held feet are where the stride left them. The worse foot steps to under
its hip, flat and pointing as the body does, and stays there as long as the network has it down: once, so that who stands comes to rest.
"""

from typing import Any

from motionwire.controller.leg import Leg
from motionwire.controller.quaternions import across, rotate
from motionwire.kernels import part
from motionwire.motion.ground import toe_height
from motionwire.motion.legs import TOES
from motionwire.motion.skeleton import REFERENCE

Foot = Any  # a row of foot_lock.FOOT

PATIENCE = 2.0  # s at rest, of both feet: who only pauses goes on from where he is
SHOE = 0.09  # m between the middles of two feet that touch
HEEL_UP = 0.04  # m over where it rests
WIDEST, WIDER = 0.45, 0.05  # m from heel to heel, and, of who stands astride, by how much wider than the network has them: some styles do
TURNED = 0.056  # m that a toe is away: 25 degrees
ASTRIDE = 0.11  # m from one foot at which the other one is set down
FARTHEST_SPOT, MOST_TURNED = 0.3, 0.11  # m from where the network has heel and toe: farther, the foot would have to step back at once

TOE_RESTS, FLAT_DROP = toe_height(REFERENCE), -float(REFERENCE.offsets[TOES[0], 1])  # m; from the heel joint down to the toe's
HEEL_RESTS = TOE_RESTS + FLAT_DROP  # m


@part
def ill_foot(feet: Foot, legs: tuple[Leg, Leg]) -> int:
    """Which of the held feet [2] had better step: 0 left, 1 right, -1 none."""
    worst, side = 1.0, -1
    for k in range(2):
        leg = legs[0] if k == 0 else legs[1]
        raised = (leg[2][1] + feet[k].offset[1] - HEEL_RESTS) / HEEL_UP
        turned = across(feet[k].twist[0], feet[k].twist[2]) / TURNED
        if not feet[k].placed and max(raised, turned) > worst:
            worst, side = max(raised, turned), k
    if side < 0 and (far_apart(feet, legs) or apart(feet[0].shown, feet[1].shown) < SHOE):
        farthest = 0.0
        for k in range(2):
            hip = legs[0][0] if k == 0 else legs[1][0]
            away = across(feet[k].shown[0, 0] - hip[0], feet[k].shown[0, 1] - hip[2])
            if not feet[k].placed and away > farthest:
                farthest, side = away, k
    return side


@part
def far_apart(feet: Foot, legs: tuple[Leg, Leg]) -> bool:
    """Whether the feet [2] are in a stride, or farther apart than the network has them."""
    x, z = feet[0].shown[0, 0] - feet[1].shown[0, 0], feet[0].shown[0, 1] - feet[1].shown[0, 1]
    ahead = rotate(legs[0][4], (0.0, 0.0, 1.0))
    if abs(x * ahead[0] + z * ahead[2]) > WIDEST:
        return True
    own = across(legs[0][2][0] - legs[1][2][0], legs[0][2][2] - legs[1][2][2])
    return bool(across(x, z) > max(WIDEST, own + WIDER))


@part
def stand_well(foot: Foot, other: Foot, leg: Leg, other_leg: Leg) -> bool:
    """Choose the spot for a foot: under its hip, and beside the other foot; whether there is one within reach."""
    hip, ankle, toe = leg[0], leg[2], leg[3]
    ahead = rotate(leg[4], (0.0, 0.0, 1.0))
    out_x, out_z = hip[0] - other_leg[0][0], hip[2] - other_leg[0][2]
    size, width = max(across(ahead[0], ahead[2]), 1e-9), max(across(out_x, out_z), 1e-9)
    foot.spot[0], foot.spot[1], foot.spot[2], foot.spot[3] = hip[0], hip[2], ahead[0] / size, ahead[2] / size
    beside = (foot.spot[0] - other.shown[0, 0]) * out_x + (foot.spot[1] - other.shown[0, 1]) * out_z
    out = max(ASTRIDE - beside / width, 0.0) / width
    foot.spot[0] += out * out_x
    foot.spot[1] += out * out_z
    flat_size = across(toe[0] - ankle[0], toe[2] - ankle[2])
    turned = across(flat_size * foot.spot[2] - toe[0] + ankle[0], flat_size * foot.spot[3] - toe[2] + ankle[2])
    near = across(foot.spot[0] - ankle[0], foot.spot[1] - ankle[2]) < FARTHEST_SPOT and turned < MOST_TURNED
    foot.placed = near
    return near


@part
def apart(one: Any, other: Any) -> float:
    """How far (m) two feet, heel and toe [2, 2] (x, z), are apart over the ground; 0 where they cross."""
    if crosses(one, other) and crosses(other, one):
        return 0.0
    return min(from_foot(one[0], other), from_foot(one[1], other), from_foot(other[0], one), from_foot(other[1], one))


@part
def crosses(one: Any, other: Any) -> bool:
    """Whether the ends of one foot are on both sides of the other's line."""
    way_x, way_z = other[1, 0] - other[0, 0], other[1, 1] - other[0, 1]
    heel = way_x * (one[0, 1] - other[0, 1]) - way_z * (one[0, 0] - other[0, 0])
    toe = way_x * (one[1, 1] - other[0, 1]) - way_z * (one[1, 0] - other[0, 0])
    return bool(heel * toe < 0)


@part
def from_foot(place: Any, foot: Any) -> float:
    """Distance (m) of a place [2] from a foot [2, 2]."""
    way_x, way_z = foot[1, 0] - foot[0, 0], foot[1, 1] - foot[0, 1]
    share = ((place[0] - foot[0, 0]) * way_x + (place[1] - foot[0, 1]) * way_z) / max(way_x * way_x + way_z * way_z, 1e-9)
    share = min(max(share, 0.0), 1.0)
    return across(place[0] - foot[0, 0] - share * way_x, place[1] - foot[0, 1] - share * way_z)
