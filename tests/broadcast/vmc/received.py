"""What a VMC receiver understands, with python-osc as the decoder and none of the runtime's own conversions."""

import socket
from dataclasses import dataclass
from typing import Any

import numpy as np
from pythonosc.osc_bundle import OscBundle
from scipy.spatial.transform import Rotation

HUMAN_BODY_BONES = [  # Unity's names of the canonical joints, in their order
    "Hips", "LeftUpperLeg", "RightUpperLeg", "Spine", "LeftLowerLeg", "RightLowerLeg", "Chest", "LeftFoot", "RightFoot",
    "UpperChest", "LeftToes", "RightToes", "Neck", "LeftShoulder", "RightShoulder", "Head", "LeftUpperArm", "RightUpperArm",
    "LeftLowerArm", "RightLowerArm", "LeftHand", "RightHand",
]  # fmt: skip


@dataclass(frozen=True)
class Received:
    """One frame: its messages (address, arguments) in their order."""

    messages: list[tuple[str, list[Any]]]

    @classmethod
    def of(cls, packets: list[bytes]) -> "Received":
        return cls([(message.address, list(message.params)) for packet in packets for message in OscBundle(packet)])

    def transforms(self, address: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """name -> position [3] and quaternion [4] of the messages at an address, out of Unity's axes: x is mirrored."""
        found = {}
        for name, *numbers in (arguments for at, arguments in self.messages if at == address):
            assert len(numbers) == 7 and all(type(number) is float for number in numbers)
            found[name] = (np.multiply(numbers[:3], (-1, 1, 1)), np.multiply(numbers[3:], (1, -1, -1, 1)))
        return found

    def pose(self) -> tuple[np.ndarray, np.ndarray]:
        """Where the pelvis is [3] and the local rotations [22, 4], root and hips put together."""
        bones = self.transforms("/VMC/Ext/Bone/Pos")
        assert list(bones) == HUMAN_BODY_BONES
        place, turn = self.transforms("/VMC/Ext/Root/Pos")["root"]
        hips, rotation = bones["Hips"]
        rotations = np.array([bone[1] for bone in bones.values()])
        rotations[0] = (Rotation.from_quat(turn) * Rotation.from_quat(rotation)).as_quat()
        return place + Rotation.from_quat(turn).apply(hips), rotations


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Largest difference of two sets of unit quaternions, which q and -q have not."""
    return float(np.minimum(np.abs(one - other).max(axis=-1), np.abs(one + other).max(axis=-1)).max())


class Receiver:
    """A UDP port on loopback."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(60.0)
        self.port: int = self._socket.getsockname()[1]

    def frame(self) -> Received:
        """The next frame: packets up to the one that ends with the time."""
        packets = []
        while not packets or OscBundle(packets[-1]).content(-1).address != "/VMC/Ext/T":
            packets.append(self._socket.recv(65536))
            assert len(packets[-1]) < 1500
        return Received.of(packets)

    def close(self) -> None:
        self._socket.close()
