"""Foot locking: a foot in contact stays where it came down, by two-bone inverse kinematics of the leg, and is let go softly.

Each foot carries an offset from where the network puts it to where it is shown. In contact the offset grows so that the foot
stays; after contact, or when it would stretch too far, it dies away. The leg's bones turn to reach the shown place, in the
plane the knee already bends in; the foot keeps its rotation in the world.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import JOINT_NAMES, REFERENCE

Array = NDArray[np.floating]

LOCK = 0.6  # contact probability at which a foot is held, and below which ...
RELEASE = 0.35  # ... it is let go
LONGEST = 0.12  # m of offset at which a foot is let go whatever its contact says
NEAR = 0.03  # m of offset at which a foot that was let go may be held again
FADE_HALFLIFE = 0.08  # s, of the offset once let go
FLOOR = -0.015  # m: the lowest a toe joint may be; recorded ones go there
UP = np.array([0, 1, 0], np.float32)
SMALLEST = 1e-4  # m of offset worth a correction
REACH = 0.999  # of the straight leg's length

HIPS, KNEES, ANKLES, TOES = (
    [JOINT_NAMES.index(f"{side}_{joint}") for side in ("left", "right")] for joint in ("hip", "knee", "ankle", "foot")
)


class Feet(Protocol):
    """Per character and foot (left, right): foot_held bool [B, 2]; foot_place [B, 2, 2], where the toe is held (x, z);
    foot_offset [B, 2, 2], m, shown minus network's."""

    foot_held: NDArray[np.bool_]
    foot_place: Array
    foot_offset: Array


def lock_feet(feet: Feet, root: Array, rotations: Array, contacts: Array, dt: float) -> Array:
    """Rotations [B, 22, 4] with held feet kept in place; changes `feet`.

    root [B, 3] world position of the pelvis, rotations [B, 22, 4] local, the pelvis's in the world, contacts [B, 4].
    """
    joints, turned = legs_of(root, rotations)
    toe = joints[:, :, 3, ::2]
    contact = contacts.reshape(-1, 2, 2).max(axis=-1)
    near = np.sum(feet.foot_offset**2, axis=-1) < NEAR**2
    starts = ~feet.foot_held & (contact > LOCK) & near
    feet.foot_place = np.where(starts[..., None], toe + feet.foot_offset, feet.foot_place)
    offset = feet.foot_place - toe
    stretched = np.sum(offset * offset, axis=-1) > LONGEST**2
    feet.foot_held = ((feet.foot_held & (contact > RELEASE)) | starts) & ~stretched
    fade = 0.5 ** (dt / FADE_HALFLIFE)
    feet.foot_offset = np.where(feet.foot_held[..., None], offset, feet.foot_offset * fade)
    if np.abs(feet.foot_offset).max(initial=0) < SMALLEST:
        return rotations
    return reach(joints, turned, rotations, feet.foot_offset)


def above_ground(root: Array, rotations: Array) -> Array:
    """The root [B, 3], lifted where a toe would be under the ground."""
    joints, _ = legs_of(root, rotations)
    lift = np.maximum(FLOOR - joints[:, :, 3, 1].min(axis=1, initial=np.inf), 0)
    return root + lift[:, None] * UP


def legs_of(root: Array, rotations: Array) -> tuple[Array, Array]:
    """World positions [B, 2, 4, 3] of hips, knees, ankles, toes and world rotations [B, 2, 4, 4] of pelvis, hip, knee, ankle."""
    pelvis = np.broadcast_to(rotations[:, None, 0], (len(rotations), 2, 4))
    worlds = [pelvis]
    places = []
    position = np.broadcast_to(root[:, None], (len(root), 2, 3))
    for chain in (HIPS, KNEES, ANKLES, TOES):
        position = position + rot.rotate(worlds[-1], REFERENCE.offsets[chain])
        places.append(position)
        if chain is not TOES:
            worlds.append(rot.multiply(worlds[-1], rotations[:, chain]))
    return np.stack(places, axis=2), np.stack(worlds, axis=2)


def reach(joints: Array, worlds: Array, rotations: Array, offset: Array, yaw: Array | None = None) -> Array:
    """Rotations [B, 22, 4] with each ankle moved by `offset` [B, 2, 2] on the ground plane and each foot turned by `yaw` [B, 2].

    joints, worlds: of `legs_of`.
    """
    hip, knee, ankle = joints[:, :, 0], joints[:, :, 1], joints[:, :, 2]
    target = ankle.copy()
    target[..., ::2] += offset
    thigh, shin = knee - hip, ankle - knee
    upper, lower = _length(thigh), _length(shin)
    now, wanted = ankle - hip, target - hip
    distance = np.clip(_length(wanted), np.abs(upper - lower) + 1e-3, REACH * (upper + lower))
    axis = rot.cross(now, thigh)
    bent = _length(axis) > 1e-4
    side = rot.rotate(worlds[:, :, 1], np.array([-1.0, 0.0, 0.0]))  # a straight leg bends about its own left-right axis
    axis = rot.normalize(np.where(bent[..., None], axis, side))
    at_hip = _angle(upper, distance, lower) - _angle_between(now, thigh)
    at_knee = _angle(upper, lower, distance) - _angle_between(-thigh, shin)
    swing = rot.between(rot.normalize(now), rot.normalize(wanted))
    upper_turn = rot.multiply(swing, _about(axis, at_hip))
    lower_turn = rot.multiply(upper_turn, _about(axis, at_knee))
    hip_world = rot.multiply(upper_turn, worlds[:, :, 1])
    knee_world = rot.multiply(lower_turn, worlds[:, :, 2])
    out = rotations.copy()
    out[:, HIPS] = rot.multiply(rot.inverse(worlds[:, :, 0]), hip_world)
    out[:, KNEES] = rot.multiply(rot.inverse(hip_world), knee_world)
    foot = worlds[:, :, 3] if yaw is None else rot.multiply(rot.from_yaw(yaw), worlds[:, :, 3])
    out[:, ANKLES] = rot.multiply(rot.inverse(knee_world), foot)
    return out


def _length(v: Array) -> Array:
    return np.sqrt(np.sum(v * v, axis=-1))


def _about(axis: Array, angle: Array) -> Array:
    half = angle[..., None] / 2
    return np.concatenate((np.sin(half) * axis, np.cos(half)), axis=-1)


def _angle(a: Array, b: Array, opposite: Array) -> Array:
    """Angle of a triangle between sides a and b (law of cosines)."""
    return np.arccos(np.clip((a * a + b * b - opposite * opposite) / (2 * a * b), -1, 1))


def _angle_between(a: Array, b: Array) -> Array:
    return np.arccos(np.clip(np.sum(a * b, axis=-1) / (_length(a) * _length(b)), -1, 1))
