"""Foot locking: heel and toe in contact stay where they came down, by two-bone inverse kinematics, and are let go softly.

Each foot carries an offset from where the network puts it to where it is shown, and a twist between its heel's and its toe's
offset. A held heel or toe fixes them; what nothing holds dies away on a spring that starts with the speed it has, so that
nothing jumps. A foot that would stray too far while the other one stands takes a step of its own to where the network has it, one
that came to rest where nobody leaves it (`stance.py`) to under its hip.
On ground that is not flat both ends of a foot follow the height under them; the pelvis follows the ground under the root and
drops where a leg would not reach.
"""

from math import atan2, cos, log, pi, sqrt, tan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.ground import height_at, is_flat
from motionwire.controller.layout import TICK
from motionwire.controller.leg import Leg, leg_of, nearly_straight, raised, reach
from motionwire.controller.path import wrap
from motionwire.controller.quaternions import Quaternion, Vector, about, across, between, length, load, minus, multiply, store, unit
from motionwire.controller.root import limited
from motionwire.controller.springs import damping, spring
from motionwire.controller.stance import FLAT_DROP, HEEL_RESTS, PATIENCE, TOE_RESTS, ill_foot, stand_well
from motionwire.kernels import kernel, part
from motionwire.motion.legs import ANKLES, TOES
from motionwire.motion.skeleton import REFERENCE

Array = NDArray[np.floating]
Record = Any  # one row of FOOT or BODY

LOCK = 0.5  # contact probability at which a heel or toe is held, and below which ...
RELEASE = 0.1  # ... it is let go: a foot that begins to move while it is still down is a foot that slides
BRAKE = 2.2  # m/s by which a foot in contact may slow down in one frame
FARTHEST = 0.1  # m from one frame to the next: farther, the figure was put elsewhere
STRAYED, TWISTED = 0.4, 0.13  # m of offset and of twist (60 degrees) at which a foot steps if the other one stands, ...
MISPLACED = 0.16  # ... and m of offset at which it does where both stand at rest, ...
RESTING, RESTED = 0.15, 0.25  # ... slower than this, m/s, for so long, s
MOST, MOST_TWIST = 0.5, 0.16  # m: a held foot that is farther off is dragged along
MOST_ANKLE = 0.88  # rad that a foot turns about its leg: 4 degrees more than in 99 % of the frames of any recorded clip
MOST_DROP = 0.05  # m that the pelvis comes down for a held foot before that is let go
FADE_HALFLIFE = 0.1  # s, of offset and twist once let go
STEP_SECONDS = 0.3
STEP_HEIGHT = 0.06  # m
GROUND_HALFLIFE = 0.04  # s, of the height under a foot, ...
GROUND_LAG = GROUND_HALFLIFE / log(2)  # ... by which it is behind one that rises steadily
BODY_HALFLIFE = 0.12  # s, of the height under the root
DROP_HALFLIFE = 0.04  # s
SUPPLE = 0.995  # of a leg's length, at which the knee is bent by 11 degrees
HEEL_STEPS = 4  # of an iteration toward reach
FLOOR = -0.015  # m: the lowest a toe joint may be; recorded ones go there
HEEL_OVER_TOE = 0.04  # m by which the lowest a heel joint may be is higher: somewhat less than it rests higher
AFLOAT = 0.015  # m that the lowest heel or toe in contact may be over where it rests before ...
SINK_HALFLIFE, DEEPEST = 0.2, 0.15  # s, m: ... the body comes down to it
STRIDE = 0.5  # s: who has had no contact for so long comes down to where the feet were lowest
RAISED = 0.01  # m that a heel is up when it is in contact no more
SMALLEST = 1e-4  # m worth a correction
SUNKEN_HEEL = 0.025  # m: no held heel comes nearer to its toe's height, half as high as it rests
ROUNDING = 1e-6  # m: a leg that is as long as the network has it is not too short by less

