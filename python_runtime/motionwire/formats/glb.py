"""GLB (binary glTF 2.0): reading. The writer is glb_writer.py.

The skeleton is what the file's skins name, or what its animation moves where there is no skin; nodes between joints belong to it.
The first animation that moves it is the motion, sampled at the rate of its keys where they are even, else at DEFAULT_FPS. A file
without any gives its rest pose as one frame. Nodes above the skeleton (an armature's object) and uniform scales are part of the
result: metres, Y up.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.formats.bvh_hierarchy import MAX_JOINTS
from motionwire.formats.gltf_file import GltfFile, open_glb
from motionwire.formats.keys import Keys, common_rate, frame_rate, sampled
from motionwire.formats.source import MAX_POSES, read_bytes
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import Skeleton

Array = NDArray[np.floating]

DEFAULT_FPS = 30.0
UNEVEN = 0.01  # relative difference of a scale's axes, and of its moments, that rounding explains


def read(path: str | Path) -> Clip:
    """A GLB file as a clip in metres on its own skeleton; raises InputError."""
    return parse(read_bytes(path), str(path))


def parse(data: bytes, name: str) -> Clip:
    """A GLB file's bytes as a clip; `name` stands in messages, and its stem names the clip."""
    file = open_glb(data, name)
    motion, sizes = _motion(file)
    joints, root = _joints(file, {node for node, _ in motion})
    for node in (*_ancestors(file, root), *joints):
        if node in sizes:
            _check_scale(file, node, sizes[node])
    times = _times(motion, len(joints), name)
    moved = {node: _Motion.of(file, node, motion, times) for node in (*_ancestors(file, root), *joints)}
    position, turn, scale = np.zeros((len(times), 3)), np.tile([0.0, 0, 0, 1], (len(times), 1)), 1.0
    rest_position, rest_turn = np.zeros(3), np.array([0.0, 0, 0, 1])
    for node in (*_ancestors(file, root), root):
        own = moved[node]
        position = position + rot.rotate(turn, own.translations * scale)
        rest_position = rest_position + rot.rotate(rest_turn, own.rest_translation * scale)
        turn, rest_turn = rot.multiply(turn, own.rotations), rot.multiply(rest_turn, own.rest_rotation)
        scale *= own.scale
    index = {node: joint for joint, node in enumerate(joints)}
    offsets: list[Array] = [rest_position]
    rest: list[Array] = [rest_turn]
    tracks: list[Array] = [position]
    turns: list[Array] = [turn]
    scales = [scale]
    for node in joints[1:]:
        parent, own = index[file.parents[node]], moved[node]
        offsets.append(own.rest_translation * scales[parent])
        rest.append(own.rest_rotation)
        tracks.append(own.translations * scales[parent])
        turns.append(own.rotations)
        scales.append(scales[parent] * own.scale)
    parents = tuple(-1 if node == root else index[file.parents[node]] for node in joints)
    skeleton = Skeleton(_names(file, joints), parents, np.stack(offsets), rest=np.stack(rest), metres=True)
    translations = np.stack(tracks, axis=1)
    moving = np.abs(translations[:, 1:] - skeleton.offsets[1:]).max(initial=0) > 1e-5
    fps = frame_rate(times) or DEFAULT_FPS
    rotations = rot.normalize(np.stack(turns, axis=1)).astype(np.float32)
    return Clip(skeleton, fps, position.astype(np.float32), rotations, translations.astype(np.float32) if moving else None, Path(name).stem)


