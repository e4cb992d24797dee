"""The packets of a frame, read by python-osc: their order, names, sizes and axes, and the pose that they carry."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from broadcast.vmc.received import HUMAN_BODY_BONES, Received, difference
from motionwire.broadcast.vmc_packets import Packets
from motionwire.motion.skeleton import REFERENCE

PELVIS = np.array([1.5, 0.9, -2.0], np.float32)


def decoded(packets: Packets, position: np.ndarray, rotations: np.ndarray, seconds: float = 0.0) -> Received:
    return Received.of([bytes(packet) for packet in packets.fill(position, rotations.astype(np.float32), seconds)])


def poses(count: int) -> np.ndarray:
    return Rotation.random(count * 22, random_state=4).as_quat().reshape(count, 22, 4)


@pytest.mark.parametrize("root_in_hips", [False, True])
def test_order_names_and_sizes(root_in_hips: bool) -> None:
    packets = Packets(REFERENCE, root_in_hips)
    sizes = [len(packet) for packet in packets.fill(PELVIS, poses(1)[0].astype(np.float32), 12.5)]
    assert max(sizes) < 1500 and len(sizes) == 2
    messages = decoded(packets, PELVIS, poses(1)[0], 12.5).messages
    assert [message[0] for message in messages] == [
        *["/VMC/Ext/Bone/Pos"] * 22, "/VMC/Ext/Root/Pos", "/VMC/Ext/Blend/Apply", "/VMC/Ext/OK", "/VMC/Ext/T",
    ]  # fmt: skip
    assert [arguments[0] for _, arguments in messages[:22]] == HUMAN_BODY_BONES
    assert [arguments for _, arguments in messages[23:]] == [[], [1], [12.5]] and messages[22][1][0] == "root"


@pytest.mark.parametrize("root_in_hips", [False, True])
def test_any_pose_comes_back_with_its_bones(root_in_hips: bool) -> None:
    packets = Packets(REFERENCE, root_in_hips)
    for pose in poses(50):
        received = decoded(packets, PELVIS, pose)
        position, rotations = received.pose()
        assert np.abs(position - PELVIS).max() < 1e-5 and difference(rotations, pose) < 1e-6
        bones = received.transforms("/VMC/Ext/Bone/Pos")
        np.testing.assert_allclose([bone[0] for bone in bones.values()][1:], REFERENCE.offsets[1:], atol=1e-7)


def test_the_root_stands_under_the_pelvis_and_turns_with_it() -> None:
    pose = poses(1)[0]
    pose[0] = (Rotation.from_euler("y", 70, degrees=True) * Rotation.from_euler("x", 20, degrees=True)).as_quat()
    received = decoded(Packets(REFERENCE), PELVIS, pose)
    place, turn = received.transforms("/VMC/Ext/Root/Pos")["root"]
    np.testing.assert_allclose(place, (1.5, 0, -2.0), atol=1e-6)
    assert difference(turn, Rotation.from_euler("y", 70, degrees=True).as_quat()) < 1e-6
    position, rotation = received.transforms("/VMC/Ext/Bone/Pos")["Hips"]
    np.testing.assert_allclose(position, (0, 0.9, 0), atol=1e-6)
    assert difference(rotation, Rotation.from_euler("x", 20, degrees=True).as_quat()) < 1e-6


def test_the_root_folded_into_the_hips_stays_at_the_origin() -> None:
    received = decoded(Packets(REFERENCE, root_in_hips=True), PELVIS, poses(1)[0])
    place, turn = received.transforms("/VMC/Ext/Root/Pos")["root"]
    assert place.tolist() == [0, 0, 0] and turn.tolist() == [0, 0, 0, 1]
    assert received.transforms("/VMC/Ext/Bone/Pos")["Hips"][0] == pytest.approx(PELVIS)


def test_a_pelvis_upside_down_has_a_root_all_the_same() -> None:
    pose = poses(1)[0]
    pose[0] = (1, 0, 0, 0)
    received = decoded(Packets(REFERENCE), PELVIS, pose)
    assert received.transforms("/VMC/Ext/Root/Pos")["root"][1].tolist() == [0, 0, 0, 1]
    assert difference(received.pose()[1], pose) < 1e-6


def test_unity_axes_by_hand() -> None:
    """The character's left is Unity's -x, and turning to the left is a negative turn about Unity's up."""
    pose = np.tile(np.array([0.0, 0, 0, 1]), (22, 1))
    pose[12] = Rotation.from_euler("y", 90, degrees=True).as_quat()
    half = float(np.sqrt(np.float32(0.5)))
    messages = dict((name, numbers) for _, (name, *numbers) in decoded(Packets(REFERENCE), PELVIS, pose).messages[:23])
    assert messages["Neck"][3:] == pytest.approx((0, -half, 0, half))
    assert messages["LeftUpperLeg"][:3] == pytest.approx((-0.09, -0.07, 0))
    assert messages["root"] == pytest.approx((-1.5, 0, -2.0, 0, 0, 0, 1))
