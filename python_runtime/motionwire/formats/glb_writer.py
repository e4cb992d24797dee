"""GLB (binary glTF 2.0): writing. The reader is glb.py.

The skeleton's joints are nodes, their motion one animation with a linear key in every frame; a body of capsules is skinned to
them, so that any viewer shows the clip. glTF is in metres, Y up, as clips are.
"""

from pathlib import Path

import numpy as np
import pygltflib as gltf
from numpy.typing import NDArray

from motionwire import __version__
from motionwire.errors import InputError
from motionwire.formats.atomic import write_atomically
from motionwire.formats.body import Body, body_of
from motionwire.motion import rotations as rot
from motionwire.motion.aligned import rest_world
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import Skeleton

COLOUR = [0.55, 0.62, 0.70, 1.0]
_TYPES = {1: "SCALAR", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
_COMPONENTS = {np.dtype(np.float32): gltf.FLOAT, np.dtype(np.uint16): gltf.UNSIGNED_SHORT, np.dtype(np.uint32): gltf.UNSIGNED_INT}


def write(clip: Clip, path: str | Path) -> None:
    """Write a clip in metres as GLB; raises InputError for a clip whose unit is not known."""
    write_atomically(path, to_bytes(clip))


def to_bytes(clip: Clip) -> bytes:
    """A clip in metres as the bytes of a GLB file."""
    skeleton = clip.skeleton
    if not skeleton.in_metres:
        raise InputError("the clip's unit is not known (retarget it first)", clip.name or None)
    file = _File()
    nodes = [gltf.Node(name=name) for name in skeleton.names]
    for joint, node in enumerate(nodes):
        node.translation, node.rotation = skeleton.offsets[joint].tolist(), _unit(skeleton.rest[joint]).tolist()
        node.children = [child for child, parent in enumerate(skeleton.parents) if parent == joint]
    body = gltf.Node(name=_unlike(skeleton.names, "body"), mesh=0, skin=0)
    file.gltf.nodes = [*nodes, body]
    file.gltf.scenes = [gltf.Scene(nodes=[0, len(nodes)])]
    file.gltf.scene = 0
    _add_mesh(file, body_of(skeleton), skeleton)
    _add_animation(file, clip)
    return file.to_bytes()


class _File:
    """A glTF being made, and its binary part."""

    def __init__(self) -> None:
        self.gltf = gltf.GLTF2(asset=gltf.Asset(generator=f"Motionwire {__version__}", version="2.0"))
        self.parts: list[bytes] = []

    def add(self, values: NDArray, target: int | None = None, bounds: bool = False) -> int:
        """An accessor for an array [N] or [N, components] of a type that glTF knows."""
        data = np.ascontiguousarray(values).tobytes()
        start = sum(len(part) for part in self.parts)
        self.parts.append(data + bytes(-len(data) % 4))
        self.gltf.bufferViews.append(gltf.BufferView(buffer=0, byteOffset=start, byteLength=len(data), target=target))
        accessor = gltf.Accessor(
            bufferView=len(self.gltf.bufferViews) - 1,
            componentType=_COMPONENTS[values.dtype],
            count=len(values),
            type=_TYPES[values.shape[1] if values.ndim > 1 else 1],
        )
        if bounds:
            accessor.min, accessor.max = (np.atleast_1d(edge(axis=0)).tolist() for edge in (values.min, values.max))
        self.gltf.accessors.append(accessor)
        return len(self.gltf.accessors) - 1

    def to_bytes(self) -> bytes:
        data = b"".join(self.parts)
        self.gltf.buffers = [gltf.Buffer(byteLength=len(data))]
        self.gltf.set_binary_blob(data)
        return b"".join(self.gltf.save_to_bytes())


def _add_mesh(file: _File, body: Body, skeleton: Skeleton) -> None:
    joints = np.zeros((len(body.joints), 4), dtype=np.uint16)
    joints[:, 0] = body.joints
    weights = np.zeros((len(body.joints), 4), dtype=np.float32)
    weights[:, 0] = 1
    attributes = gltf.Attributes(
        POSITION=file.add(body.positions, gltf.ARRAY_BUFFER, bounds=True),
        NORMAL=file.add(body.normals, gltf.ARRAY_BUFFER),
        JOINTS_0=file.add(joints, gltf.ARRAY_BUFFER),
        WEIGHTS_0=file.add(weights, gltf.ARRAY_BUFFER),
    )
    indices = file.add(body.triangles.astype(np.uint32).reshape(-1), gltf.ELEMENT_ARRAY_BUFFER)
    file.gltf.meshes = [gltf.Mesh(name="body", primitives=[gltf.Primitive(attributes=attributes, indices=indices, material=0)])]
    plain = gltf.PbrMetallicRoughness(baseColorFactor=COLOUR, metallicFactor=0.0, roughnessFactor=0.7)
    file.gltf.materials = [gltf.Material(name="body", pbrMetallicRoughness=plain)]
    matrices = file.add(_inverse_bind(skeleton))
    file.gltf.skins = [gltf.Skin(joints=list(range(len(skeleton))), skeleton=0, inverseBindMatrices=matrices)]


def _inverse_bind(skeleton: Skeleton) -> NDArray[np.float32]:
    """From the world of the rest pose into each joint [J, 16], columns first."""
    places, turned = (values.astype(np.float64) for values in rest_world(skeleton))
    back = rot.inverse(rot.normalize(turned))
    matrices = np.tile(np.eye(4), (len(skeleton), 1, 1))
    matrices[:, :3, :3] = rot.to_matrix(back)
    matrices[:, :3, 3] = -rot.rotate(back, places)
    return matrices.transpose(0, 2, 1).reshape(-1, 16).astype(np.float32)


def _add_animation(file: _File, clip: Clip) -> None:
    times = file.add((np.arange(len(clip)) / clip.fps).astype(np.float32), bounds=True)
    animation = gltf.Animation(name=clip.name or "motion", samplers=[], channels=[])

    def key(joint: int, path: str, values: NDArray[np.float32]) -> None:
        animation.samplers.append(gltf.AnimationSampler(input=times, output=file.add(values), interpolation="LINEAR"))
        target = gltf.AnimationChannelTarget(node=joint, path=path)
        animation.channels.append(gltf.AnimationChannel(sampler=len(animation.samplers) - 1, target=target))

    key(0, "translation", clip.root_positions)
    if clip.translations is not None:
        moving = (clip.translations != clip.skeleton.offsets).any(axis=(0, 2))
        for joint in range(1, len(clip.skeleton)):
            if moving[joint]:
                key(joint, "translation", clip.translations[:, joint])
    rotations = rot.continuous(_unit(clip.rotations))
    for joint in range(len(clip.skeleton)):
        key(joint, "rotation", rotations[:, joint])
    file.gltf.animations = [animation]


def _unit(rotations: NDArray[np.float32]) -> NDArray[np.float32]:
    return rot.normalize(rotations.astype(np.float64)).astype(np.float32)


def _unlike(names: tuple[str, ...], wish: str) -> str:
    """A name that no joint has."""
    while wish in names:
        wish += "_"
    return wish
