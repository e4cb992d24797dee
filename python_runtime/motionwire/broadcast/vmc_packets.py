"""One character's frame as VMC packets: OSC bundles that are laid out once, into which each frame writes only its numbers.

VMC protocol 2.0 (https://protocol.vmc.info/marionette-spec), Open Sound Control 1.0. A frame is, in this order: /VMC/Ext/Bone/Pos for
each bone, /VMC/Ext/Root/Pos with 7 numbers, /VMC/Ext/Blend/Apply, /VMC/Ext/OK, /VMC/Ext/T; receivers take a frame over at one of the
last three. Bones have Unity's HumanBodyBones names and local positions and rotations in Unity's axes.
"""

import math
import struct

import numpy as np
from numpy.typing import NDArray

from motionwire.motion.axes import engine_axes
from motionwire.motion.skeleton import JOINT_NAMES, JOINTS, Skeleton

BUNDLE_BYTES = 1400  # at most: with IP and UDP headers below Ethernet's 1500, so that no packet is split on its way
IMMEDIATELY = b"#bundle\0" + struct.pack(">Q", 1)
FLAT = 1e-6  # a pelvis upside down has no heading

BONES = dict(
    zip(
        JOINT_NAMES,
        (
            "Hips", "LeftUpperLeg", "RightUpperLeg", "Spine", "LeftLowerLeg", "RightLowerLeg", "Chest", "LeftFoot", "RightFoot",
            "UpperChest", "LeftToes", "RightToes", "Neck", "LeftShoulder", "RightShoulder", "Head", "LeftUpperArm", "RightUpperArm",
            "LeftLowerArm", "RightLowerArm", "LeftHand", "RightHand",
        ),
        strict=True,
    )
)  # fmt: skip

Array = NDArray[np.float32]


class Packets:
    """The packets of one frame, filled again for every frame and character.

    Root is the point of the ground below the pelvis, with the pelvis's turn about the vertical; Hips is the pelvis relative to it. With
    root_in_hips, Root stays at the origin and Hips carries everything, for receivers that ignore Root.
    """

    def __init__(self, skeleton: Skeleton, root_in_hips: bool = False) -> None:
        self._root_in_hips = root_in_hips
        axes = engine_axes("vmc")
        turned, moved = axes.rotations(np.ones(4)), axes.positions(np.ones(3))  # the axes only change signs
        messages = [
            _message("/VMC/Ext/Bone/Pos", BONES[name], *axes.positions(offset).tolist(), 0.0, 0.0, 0.0, 1.0)
            for name, offset in zip(skeleton.names, skeleton.offsets, strict=True)
        ]
        messages += [
            _message("/VMC/Ext/Root/Pos", "root", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
            _message("/VMC/Ext/Blend/Apply"),
            _message("/VMC/Ext/OK", 1),
            _message("/VMC/Ext/T", 0.0),
        ]
        ends: list[int] = []
        bundles = [IMMEDIATELY]
        for message in messages:
            if len(bundles[-1]) + 4 + len(message) > BUNDLE_BYTES:
                bundles.append(IMMEDIATELY)
            bundles[-1] += struct.pack(">i", len(message)) + message
            ends.append(sum(map(len, bundles)) // 4)  # in words of 4 bytes
        whole = bytearray(b"".join(bundles))
        stops = np.cumsum([len(bundle) for bundle in bundles]).tolist()
        self._bundles = [memoryview(whole)[stop - len(bundle) : stop] for bundle, stop in zip(bundles, stops, strict=True)]
        self._words = np.frombuffer(whole, ">f4")
        hips, root, clock = ends[0], ends[JOINTS], ends[-1]
        at = [range(end - 4, end) for end in ends[:JOINTS]]
        at += [range(hips - 7, hips - 4), range(root - 7, root), range(clock - 1, clock)]
        self._at = np.concatenate(at)
        self._signs = np.concatenate((np.tile(turned, JOINTS), moved, moved, turned, [1])).astype(np.float32)
        self._values = np.zeros(len(self._at), np.float32)

    def fill(self, root_position: Array, rotations: Array, seconds: float) -> list[memoryview]:
        """The packets to send, valid until the next call. root_position [3] m, rotations [22, 4] local xyzw, canonical axes."""
        values = self._values
        values[: 4 * JOINTS] = rotations.reshape(-1)
        px, py, pz = root_position.tolist()
        if self._root_in_hips:
            values[4 * JOINTS :] = (px, py, pz, 0, 0, 0, 0, 0, 0, 1, seconds)
        else:
            x, y, z, w = rotations[0].tolist()
            length = math.hypot(y, w)  # the turn about the vertical is (0, y, 0, w) / length
            sine, cosine = (y / length, w / length) if length > FLAT else (0.0, 1.0)
            values[:4] = (cosine * x - sine * z, cosine * y - sine * w, cosine * z + sine * x, cosine * w + sine * y)
            values[4 * JOINTS :] = (0, py, 0, px, 0, pz, 0, sine, 0, cosine, seconds)
        values *= self._signs
        self._words[self._at] = values
        return self._bundles


def _message(address: str, *arguments: str | float | int) -> bytes:
    """One OSC message; numbers stand at its end."""
    kinds = {str: "s", float: "f", int: "i"}
    data = _padded(address) + _padded("," + "".join(kinds[type(argument)] for argument in arguments))
    for argument in arguments:
        data += _padded(argument) if isinstance(argument, str) else struct.pack(f">{kinds[type(argument)]}", argument)
    return data


def _padded(text: str) -> bytes:
    """A string ends with one to four zeros, at a multiple of four bytes."""
    data = text.encode("ascii")
    return data + bytes(4 - len(data) % 4)