_ANKLES = tuple(ANKLES)
_FOOT = float(np.linalg.norm(REFERENCE.offsets[TOES[0]]))  # m from heel to toe
_LONGEST = sqrt(_FOOT**2 - SUNKEN_HEEL**2)  # m from heel to toe over the ground
_STEEPEST_ANKLE = tan(MOST_ANKLE / 2)
FREE, HELD, SPENT = 0, 1, 2  # a spent end was let go early and is not held again before it has left contact

FOOT = np.dtype(
    [
        ("held", np.uint8, (2,)),  # heel, toe: FREE, HELD or SPENT
        ("place", np.float64, (2, 2)),  # where they are held (x, z), m, ...
        ("place_rate", np.float64, (2, 2)),  # ... and what is left of their speed, m/s
        ("shown", np.float64, (2, 2)),  # where they were shown last
        ("offset", np.float64, (3,)),  # shown minus network's heel, m ...
        ("offset_rate", np.float64, (3,)),  # ... and per s
        ("twist", np.float64, (3,)),  # the toe's offset minus the heel's
        ("twist_rate", np.float64, (3,)),
        ("ground", np.float64, (2,)),  # height under heel and toe, m
        ("ground_rate", np.float64, (2,)),
        ("floor", np.float64),  # the lowest its toe may be over that, m
        ("stepping", np.float64),  # s left of a step of its own
        ("rested", np.float64),  # s for which the network has had the held foot at rest
        ("spot", np.float64, (4,)),  # where its heel shall stand (x, z, m) and point (x, z, unit) ...
        ("placed", np.uint8),  # ... if this is 1: it stood ill in the network's place
    ],
    align=True,
)
BODY = np.dtype(
    [(f"{name}{rate}", np.float64) for name in ("height", "drop", "sunk") for rate in ("", "_rate")]  # of the pelvis, m
    + [(name, np.float64) for name in ("airborne", "lowest", "afloat")]  # s without a contact, and how far over their rest, m, ...
)  # ... heels and toes came at the lowest in them, and in the last STRIDE of them


def fresh_feet(count: int) -> NDArray[np.void]:
    """Feet [count, 2] that have not been shown anywhere yet."""
    feet = np.zeros((count, 2), FOOT)
    feet["shown"], feet["floor"] = np.inf, FLOOR
    return feet


@kernel
def lock_feet(feet: Record, bodies: Record, ground: Array, root: Array, rotations: Array, contacts: Array) -> None:
    """Plant the feet of B characters for a frame of 1/60 s; changes all arrays but the ground.

    feet [B, 2] of FOOT (left, right), bodies [B] of BODY, ground [B, N, 3] (x, z, height) along the path, N = 0 for flat;
    root [B, 3] world position of the pelvis; rotations [B, 22, 4] local, the pelvis's in the world; contacts [B, 4].
    """
    for i in range(len(root)):
        legs = (leg_of(root[i], rotations[i], 0), leg_of(root[i], rotations[i], 1))
        lock(feet[i], bodies[i], ground[i], root[i], rotations[i], contacts[i], legs)


@kernel
def plant(feet: Record, bodies: Record, ground: Array, root: Array, rotations: Array, contacts: Array) -> None:
    """The same of figures that may float, or stand in the ground, as the network has them: they are put onto it first."""
    for i in range(len(root)):
        legs = (leg_of(root[i], rotations[i], 0), leg_of(root[i], rotations[i], 1))
        before = root[i, 1]
        root[i, 1] -= sunk(bodies[i], legs, contacts[i])
        moved = root[i, 1] - before
        root[i, 1] += max(FLOOR - moved - min(legs[0][3][1], legs[1][3][1]), 0.0)
        moved = root[i, 1] - before
        lock(feet[i], bodies[i], ground[i], root[i], rotations[i], contacts[i], (raised(legs[0], moved), raised(legs[1], moved)))