def human_bones(data: bytes, name: str) -> dict[str, str]:
    """What a VRM 1.0 file says of its own joints: humanoid bone -> joint name; empty for any other GLB."""
    file = open_glb(data, name)
    try:
        bones = file.document["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]
        return {bone: str(file.item("nodes", entry["node"])["name"]) for bone, entry in bones.items()}
    except (KeyError, TypeError, AttributeError):
        return {}


@dataclass(frozen=True)
class _Motion:
    """One node over time: translations [T, 3], rotations [T, 4]; and at rest; its scale is uniform and does not move."""

    translations: Array
    rotations: Array
    rest_translation: Array
    rest_rotation: Array
    scale: float

    @classmethod
    def of(cls, file: GltfFile, node: int, motion: dict[tuple[int, str], Keys], times: Array) -> "_Motion":
        translation, rotation, scale = _rest(file, node)
        moved = [
            sampled(motion[node, path], times) if (node, path) in motion else np.tile(rest, (len(times), 1))
            for path, rest in (("translation", translation), ("rotation", rotation))
        ]
        return cls(moved[0], moved[1], translation, rotation, scale)


def _rest(file: GltfFile, node: int) -> tuple[Array, Array, float]:
    """Translation, rotation and scale of a node as the file leaves it."""
    where = f"{file.name}: node {node}"
    if "matrix" in file.items("nodes")[node]:
        matrix = file.numbers(node, "matrix", [0.0] * 16).reshape(4, 4).T
        scales = np.linalg.norm(matrix[:3, :3], axis=0)
        if scales.min() < 1e-9 or np.linalg.det(matrix[:3, :3]) <= 0:
            raise InputError("its matrix is no rotation", where)
        translation, rotation = matrix[:3, 3], rot.from_matrix(matrix[:3, :3] / scales)
    else:
        translation = file.numbers(node, "translation", [0.0] * 3)
        rotation = file.numbers(node, "rotation", [0.0, 0.0, 0.0, 1.0])
        scales = file.numbers(node, "scale", [1.0] * 3)
    if abs(np.linalg.norm(rotation) - 1) > 1e-2:
        raise InputError("its rotation is no unit quaternion", where)
    if scales.min() < 1e-9 or np.ptp(scales) > UNEVEN * scales.max():
        raise InputError(f"its scale {scales.tolist()} is not the same along all axes", where)
    return translation, rot.normalize(rotation), float(scales.mean())


def _motion(file: GltfFile) -> tuple[dict[tuple[int, str], Keys], dict[int, Keys]]:
    """(node, path) -> its keys, and node -> keys of its scale: of the first animation that moves a joint of the skins, else what they hang
    on; without a skin, of the first that moves anything."""
    skinned = _skinned(file)
    above = {ancestor for joint in skinned for ancestor in _ancestors(file, joint)}
    for nodes in (skinned, above) if skinned else (set(range(len(file.parents))),):
        for animation in file.items("animations"):
            channels = _channels(file, animation)
            motion = {(node, path): keys for (node, path), keys in channels.items() if path != "scale"}
            if any(node in nodes for node, _ in motion):
                return motion, {node: keys for (node, path), keys in channels.items() if path == "scale"}
    return {}, {}


def _channels(file: GltfFile, animation: dict[str, Any]) -> dict[tuple[int, str], Keys]:
    """(node, path) -> its keys, of the paths that move nodes."""
    motion = {}
    samplers = animation.get("samplers")
    for channel in animation.get("channels", []) if isinstance(animation.get("channels", []), list) else [None]:
        try:
            node, path, sampler = channel["target"].get("node"), channel["target"]["path"], samplers[channel["sampler"]]  # type: ignore[index]
            source, output, way = sampler["input"], sampler["output"], sampler.get("interpolation", "LINEAR")
        except (TypeError, KeyError, IndexError, AttributeError):
            raise InputError("a channel of its animation is broken", file.name) from None
        if path not in ("translation", "rotation", "scale") or node is None:
            continue
        file.item("nodes", node)
        motion[node, path] = Keys.of(file.array(source, 1)[:, 0], file.array(output, 4 if path == "rotation" else 3), way, file.name)
    return motion


def _check_scale(file: GltfFile, node: int, keys: Keys) -> None:
    """Raises InputError where a node that belongs to the skeleton changes its size: clips hold none."""
    change = keys.values / _rest(file, node)[2]
    if np.abs(change - 1).max() > UNEVEN:
        furthest = change.flat[np.abs(change - 1).argmax()]
        raise InputError(
            f"its animation scales {_name(file, node)!r} to {furthest:.3g} of its size at rest; clips hold no scales", file.name
        )


def _times(motion: dict[tuple[int, str], Keys], joints: int, name: str) -> Array:
    """Moments in s at which the motion is sampled: its own frames where all keys lie on such."""
    if not motion:
        return np.zeros(1)
    first = min(keys.times[0] for keys in motion.values())
    last = max(keys.times[-1] for keys in motion.values())
    fps = common_rate(list(motion.values())) or DEFAULT_FPS
    count = round((last - first) * fps) + 1
    if count * joints > MAX_POSES:
        raise InputError(f"{count} frames of {joints} joints are more than {MAX_POSES} poses", name)
    return first + np.arange(count) / fps


def _ancestors(file: GltfFile, node: int) -> list[int]:
    """Nodes above one, from the scene's root down."""
    above = []
    while (node := file.parents[node]) >= 0:
        above.append(node)
    return above[::-1]


def _skinned(file: GltfFile) -> set[int]:
    """The nodes that the file's skins name."""
    found: set[int] = set()
    for number, skin in enumerate(file.items("skins")):
        joints = skin.get("joints")
        if not isinstance(joints, list) or not joints:
            raise InputError(f"skin {number} has no joints", file.name)
        for joint in joints:
            file.item("nodes", joint)
        found.update(joints)
    return found


def _joints(file: GltfFile, animated: set[int]) -> tuple[list[int], int]:
    """The skeleton's nodes, parents first, and its root."""
    wanted = _skinned(file) or animated
    if not wanted:
        raise InputError("it has neither a skin nor an animation, so no skeleton", file.name)
    lines = [[*_ancestors(file, node), node] for node in sorted(wanted)]
    common = 0
    while all(len(line) > common and line[common] == lines[0][common] for line in lines):
        common += 1
    if common == 0:
        raise InputError("its joints do not hang together under one node", file.name)
    root = lines[0][common - 1]
    kept = {node for line in lines for node in line[common - 1 :]}
    if len(kept) > MAX_JOINTS:
        raise InputError(f"{len(kept)} joints are more than {MAX_JOINTS}", file.name)
    order = sorted(kept)
    if order[0] == root and all(file.parents[node] < node for node in order[1:]):
        return order, root  # as the file lists them
    order = [root]
    for node in order:
        order.extend(child for child in file.items("nodes")[node].get("children", []) if child in kept)
    return order, root


def _names(file: GltfFile, joints: list[int]) -> tuple[str, ...]:
    names: list[str] = []
    for node in joints:
        wish = _name(file, node)
        names.append(wish if wish not in names else f"{wish} {node}")
    return tuple(names)


def _name(file: GltfFile, node: int) -> str:
    own = file.items("nodes")[node].get("name")
    return own if isinstance(own, str) and own else f"node {node}"
