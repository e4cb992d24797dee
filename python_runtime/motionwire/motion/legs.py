"""The legs: where hips, knees, ankles and toes are, and two-bone inverse kinematics that moves an ankle.

The leg's bones turn to reach the asked place in the plane the knee already bends in; the foot keeps its rotation in the world,
or is turned by a given yaw. Vectorised over frames or characters.
"""

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import JOINT_NAMES, REFERENCE

Array = NDArray[np.floating]

REACH = 0.999  # of the straight leg's length
STRAIGHT, SURE = 3e-4, 0.18  # sines between thigh and hip-to-ankle: below, a leg is straight; from there on (knee bent by 20 degrees) ...
# ... the plane it is bent in is sure

HIPS, KNEES, ANKLES, TOES = (
    [JOINT_NAMES.index(f"{side}_{joint}") for side in ("left", "right")] for joint in ("hip", "knee", "ankle", "foot")
)


def legs_of(root: Array, rotations: Array, offsets: Array = REFERENCE.offsets) -> tuple[Array, Array]:
    """World positions [B, 2, 4, 3] of hips, knees, ankles, toes and world rotations [B, 2, 4, 4] of pelvis, hip, knee, ankle.

    offsets [22, 3]: the canonical skeleton's bones.
    """
    pelvis = np.broadcast_to(rotations[:, None, 0], (len(rotations), 2, 4))
    worlds = [pelvis]
    places = []
    position = np.broadcast_to(root[:, None], (len(root), 2, 3))
    for chain in (HIPS, KNEES, ANKLES, TOES):
        position = position + rot.rotate(worlds[-1], offsets[chain])
        places.append(position)
        if chain is not TOES:
            worlds.append(rot.multiply(worlds[-1], rotations[:, chain]))
    return np.stack(places, axis=2), np.stack(worlds, axis=2)


def reach(joints: Array, worlds: Array, rotations: Array, offset: Array, yaw: Array | None = None) -> Array:
    """Rotations [B, 22, 4] with each ankle moved by `offset` [B, 2, 3] and each foot turned by `yaw` [B, 2].

    joints, worlds: of `legs_of`.
    """
    hip, knee, ankle = joints[:, :, 0], joints[:, :, 1], joints[:, :, 2]
    target = ankle + offset
    thigh, shin = knee - hip, ankle - knee
    upper, lower = _length(thigh), _length(shin)
    now, wanted = ankle - hip, target - hip
    distance = np.clip(_length(wanted), np.abs(upper - lower) + 1e-3, REACH * (upper + lower))
    way, up, down = rot.normalize(now), rot.normalize(thigh), rot.normalize(shin)
    axis = _knee_axis(way, up, worlds[:, :, 1])
    swing = rot.between(way, rot.normalize(wanted))
    at_hip = rot.multiply(_about(axis, _angle(upper, distance, lower)), rot.between(up, way))
    at_knee = rot.multiply(_about(axis, -_angle(lower, distance, upper)), rot.between(down, way))
    hip_world = rot.multiply(rot.multiply(swing, at_hip), worlds[:, :, 1])
    knee_world = rot.multiply(rot.multiply(swing, at_knee), worlds[:, :, 2])
    out = rotations.copy()
    out[:, HIPS] = rot.multiply(rot.inverse(worlds[:, :, 0]), hip_world)
    out[:, KNEES] = rot.multiply(rot.inverse(hip_world), knee_world)
    foot = worlds[:, :, 3] if yaw is None else rot.multiply(rot.from_yaw(yaw), worlds[:, :, 3])
    out[:, ANKLES] = rot.multiply(rot.inverse(knee_world), foot)
    return out


def _knee_axis(way: Array, thigh: Array, thigh_world: Array) -> Array:
    """The unit axes [B, 2, 3] about which legs bend forward, by their unit vectors from hip to ankle and to knee: those about which they
    are bent, the knee's own left-right axis the more the straighter a leg is or the more sideways it is bent."""
    own = rot.rotate(thigh_world, np.array([-1.0, 0.0, 0.0]))
    bent = rot.cross(way, thigh)
    size = _length(bent)
    forward = np.sum(bent * own, axis=-1) / np.maximum(size, 1e-9)
    across = own - np.sum(own * way, axis=-1, keepdims=True) * way
    weight = np.maximum(STRAIGHT, SURE - size)
    return rot.normalize(forward[..., None] * bent + weight[..., None] * across)


def _length(v: Array) -> Array:
    return np.sqrt(np.sum(v * v, axis=-1))


def _about(axis: Array, angle: Array) -> Array:
    half = angle[..., None] / 2
    return np.concatenate((np.sin(half) * axis, np.cos(half)), axis=-1)


def _angle(a: Array, b: Array, opposite: Array) -> Array:
    """Angle of a triangle between sides a and b (law of cosines)."""
    return np.arccos(np.clip((a * a + b * b - opposite * opposite) / (2 * a * b), -1, 1))