@part
def lock(feet: Record, body: Record, ground: Array, root: Array, rotations: Array, contacts: Array, legs: tuple[Leg, Leg]) -> None:
    """`lock_feet` of one character, whose legs these are."""
    flat = is_flat(ground)
    level = 0.0 if flat else height_at(ground, root[0], root[2])
    left, body.height_rate = spring(body.height - level, body.height_rate, damping(BODY_HALFLIFE), TICK)
    body.height = level + left

    if min(feet[0].rested, feet[1].rested) > PATIENCE:
        side = ill_foot(feet, legs)
        if side >= 0 and stand_well(feet[side], feet[1 - side], legs[side], legs[1 - side]):
            start_step(feet[side])
    rise = body.height - body.drop
    first = foot_target(feet[0], feet[1], ground, flat, legs[0], rise, contacts[:2])
    second = foot_target(feet[1], feet[0], ground, flat, legs[1], rise, contacts[2:])

    needed = 0.0
    for side in range(2):
        lacks = missing(legs[side], first[0] if side == 0 else second[0], body.height)
        if lacks > MOST_DROP:
            let_go(feet[side])
        needed = max(needed, min(lacks, MOST_DROP))
    left, body.drop_rate = spring(body.drop - needed, body.drop_rate, damping(DROP_HALFLIFE), TICK)
    body.drop = max(needed + left, 0.0)
    rise = body.height - body.drop
    root[1] += rise
    stand(rotations, 0, legs[0], first[0], first[1], rise)
    stand(rotations, 1, legs[1], second[0], second[1], rise)


