"""One frame of 1/60 s of some characters, before the network and after it: the steps of the frame loop in two compiled pieces.

A thread that runs compiled code does not hold Python's lock. With a call from Python for each step, two threads that work on two blocks
would wait for each other's lock a dozen times a block; so they do not come back to Python in between.

The characters are rows `slots` of the state's arrays. Rows that lie side by side are worked on in place, as one stretch.
"""

from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.figure import place_figure
from motionwire.controller.foot_lock import Record, plant
from motionwire.controller.idle import stand_alive
from motionwire.controller.layout import TICK
from motionwire.controller.path import SLOWEST, look_ahead
from motionwire.controller.planted import follow_feet
from motionwire.controller.root import copy_row, move_root, take_outputs
from motionwire.controller.strafing import twist_chest
from motionwire.controller.styles import blend_styles, stand_in_style
from motionwire.kernels import kernel

Array = NDArray[np.floating]
Slots = NDArray[np.intp]


@kernel
def before_network(
    first: int, end_of_block: int, slots: Slots,
    positions: Array, headings: Array, velocities: Array, accelerations: Array, turning: Array, history: Array,
    newest: Slots, future: Array, twist: Array, backing: Array, pose: Array, style: Array, phase: Array, desired: Array,
    move: Array, facing: Array, clipped: Array, asked_style: Slots, stands: Array,
    velocity_halflife: float, start_halflife: float, stop_halflife: float, facing_halflife: float, turn_limit: float,
    strafe_limit: float, prediction: float, style_halflife: float,
    travel: Array, turn: Array, network_pose: Array, trajectory: Array, gait: Array, network_style: Array, network_phase: Array,
) -> None:  # fmt: skip
    """Fill what the network takes of a block of n characters, first to end_of_block, and travel [n, 2] and turn [n] of `look_ahead`. The
    state's arrays have S rows, the others n; clipped, network_pose and network_style may have none: then there is no path to keep to, and
    the network takes the state's own rows, which is less to move about in memory."""
    while first < end_of_block:
        end = stretch(slots, first, end_of_block)
        a, b = slots[first], slots[first] + end - first
        look_ahead(
            positions[a:b], headings[a:b], velocities[a:b], accelerations[a:b], turning[a:b], history[a:b], newest[a:b],
            future[a:b], twist[a:b], backing[a:b], move[first:end], facing[first:end], clipped[first : min(end, len(clipped))],
            velocity_halflife, start_halflife, stop_halflife, facing_halflife, turn_limit, strafe_limit, prediction,
            trajectory[first:end], gait[first:end], desired[a:b], travel[first:end], turn[first:end],
        )  # fmt: skip
        blend_styles(style[a:b], asked_style[first:end], 0.5 ** (TICK / style_halflife))
        stand_in_style(pose[a:b], style[a:b], gait[first:end], velocities[a:b], turning[a:b], stands)
        for n in range(first, end):
            if len(network_pose):
                copy_row(pose[a + n - first], network_pose[n])
                copy_row(style[a + n - first], network_style[n])
            network_phase[n, 0] = phase[a + n - first]
        first = end


@kernel
def after_network(
    first: int, end_of_block: int, slots: Slots,
    positions: Array, headings: Array, velocities: Array, turning: Array, history: Array, newest: Slots, future: Array,
    twist: Array, pose: Array, phase: Array, clock: Array, idling: Array, stood: Array, lead: Array, contacts: Array, gait: Array,
    ground: Array, feet: Record, bodies: Record,
    next_pose: Array, root_delta: Array, next_future: Array, next_contacts: Array, phase_delta: Array, next_gait: Array,
    move: Array, travel: Array, turn: Array, idle_directions: Array, idle_frequencies: Array, idle_sizes: Array,
    pull: float, feet_lead: float, idle: float, foot_lock: bool, tell_broken: bool,
    shown_roots: Array, shown_rotations: Array, shown_contacts: Array, shown_phase: Array, shown_gait: Array,
) -> None:  # fmt: skip
    """Take over what the network gave of a block of n characters, first to end_of_block, and fill the poses that are shown. The state's
    arrays have S rows, those of the network's outputs as many as the block, the others n. tell_broken: the root of who got no numbers is
    NaN."""
    begun = first
    broken = np.empty(end_of_block - begun, np.bool_)
    while first < end_of_block:
        end = stretch(slots, first, end_of_block)
        a, b = slots[first], slots[first] + end - first
        c, d = first - begun, end - begun
        take_outputs(
            next_pose[c:d], root_delta[c:d], next_future[c:d], next_contacts[c:d], phase_delta[c:d],
            next_gait[first:end], pose[a:b], future[a:b], contacts[a:b], gait[a:b], phase[a:b], broken[c:d],
        )  # fmt: skip
        move_root(
            positions[a:b], headings[a:b], velocities[a:b], turning[a:b], history[a:b], newest[a:b], root_delta[c:d],
            travel[first:end], turn[first:end], move[first:end], broken[c:d], pull,
        )  # fmt: skip
        roots, rotations = shown_roots[first:end], shown_rotations[first:end]
        place_figure(pose[a:b], positions[a:b], headings[a:b], roots, rotations)
        follow_feet(
            stood[a:b], lead[a:b], positions[a:b], headings[a:b], velocities[a:b], history[a:b], newest[a:b],
            roots, rotations, contacts[a:b], move[first:end], feet_lead,
        )  # fmt: skip
        for n in range(first, end):
            i = a + n - first
            copy_row(contacts[i], shown_contacts[n])
            copy_row(gait[i], shown_gait[n])
            shown_phase[n] = phase[i]
        twist_chest(twist[a:b], rotations)
        if idle > 0:
            stand_alive(
                clock[a:b], idling[a:b], gait[a:b], headings[a:b], roots, rotations, idle_directions, idle_frequencies, idle_sizes, idle,
            )  # fmt: skip
        if foot_lock:
            plant(feet[a:b], bodies[a:b], ground[a:b], roots, rotations, shown_contacts[first:end])
        if tell_broken:
            for n in range(first, end):
                if broken[n - begun]:
                    shown_roots[n, 0] = np.nan
        first = end


@kernel
def settle(move: Array, style: Slots, styles: int, fastest: float) -> bool:
    """Hold wishes move [n, 2] to paces that legs can follow, `fastest` at most, SLOWEST or none, and take those that are no numbers for
    none; whether each style [n] is one of so many."""
    good = True
    for n in range(len(move)):
        for k in range(2):
            if not isfinite(move[n, k]):
                move[n, k] = 0
        asked = sqrt(move[n, 0] ** 2 + move[n, 1] ** 2)
        held = 0.0 if asked < SLOWEST / 2 else min(max(asked, SLOWEST), fastest)
        if held != asked:
            for k in range(2):
                move[n, k] *= held / asked if asked < np.inf else 0.0
        good &= 0 <= style[n] < styles
    return good


@kernel
def stretch(slots: Slots, first: int, last: int) -> int:
    """Where the slots cease to lie side by side, from `first` on, `last` at the latest."""
    end = first + 1
    while end < last and slots[end] == slots[end - 1] + 1:
        end += 1
    return end
