"""BVH: writing.

Clips in metres are written in centimetres (factor 100), which is what other tools expect of a BVH; clips of unknown unit keep
it (factor 1). A BVH's rest pose has no rotations: a rig whose joints stand otherwise at rest is written with axes like the
world's. The root has six channels, other joints three, or six where the clip animates translations. Joints come in depth-first
order, the only one BVH can hold. A joint without children gets an End Site: the skeleton's own, else half of its
own bone again. Six decimals: 1e-6 degrees and 1e-6 of a length unit, below the precision of float32.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.formats import euler
from motionwire.formats.atomic import write_atomically
from motionwire.motion import rotations as rot
from motionwire.motion.aligned import aligned
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import Skeleton

CENTIMETRES = 100.0


def write(clip: Clip, path: str | Path, scale: float | None = None, order: str = "zxy") -> None:
    """Write a clip as BVH. scale: file units per clip unit (None: 100 for clips in metres, else 1); order: of the Euler angles."""
    write_atomically(path, to_bytes(clip, scale, order, str(path)))


def to_bytes(clip: Clip, scale: float | None = None, order: str = "zxy", name: str = "BVH") -> bytes:
    """A clip as the bytes of a BVH file; `name` stands in messages. Raises InputError for names that BVH cannot hold."""
    if sorted(order) != ["x", "y", "z"]:
        raise InputError(f"axis order {order!r} is not an order of x, y and z")
    if scale is None:
        scale = CENTIMETRES if clip.skeleton.in_metres else 1.0
    clip = aligned(clip)
    joints, hierarchy = _hierarchy(clip.skeleton, scale, order, clip.translations is not None, name)
    values = _motion(clip, joints, scale, order)
    row = " ".join(["%.6f"] * values.shape[1])
    lines = [row % tuple(frame) for frame in values.tolist()]
    header = ["MOTION", f"Frames: {len(clip)}", f"Frame Time: {1 / clip.fps:.12g}"]
    return "\n".join([*hierarchy, *header, *lines, ""]).encode()


def _vector(offset: NDArray[np.floating], scale: float) -> str:
    return " ".join(f"{value:.6f}" for value in (np.asarray(offset, dtype=np.float64) * scale + 0.0).tolist())


def _hierarchy(skeleton: Skeleton, scale: float, order: str, positions: bool, name: str) -> tuple[list[int], list[str]]:
    """Joints in the order of the file, and the file's lines up to MOTION."""
    turns = " ".join(f"{axis.upper()}rotation" for axis in order)
    moves = "Xposition Yposition Zposition"
    children: list[list[int]] = [[] for _ in skeleton.names]
    for joint, parent in enumerate(skeleton.parents):
        if parent >= 0:
            children[parent].append(joint)
    joints: list[int] = []
    lines = ["HIERARCHY"]
    stack: list[tuple[int, int]] = [(0, 0)]  # (joint, depth), or (-1, depth) for a closing brace
    while stack:
        joint, depth = stack.pop()
        pad = "\t" * depth
        if joint < 0:
            lines.append(f"{pad}}}")
            continue
        label = skeleton.names[joint]
        if not label.isprintable() or label != " ".join(label.split()) or not label or set(label) & set("{}"):
            raise InputError(f"BVH cannot hold the joint name {label!r}", name)
        joints.append(joint)
        channels = f"6 {moves} {turns}" if joint == 0 or positions else f"3 {turns}"
        lines += [f"{pad}{'JOINT' if depth else 'ROOT'} {label}", f"{pad}{{"]
        lines += [f"{pad}\tOFFSET {_vector(skeleton.offsets[joint], scale)}", f"{pad}\tCHANNELS {channels}"]
        if joint in skeleton.end_sites or not children[joint]:
            tip = np.array(skeleton.end_sites.get(joint, skeleton.offsets[joint] / 2))
            lines += [f"{pad}\tEnd Site", f"{pad}\t{{", f"{pad}\t\tOFFSET {_vector(tip, scale)}", f"{pad}\t}}"]
        stack.append((-1, depth))
        stack.extend((child, depth + 1) for child in reversed(children[joint]))
    return joints, lines


def _motion(clip: Clip, joints: list[int], scale: float, order: str) -> NDArray[np.float64]:
    """Numbers of the file [T, channels]: for each joint positions (where it has them) and Euler angles in degrees."""
    angles = euler.from_quaternion(rot.normalize(clip.rotations.astype(np.float64)), order)
    angles = np.degrees(euler.continuous(angles, order))
    columns: list[NDArray[np.floating]] = []
    for joint in joints:
        if joint == 0:
            columns.append(clip.root_positions.astype(np.float64) * scale)
        elif clip.translations is not None:
            columns.append(clip.translations[:, joint].astype(np.float64) * scale)
        columns.append(angles[:, joint])
    return np.concatenate(columns, axis=1) + 0.0  # adding zero turns -0 into 0