@part
def foot_target(
    foot: Record, other: Record, ground: Array, flat: bool, leg: Leg, rise: float, contacts: Array
) -> tuple[Vector, Vector]:  # fmt: skip
    """Where the ankle of a foot shall be and which way (unit) its toe points from there; changes foot and contacts [2].

    rise: how far (m) the pelvis was raised in the frame before.
    """
    ankle, toe = leg[2], leg[3]
    way = minus(toe, ankle)
    size, fade = length(way), damping(FADE_HALFLIFE)
    if foot.placed:  # it stands flat, as long as the network has any end of it down
        contacts[0] = contacts[1] = max(contacts[0], contacts[1])
        foot.placed = contacts[0] >= RELEASE
    goal, twist_goal = (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)
    if foot.stepping > 0:
        foot.stepping = max(foot.stepping - TICK, 0.0)
        contacts[0] = contacts[1] = 0
        if foot.placed:
            flat_size = sqrt(size * size - FLAT_DROP * FLAT_DROP)
            goal = (foot.spot[0] - ankle[0], HEEL_RESTS - ankle[1], foot.spot[1] - ankle[2])
            twist_goal = (flat_size * foot.spot[2] - way[0], -FLAT_DROP - way[1], flat_size * foot.spot[3] - way[2])
    before = (foot.offset[0], foot.offset[1], foot.offset[2])
    twist_before = (foot.twist[0], foot.twist[1], foot.twist[2])
    for k in range(3):
        left, foot.offset_rate[k] = spring(foot.offset[k] - goal[k], foot.offset_rate[k], fade, TICK)
        foot.offset[k] = goal[k] + left
        left, foot.twist_rate[k] = spring(foot.twist[k] - twist_goal[k], foot.twist_rate[k], fade, TICK)
        foot.twist[k] = twist_goal[k] + left
    loose = (foot.offset[0], foot.offset[1], foot.offset[2])  # what they are if nothing holds it
    twist_loose = (foot.twist[0], foot.twist[1], foot.twist[2])

    for end in range(2):
        x, z = (ankle[0], ankle[2]) if end == 0 else (toe[0] + foot.twist[0], toe[2] + foot.twist[2])
        hold(foot, end, contacts[end], x + foot.offset[0], z + foot.offset[2])
        if foot.held[end] == SPENT:
            contacts[end] = 0
    held = foot.held[0] == HELD or foot.held[1] == HELD
    if foot.held[0] == HELD and foot.held[1] == HELD:  # the foot stays as it stands, however the network tilts it
        across_x, across_z = foot.place[1, 0] - foot.place[0, 0], foot.place[1, 1] - foot.place[0, 1]
        fits = min(1.0, _LONGEST / max(across(across_x, across_z), 1e-9))  # farther apart, the heel would sink to the toe's height
        across_x, across_z = across_x * fits, across_z * fits
        foot.place[0, 0], foot.place[0, 1] = foot.place[1, 0] - across_x, foot.place[1, 1] - across_z
        foot.twist[0], foot.twist[2] = across_x - way[0], across_z - way[2]
        fall = sqrt(max(size * size - across_x * across_x - across_z * across_z, 0.0))  # of the toe from the ankle
        foot.twist[1] = (fall if way[1] + twist_before[1] > 0 else -fall) - way[1]
    if foot.held[1] == HELD:
        foot.offset[0] = foot.place[1, 0] - toe[0] - foot.twist[0]
        foot.offset[1] = -foot.twist[1]
        foot.offset[2] = foot.place[1, 1] - toe[2] - foot.twist[2]
    elif foot.held[0] == HELD:
        foot.offset[0], foot.offset[2] = foot.place[0, 0] - ankle[0], foot.place[0, 1] - ankle[2]

    if held:
        strayed, twisted = across(foot.offset[0], foot.offset[2]), across(foot.twist[0], foot.twist[2])
        moved_x, moved_z = foot.offset[0] - before[0], foot.offset[2] - before[2]
        if foot.held[1] == HELD:  # by its toe, which stays in place where the heel was raised
            moved_x, moved_z = moved_x + foot.twist[0] - twist_before[0], moved_z + foot.twist[2] - twist_before[2]
        rests = across(moved_x, moved_z) < RESTING * TICK
        foot.rested = foot.rested + TICK if rests else 0.0
        misplaced = strayed > MISPLACED and not foot.placed and foot.rested > RESTED and other.rested > RESTED
        if (
            (strayed > STRAYED or twisted > TWISTED or misplaced)
            and other.stepping == 0
            and (other.held[0] == HELD or other.held[1] == HELD)
        ):
            start_step(foot)
            foot.placed = 0
            contacts[0] = contacts[1] = 0
            held = False  # it sets off from how it was shown, its heel raised or not
            for k in range(3):
                foot.offset[k], foot.twist[k] = loose[k], twist_loose[k]
        else:
            drag(foot, min(1.0, MOST / max(strayed, 1e-9)), min(1.0, MOST_TWIST / max(twisted, 1e-9)))
    else:
        foot.rested = 0.0

    for end in range(2):
        x, z = (ankle[0], ankle[2]) if end == 0 else (toe[0] + foot.twist[0], toe[2] + foot.twist[2])
        level = 0.0 if flat else level_for(ground, x + foot.offset[0], z + foot.offset[2], foot.shown[end])
        left, foot.ground_rate[end] = spring(foot.ground[end] - level, foot.ground_rate[end], damping(GROUND_HALFLIFE), TICK)
        foot.ground[end] = level + left

    slope = foot.ground[1] - foot.ground[0]
    along = unit((way[0] + foot.twist[0], way[1] + foot.twist[1] + slope, way[2] + foot.twist[2]))
    x, y, z = ankle[0] + foot.offset[0], ankle[1] + foot.offset[1] + foot.ground[0], ankle[2] + foot.offset[2]
    if foot.held[1] == HELD:  # the toe's place counts; the heel gives way where the foot is too short or too long
        x = toe[0] + foot.twist[0] + foot.offset[0] - size * along[0]
        z = toe[2] + foot.twist[2] + foot.offset[2] - size * along[2]
        y = toe[1] + foot.ground[1] - size * along[1]
        if missing(leg, (x, y, z), rise) > ROUNDING:
            flat_y = y
            (x, y, z), along = raise_heel((x, y, z), along, size, leg, rise)
            if y > flat_y + RAISED:
                contacts[0] = 0

    sinks = foot.ground[1] + foot.floor - (y + size * along[1])  # a foot that comes down may not have shed its offset yet
    sinks = max(sinks, foot.ground[0] + foot.floor + HEEL_OVER_TOE - y)
    y += max(sinks, 0.0)

    # The foot is rigid: what it really shows is what it goes on from.
    foot.offset[0], foot.offset[1], foot.offset[2] = x - ankle[0], y - foot.ground[0] - ankle[1], z - ankle[2]
    foot.twist[0], foot.twist[1], foot.twist[2] = size * along[0] - way[0], size * along[1] - slope - way[1], size * along[2] - way[2]
    foot.shown[0, 0], foot.shown[0, 1] = x, z
    foot.shown[1, 0], foot.shown[1, 1] = x + size * along[0], z + size * along[2]
    if held:
        for k in range(3):
            foot.offset_rate[k] = (foot.offset[k] - before[k]) / TICK
            foot.twist_rate[k] = (foot.twist[k] - twist_before[k]) / TICK
    elif sinks > 0:
        foot.offset_rate[1] = max(foot.offset_rate[1], 0.0)
    lift = 0.0
    if foot.stepping > 0:
        lift = STEP_HEIGHT * (1 - cos(2 * pi * foot.stepping / STEP_SECONDS)) / 2
    return (x, y + lift, z), along


