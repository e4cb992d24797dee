"""What is shown: last poses of each slot, which has its own time; footsteps once per landing; what is told between two ticks."""

import numpy as np

from motionwire.motion import rotations as rot
from motionwire.motion.poses import Poses
from motionwire.motion.skeleton import JOINTS
from motionwire.shown import Shown, Told, show

GROUND = np.array([0.0, 10.0, 0.0, 0.0], np.float32)  # of four slots, m


def poses(value: float = 0.0, contacts: tuple[float, ...] = (0, 0, 0, 0), phase: float = 0.0) -> Poses:
    """One pose with its pelvis at (value, value, value)."""
    root, rotations = np.full((1, 3), value, np.float32), np.tile(rot.IDENTITY, (1, JOINTS, 1)).astype(np.float32)
    return Poses(root, rotations, np.array([contacts], np.float32), np.array([phase], np.float32), np.zeros((1, 3), np.float32))


def push(shown: Shown, slots: list[int], *each: Poses) -> list[tuple[int, int]]:
    parts = [np.concatenate([getattr(one, name) for one in each]) for name in ("root_positions", "rotations", "contacts", "phase")]
    return shown.push(np.array(slots), *parts)


def test_each_slot_has_its_own_time() -> None:
    shown = Shown(5)
    shown.grow(3)
    shown.reset(0, poses(-1.0))
    shown.reset(2, poses(-2.0))
    for value in range(3):
        push(shown, [0], poses(value))
    push(shown, [2, 0], poses(7.0), poses(7.0))
    roots, rotations = shown.trail.at(np.array([0, 2]), ago=1)
    np.testing.assert_array_equal(roots[:, 0], (2, -2))
    assert rotations.shape == (2, JOINTS, 4)
    shown.grow(10)
    np.testing.assert_array_equal(shown.trail.past(0)[0][:, 0], (-1, 0, 1, 2, 7))
    np.testing.assert_array_equal(shown.trail.past(0, every=2)[0][:, 0], (-1, 1, 7))
    for value in range(11):
        push(shown, [0], poses(value))
    np.testing.assert_array_equal(shown.trail.past(0)[0][:, 0], (6, 7, 8, 9, 10))


def test_each_landing_is_told_once() -> None:
    shown = Shown(2)
    shown.grow(4)
    shown.reset(3, poses(contacts=(1, 1, 1, 1)))
    shown.reset(1, poses(contacts=(0, 0, 1, 1)))
    left = [1.0, 0.55, 0.45, 0.55, 0.2, 0.0, 0.5, 0.59, 0.61, 0.5, 0.45, 0.61, 1.0]
    heard = [push(shown, [3, 1], poses(contacts=(0, contact, 1, 1)), poses(contacts=(0, 0, 1, 1))) for contact in left]
    assert heard[8] == [(3, 0)]
    assert sum(map(len, heard)) == 1


def test_right_foot_and_heel_count() -> None:
    shown = Shown(2)
    shown.grow(2)
    shown.reset(1, poses())
    assert push(shown, [1], poses(contacts=(0, 0, 0.9, 0))) == [(1, 1)]


def test_between_two_ticks() -> None:
    """A quarter of the way from the tick before; the phase goes on over the full circle; the ground carries the figure."""
    shown = Shown(2)
    shown.grow(2)
    shown.reset(1, poses(1.0, phase=6.0))
    push(shown, [1], poses(3.0, contacts=(1, 0, 0, 0), phase=6.4 - 2 * np.pi))
    told = Told.unfilled(1)
    shown.tell(np.array([1]), np.array([0.25]), GROUND, told)
    np.testing.assert_allclose(told.data[0, :3], (1.5, 11.5, 1.5), atol=1e-6)
    np.testing.assert_allclose(told.contacts, [[0.25, 0, 0, 0]], atol=1e-6)
    np.testing.assert_allclose(told.phase, [6.1], atol=1e-5)
    np.testing.assert_allclose(told.root_delta, [[0.5, 0.5, 0]], atol=1e-6)
    shown.tell(np.array([1]), np.array([1.0]), GROUND, told)
    np.testing.assert_allclose(told.data[0, :3], (3, 13, 3), atol=1e-6)
    np.testing.assert_allclose(told.root_delta, [[1.5, 1.5, 0]], atol=1e-6)


def test_the_first_act_does_not_wait_for_a_compiler() -> None:
    shown = Shown(2)
    before = list(show.signatures)
    shown.grow(1)
    shown.reset(0, poses())
    push(shown, [0], poses(1.0))
    assert show.signatures == before
