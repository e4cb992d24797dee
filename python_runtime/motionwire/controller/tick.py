"""One frame of 1/60 s of some characters, before the network and after it: the steps of the frame loop in two compiled pieces.

A thread that runs compiled code does not hold Python's lock. With a call from Python for each step, two threads that work on two blocks
would wait for each other's lock a dozen times a block; so they do not come back to Python in between.

The characters are rows `slots` of the state's arrays. Rows that lie side by side are worked on in place, as one stretch.
"""

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.figure import place_figure
from motionwire.controller.foot_lock import Record, lift_above_ground, lock_feet, set_down
from motionwire.controller.idle import stand_alive
from motionwire.controller.path import TICK, look_ahead
from motionwire.controller.planted import follow_feet
from motionwire.controller.root import copy_row, move_root, take_outputs
from motionwire.controller.strafing import twist_chest
from motionwire.kernels import kernel, part

Array = NDArray[np.floating]
Slots = NDArray[np.intp]


@kernel
def before_network(
    slots: Slots, positions: Array, headings: Array, velocities: Array, accelerations: Array, turning: Array, history: Array,
    newest: Slots, future: Array, twist: Array, backing: Array, pose: Array, style: Array, phase: Array, desired: Array,
    move: Array, facing: Array, clipped: Array, asked_style: Slots,
    velocity_halflife: float, start_halflife: float, stop_halflife: float, facing_halflife: float, turn_limit: float,
    strafe_limit: float, prediction: float, style_halflife: float,
    travel: Array, turn: Array, network_pose: Array, trajectory: Array, gait: Array, network_style: Array, network_phase: Array,
) -> None:  # fmt: skip
    """Fill what the network takes of n characters, and travel [n, 2] and turn [n] of `look_ahead`. The state's arrays have S rows, the
    others n."""
    first = 0
    while first < len(slots):
        end = stretch(slots, first)
        a, b = slots[first], slots[first] + end - first
        look_ahead(
            positions[a:b], headings[a:b], velocities[a:b], accelerations[a:b], turning[a:b], history[a:b], newest[a:b],
            future[a:b], twist[a:b], backing[a:b], move[first:end], facing[first:end], clipped[first:end],
            velocity_halflife, start_halflife, stop_halflife, facing_halflife, turn_limit, strafe_limit, prediction,
            trajectory[first:end], gait[first:end], desired[a:b], travel[first:end], turn[first:end],
        )  # fmt: skip
        blend_styles(style[a:b], asked_style[first:end], 0.5 ** (TICK / style_halflife))
        for n in range(first, end):
            copy_row(pose[a + n - first], network_pose[n])
            copy_row(style[a + n - first], network_style[n])
            network_phase[n, 0] = phase[a + n - first]
        first = end


@kernel
def after_network(
    slots: Slots, positions: Array, headings: Array, velocities: Array, turning: Array, history: Array, newest: Slots, future: Array,
    twist: Array, pose: Array, phase: Array, clock: Array, stood: Array, lead: Array, contacts: Array, gait: Array, ground: Array,
    feet: Record, bodies: Record, raw_roots: Array, raw_rotations: Array,
    next_pose: Array, root_delta: Array, next_future: Array, next_contacts: Array, phase_delta: Array, next_gait: Array,
    move: Array, travel: Array, turn: Array, idle_directions: Array, idle_frequencies: Array, idle_sizes: Array,
    pull: float, feet_lead: float, idle: float, foot_lock: bool,
    shown_roots: Array, shown_rotations: Array, shown_contacts: Array, shown_phase: Array, shown_gait: Array,
) -> None:  # fmt: skip
    """Take over what the network gave of n characters and fill the poses that are shown. The state's arrays have S rows, the others n."""
    first = 0
    broken = np.empty(len(slots), np.bool_)
    while first < len(slots):
        end = stretch(slots, first)
        a, b = slots[first], slots[first] + end - first
        take_outputs(
            next_pose[first:end], root_delta[first:end], next_future[first:end], next_contacts[first:end], phase_delta[first:end],
            next_gait[first:end], pose[a:b], future[a:b], contacts[a:b], gait[a:b], phase[a:b], broken[first:end],
        )  # fmt: skip
        move_root(
            positions[a:b], headings[a:b], velocities[a:b], turning[a:b], history[a:b], newest[a:b], root_delta[first:end],
            travel[first:end], turn[first:end], move[first:end], broken[first:end], pull,
        )  # fmt: skip
        place_figure(pose[a:b], positions[a:b], headings[a:b], raw_roots[a:b], raw_rotations[a:b])
        follow_feet(
            stood[a:b], lead[a:b], positions[a:b], headings[a:b], velocities[a:b], history[a:b], newest[a:b],
            raw_roots[a:b], raw_rotations[a:b], contacts[a:b], move[first:end], feet_lead,
        )  # fmt: skip
        for n in range(first, end):
            i = a + n - first
            copy_row(raw_roots[i], shown_roots[n])
            copy_row(raw_rotations[i].reshape(-1), shown_rotations[n].reshape(-1))
            copy_row(contacts[i], shown_contacts[n])
            copy_row(gait[i], shown_gait[n])
            shown_phase[n] = phase[i]
        roots, rotations = shown_roots[first:end], shown_rotations[first:end]
        twist_chest(twist[a:b], rotations, TICK)
        if idle > 0:
            stand_alive(
                clock[a:b], gait[a:b], headings[a:b], roots, rotations, idle_directions, idle_frequencies, idle_sizes, idle, TICK
            )  # fmt: skip
        if foot_lock:
            set_down(bodies[a:b], roots, rotations, shown_contacts[first:end], TICK)
            lift_above_ground(roots, rotations)
            lock_feet(feet[a:b], bodies[a:b], ground[a:b], roots, rotations, shown_contacts[first:end], TICK)
        first = end


@part
def stretch(slots: Slots, first: int) -> int:
    """Where the slots cease to lie side by side, from `first` on."""
    end = first + 1
    while end < len(slots) and slots[end] == slots[end - 1] + 1:
        end += 1
    return end


@kernel
def blend_styles(shares: Array, style: Slots, kept: float) -> None:
    """Keep this part of the styles' shares [B, S]; the rest goes to the style [B] that is asked for."""
    for i in range(len(style)):
        for k in range(shares.shape[1]):
            shares[i, k] *= kept
        shares[i, style[i]] += 1 - kept