@part
def start_step(foot: Record) -> None:
    """Let a foot take a step of its own."""
    foot.stepping, foot.rested = STEP_SECONDS, 0.0
    foot.held[0] = foot.held[1] = FREE


@part
def level_for(ground: Array, x: float, z: float, shown: Array) -> float:
    """Height (m) that an end of a foot at x, z shall follow, shown [2] (x, z) in the frame before: that under it or, where the ground
    rises, where it will be when the spring has caught up; a swinging foot would cut into a slope."""
    level = height_at(ground, x, z)
    way_x, way_z = x - shown[0], z - shown[1]
    if 0 < across(way_x, way_z) < FARTHEST:
        level = max(level, height_at(ground, x + GROUND_LAG / TICK * way_x, z + GROUND_LAG / TICK * way_z))
    return level


@part
def raise_heel(ankle: Vector, along: Vector, size: float, leg: Leg, rise: float) -> tuple[Vector, Vector]:
    """The foot turned about its toe, the way people do before they lift it, so that the ankle comes within reach of the hip."""
    toe = (ankle[0] + size * along[0], ankle[1] + size * along[1], ankle[2] + size * along[2])
    hip = (leg[0][0], leg[0][1] + rise, leg[0][2])
    most = leg_length(leg)
    for _ in range(HEEL_STEPS):
        away = minus(hip, ankle)
        distance = length(away)
        if distance <= most:
            break
        share = (distance - most) / distance
        along = unit((toe[0] - ankle[0] - share * away[0], toe[1] - ankle[1] - share * away[1], toe[2] - ankle[2] - share * away[2]))
        ankle = (toe[0] - size * along[0], toe[1] - size * along[1], toe[2] - size * along[2])
    return ankle, along


@part
def leg_length(leg: Leg) -> float:
    """How far from its hip an ankle shall be at most, m: a straight leg would snap, unless the network's own is as straight."""
    whole = length(minus(leg[1], leg[0])) + length(minus(leg[2], leg[1]))
    return max(SUPPLE * whole, length(minus(leg[2], leg[0])))


@part
def hold(foot: Record, end: int, contact: float, x: float, z: float) -> None:
    """Hold heel (end 0) or toe (1) that comes into contact and would be at x, z; let go of it when it leaves contact."""
    if contact < RELEASE:
        foot.held[end] = FREE
    elif contact > LOCK and foot.held[end] == FREE:
        foot.held[end] = HELD
        foot.place[end, 0], foot.place[end, 1] = x, z
        foot.place_rate[end, 0] = foot.place_rate[end, 1] = 0
        way_x, way_z = x - foot.shown[end, 0], z - foot.shown[end, 1]
        if across(way_x, way_z) < FARTHEST:
            foot.place[end, 0], foot.place[end, 1] = foot.shown[end, 0], foot.shown[end, 1]
            foot.place_rate[end, 0], foot.place_rate[end, 1] = way_x / TICK, way_z / TICK
    speed = across(foot.place_rate[end, 0], foot.place_rate[end, 1])
    if foot.held[end] == HELD and speed > 0:
        slower = max(speed - BRAKE, 0.0) / speed
        for k in range(2):
            foot.place_rate[end, k] *= slower
            foot.place[end, k] += foot.place_rate[end, k] * TICK


