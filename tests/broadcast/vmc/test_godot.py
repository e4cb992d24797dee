"""A second receiver of another make: Godot 3, headless, poses its own skeleton from the packets; its joints are where ours are."""

import json
import shutil
import socket
import subprocess
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from broadcast.toolchain import need
from broadcast.vmc.received import HUMAN_BODY_BONES
from motionwire.broadcast.vmc_packets import Packets
from motionwire.motion.kinematics import forward_kinematics
from motionwire.motion.skeleton import JOINTS, PARENTS, REFERENCE

PROJECT = Path(__file__).parent / "receiver"
FRAMES = 20


@pytest.mark.parametrize("root_in_hips", [False, True], ids=["root", "root in hips"])
def test_godot_poses_a_skeleton(root_in_hips: bool) -> None:
    program = need(shutil.which("godot3-server") or shutil.which("godot3"), "Godot 3 (Debian's godot3-server)")
    tree = ",".join(
        f"{name}:{HUMAN_BODY_BONES[parent] if parent >= 0 else ''}" for name, parent in zip(HUMAN_BODY_BONES, PARENTS, strict=True)
    )
    rotations = Rotation.random(FRAMES * JOINTS, random_state=2).as_quat().reshape(FRAMES, JOINTS, 4).astype(np.float32)
    roots = np.random.default_rng(2).uniform(-3, 3, (FRAMES, 3)).astype(np.float32)
    packets = Packets(REFERENCE, root_in_hips)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind(("127.0.0.1", 0))
        port = free_port()
        command = [program, "--no-window", "--path", str(PROJECT), "--script", "receiver.gd", str(port), tree, str(FRAMES)]
        godot = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            assert godot.stdout is not None
            said = [line := godot.stdout.readline()]
            while line and line != "listening\n":
                said.append(line := godot.stdout.readline())
            assert line, "".join(said)
            for root, rotation in zip(roots, rotations, strict=True):
                for packet in packets.fill(root, rotation, 0.0):
                    sender.sendto(packet, ("127.0.0.1", port))
                places = json.loads(godot.stdout.readline())
                expected, _ = forward_kinematics(REFERENCE, rotation, root)
                np.testing.assert_allclose([places[name] for name in HUMAN_BODY_BONES], expected, atol=1e-4)
            assert godot.wait(60) == 0
        finally:
            godot.kill()
            godot.communicate()


def free_port() -> int:
    """A UDP port that nobody uses now: Godot 3 cannot say which one the system chose for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
