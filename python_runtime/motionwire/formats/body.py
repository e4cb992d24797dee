"""A body for clips in formats that show meshes: one capsule along each bone, following the bone's joint rigidly.

Drawn in the rest pose of the skeleton, in metres. Bones too short to see and the pole from a root on the ground to the hips
get none; joints at the end of a chain get one along their own bone's direction, half as long.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.aligned import rest_world
from motionwire.motion.skeleton import Skeleton

SIDES, RINGS = 10, 3  # around a capsule; from the middle of a cap to its rim
THICKNESS = 0.17  # radius over length ...
THINNEST, THICKEST = 0.006, 0.055  # ... within these, m
HEAD = 0.085  # m, radius
SHORTEST = 0.01  # m
GROUND = 0.02  # m, a root no higher than this stands on the ground


@dataclass(frozen=True)
class Body:
    """positions and normals float32 [V, 3] in the world of the rest pose; joints int [V] that they follow; triangles int [F, 3]."""

    positions: NDArray[np.float32]
    normals: NDArray[np.float32]
    joints: NDArray[np.int64]
    triangles: NDArray[np.int64]


def body_of(skeleton: Skeleton) -> Body:
    """The capsules of a skeleton in metres."""
    unit_positions, unit_normals, unit_triangles, cap = _capsule()
    positions: list[NDArray[np.floating]] = []
    normals: list[NDArray[np.floating]] = []
    joints: list[NDArray[np.int64]] = []
    triangles: list[NDArray[np.int64]] = []
    for start, end, joint in _bones(skeleton):
        length = float(np.linalg.norm(end - start))
        radius = float(np.clip(THICKNESS * length, THINNEST, THICKEST))
        if joint not in skeleton.parents and "head" in skeleton.names[joint].lower():
            radius = HEAD
        elif min(start[1], end[1]) < radius:  # a sole lies on the ground
            radius = max(float(min(start[1], end[1])), THINNEST)
        turn = rot.between(np.array([0.0, 1.0, 0.0]), (end - start) / length)
        drawn = unit_positions * radius + np.outer(cap, [0.0, length, 0.0])
        triangles.append(unit_triangles + sum(len(part) for part in positions))
        positions.append(rot.rotate(turn, drawn) + start)
        normals.append(rot.rotate(turn, unit_normals))
        joints.append(np.full(len(drawn), joint))
    if not positions:  # a single joint: a marker
        positions, normals = [unit_positions * THICKEST + skeleton.offsets[0]], [unit_normals]
        joints, triangles = [np.zeros(len(unit_positions), dtype=np.int64)], [unit_triangles]
    return Body(
        np.concatenate(positions).astype(np.float32),
        rot.normalize(np.concatenate(normals)).astype(np.float32),
        np.concatenate(joints),
        np.concatenate(triangles),
    )


def _bones(skeleton: Skeleton) -> list[tuple[NDArray[np.float64], NDArray[np.float64], int]]:
    """Start, end and joint of each bone that is drawn."""
    places, turned = (values.astype(np.float64) for values in rest_world(skeleton))
    bones = []
    on_ground = abs(places[0, 1]) < GROUND
    for joint, parent in enumerate(skeleton.parents):
        if parent > 0 or (parent == 0 and not on_ground):
            bones.append((places[parent], places[joint], parent))
        if joint not in skeleton.parents and parent >= 0:
            own = places[joint] - places[parent]
            if joint in skeleton.end_sites:
                own = 2 * rot.rotate(turned[joint], np.array(skeleton.end_sites[joint]))
            bones.append((places[joint], places[joint] + own / 2, joint))
    return [bone for bone in bones if np.linalg.norm(bone[1] - bone[0]) > SHORTEST]


def _capsule() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """A sphere of radius 1: positions, normals, triangles, and 1 for the vertices of the cap that moves to the bone's end."""
    angles = np.concatenate((np.linspace(-90, 0, RINGS + 1), np.linspace(0, 90, RINGS + 1)))
    around = np.arange(SIDES) * 2 * np.pi / SIDES
    rings = [
        np.stack((np.cos(up) * np.sin(around), np.full(SIDES, np.sin(up)), np.cos(up) * np.cos(around)), axis=-1)
        for up in np.radians(angles)
    ]
    first = np.arange(SIDES)
    after = (first + 1) % SIDES
    triangles = []
    for ring in range(len(rings) - 1):
        low, high = ring * SIDES, (ring + 1) * SIDES
        if ring > 0:  # the lowest ring is a point
            triangles.append(np.stack((low + first, low + after, high + after), axis=-1))
        if ring < len(rings) - 2:
            triangles.append(np.stack((low + first, high + after, high + first), axis=-1))
    sphere = np.concatenate(rings)
    return sphere, sphere, np.concatenate(triangles), np.repeat(np.arange(len(rings)) > RINGS, SIDES).astype(np.float64)