@part
def let_go(foot: Record) -> None:
    """Let go of what is held, until it has left contact."""
    for end in range(2):
        if foot.held[end] == HELD:
            foot.held[end] = SPENT


@part
def drag(foot: Record, share: float, twist_share: float) -> None:
    """Keep this share of offset and twist, and move the held places along."""
    for k in range(2):
        change, turn = (share - 1) * foot.offset[2 * k], (twist_share - 1) * foot.twist[2 * k]
        foot.offset[2 * k] += change
        foot.twist[2 * k] += turn
        foot.place[0, k] += change
        foot.place[1, k] += change + turn


@part
def missing(leg: Leg, ankle: Vector, height: float) -> float:
    """How far (m) the hip of a leg, raised by `height`, must come down for the ankle to be within reach."""
    hip = leg[0]
    most = leg_length(leg)
    across2 = (ankle[0] - hip[0]) ** 2 + (ankle[2] - hip[2]) ** 2
    return max(hip[1] + height - ankle[1] - sqrt(max(most * most - across2, 0.0)), 0.0)


@part
def stand(rotations: Array, side: int, leg: Leg, ankle: Vector, along: Vector, rise: float) -> None:
    """Bend a leg, whose pelvis was raised by `rise`, so that its ankle is at `ankle` and its toe `along` from there. A nearly straight one
    always bends forward: were it left as the network has it, its knee would turn over as soon as a correction begins or ends."""
    away = minus(ankle, leg[2])
    turn: Quaternion = between(unit(minus(leg[3], leg[2])), along)
    bent = max(abs(turn[0]), abs(turn[1]), abs(turn[2]))
    if nearly_straight(leg) or max(abs(away[0]), abs(away[1] - rise), abs(away[2]), bent) > SMALLEST:
        hip, knee, shin, toe, pelvis, thigh, calf, foot = raised(leg, rise)
        reach(rotations, side, (hip, knee, shin, toe, pelvis, thigh, calf, multiply(turn, foot)), ankle)
        limit_ankle(rotations[_ANKLES[side]])


@part
def limit_ankle(rotation: Array) -> None:
    """Turn a foot, of this local rotation [4], back about its leg to as far as an ankle goes: who turns over a held foot drags its toe."""
    if abs(rotation[1]) > _STEEPEST_ANKLE * abs(rotation[3]):
        yaw = wrap(2 * atan2(rotation[1], rotation[3]))
        over = yaw - limited(yaw, MOST_ANKLE)
        store(rotation, multiply(load(rotation), about((0.0, 1.0, 0.0), -over)))


@part
def sunk(body: Record, legs: tuple[Leg, Leg], contacts: Array) -> float:
    """How far (m) a body comes down that floats, changed by a frame: networks may rise by some centimetres in a minute, and run over the
    ground without ever touching it. contacts [4]."""
    over = lowest = DEEPEST + AFLOAT
    for side in range(2):
        heel, toe = legs[side][2][1] - HEEL_RESTS, legs[side][3][1] - TOE_RESTS
        lowest = min(lowest, heel, toe)
        if contacts[2 * side] > LOCK:
            over = min(over, heel)
        if contacts[2 * side + 1] > LOCK:
            over = min(over, toe)
    goal = body.sunk
    if over < DEEPEST + AFLOAT:
        goal = max(over - AFLOAT, 0.0)
        body.airborne, body.lowest, body.afloat = 0.0, DEEPEST + AFLOAT, 0.0
    else:
        body.airborne += TICK
        body.lowest = min(body.lowest, lowest)
        if body.airborne >= STRIDE:
            body.airborne, body.lowest, body.afloat = 0.0, DEEPEST + AFLOAT, max(body.lowest, SMALLEST)
        if body.afloat > 0:
            goal = max(body.afloat - AFLOAT, 0.0)
    left, body.sunk_rate = spring(body.sunk - goal, body.sunk_rate, damping(SINK_HALFLIFE), TICK)
    body.sunk = max(goal + left, 0.0)
    return body.sunk
