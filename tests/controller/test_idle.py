"""Idle motion: who stands is alive and stays, who walks is left alone, two do not move alike; what is no idle motion is refused."""

import numpy as np
import pytest

from controller.fake_network import CHEST, HEAD, IDLE, FakeNetwork
from motionwire.controller.controller import Controller
from motionwire.controller.idle import MOVED, Idle
from motionwire.controller.intent import Intent
from motionwire.controller.settings import Settings
from motionwire.motion import rotations as rot


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


def test_who_sets_off_leaves_it_softly() -> None:
    """A wish makes a walker of who stands from one frame to the next; what idle motion had turned by then does not jump back."""
    controller = Controller(FakeNetwork(), Settings(foot_lock=False))
    state = controller.create([[0.0, 0, 0]], [0.0])
    rotations = []
    for frame in range(120):
        intent = Intent(np.array([[0.0, 1.4 * (frame >= 60)]]), np.full(1, np.nan), np.zeros(1, np.intp))
        rotations.append(controller.step(state, intent).rotations[0, HEAD])
    turned = np.degrees(rot.angle_between(np.array(rotations), np.array(rotations)[-1:]))
    assert turned[59] > 0.5 and turned[100:].max() < 0.1
    assert np.abs(np.diff(turned)).max() * 60 < 30  # deg/s


def test_a_joint_turns_as_far_as_its_waves_say() -> None:
    _, rotations = record(Settings(foot_lock=False), 0.0, 60.0)
    _, plain = record(Settings(foot_lock=False, idle=0.0), 0.0, 60.0)
    turned = rot.log(rot.multiply(rot.inverse(plain), rotations))[120:]
    np.testing.assert_allclose(turned[..., CHEST, 1], turned[..., HEAD, 1] / 2, atol=1e-4)
    assert np.abs(turned[..., HEAD, 1]).max() == pytest.approx(0.1, rel=0.05)
    assert np.abs(turned[..., HEAD, [0, 2]]).max() < 1e-5


def test_a_controller_without_idle_motion_stands_still() -> None:
    assert len(Idle.read(None).directions) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"directions": [[0.0] * (MOVED - 1)]},
        {"sizes": [[0.1]]},
        {"frequencies": [[0.1, float("nan")]]},
        {"frequencies": [[0.1] * 300], "sizes": [[0.1] * 300]},
    ],
)
def test_what_is_no_idle_motion_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="idle motion"):
        Idle.read({**IDLE, **wrong})
