"""Idle motion: who stands is alive and stays, who walks is left alone, two characters do not move alike."""

import numpy as np

from controller.fake_network import FakeNetwork
from motionwire.controller.controller import Controller
from motionwire.controller.intent import Intent
from motionwire.controller.settings import Settings
from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import JOINT_NAMES

CHEST, HEAD = JOINT_NAMES.index("spine3"), JOINT_NAMES.index("head")


def record(settings: Settings, speed: float, seconds: float = 20.0) -> tuple[np.ndarray, np.ndarray]:
    """Root positions [T, 2, 3] and rotations [T, 2, 22, 4] of two characters."""
    controller = Controller(FakeNetwork(), settings)
    state = controller.create([[0.0, 0, 0], [0.0, 0, 0]], [0.0, 0.0])
    intent = Intent(np.array([[0.0, speed]] * 2, np.float32), np.full(2, np.nan, np.float32), np.zeros(2, np.intp))
    poses = [controller.step(state, intent) for _ in range(round(seconds * 60))]
    return np.stack([pose.root_positions for pose in poses]), np.stack([pose.rotations for pose in poses])


def test_who_stands_moves_and_stays() -> None:
    roots, rotations = record(Settings(foot_lock=False), 0.0, 60.0)
    away = np.linalg.norm(roots[..., [0, 2]] - roots[0][:, [0, 2]], axis=-1)
    assert 0.005 < away.max() < 0.06
    moved = np.degrees(rot.angle_between(rotations, rotations[:1]))
    assert (moved[..., [CHEST, HEAD]].max(axis=0) > 0.3).all()
    assert moved.max() < 25
    assert np.degrees(rot.angle_between(rotations[1:], rotations[:-1])).max() * 60 < 30  # deg/s
    assert np.abs(roots[:, 0] - roots[:, 1]).max() > 0.005  # each in its own time


def test_who_walks_is_left_alone() -> None:
    plain, alive = (record(Settings(foot_lock=False, idle=idle), 1.4)[1][60:] for idle in (0.0, 1.0))
    np.testing.assert_allclose(alive, plain, atol=1e-6)
