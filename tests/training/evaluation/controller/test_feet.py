"""Foot skate, depth, height and the foot lock's pull, of feet moved by known amounts."""

from dataclasses import replace

import numpy as np
import pytest

from motionwire.motion.contacts import CONTACT_JOINTS
from motionwire.motion.skeleton import REFERENCE
from motionwire_training.evaluation.controller.feet import LIFTED, aloft, feet, heights, rest_heights, shown_contacts, skate
from motionwire_training.evaluation.controller.recording import Motion
from training.evaluation.controller.recordings import walking


def standing(frames: int = 120) -> Motion:
    """The T-pose on the ground."""
    rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (frames, 1, 22, 1))
    return Motion(np.tile(REFERENCE.offsets[0].astype(np.float32), (frames, 1, 1)), rotations)


def test_a_sliding_foot_is_measured_at_its_speed() -> None:
    still = walking()
    slid = walking(slide=0.5)
    assert skate(still.raw, still.contacts) < 3
    assert skate(slid.raw, still.contacts) == pytest.approx(50, abs=1)


def test_each_channel_is_measured_at_its_own_joint_and_only_while_down() -> None:
    motion = standing()
    motion.roots[:, 0, 0] += 0.2 * np.arange(120) / 60
    contacts = np.zeros((120, 1, 4))
    assert np.isnan(skate(motion, contacts))
    contacts[:60, :, 1] = 1
    assert skate(motion, contacts) == pytest.approx(20, rel=1e-3)


def lifted(motion: Motion, height: float) -> Motion:
    """The same so much (m) higher."""
    return replace(motion, roots=motion.roots + np.array([0, height, 0], np.float32))


def test_a_foot_let_go_slides_as_long_as_it_is_low() -> None:
    slid = walking(slide=0.5)
    rest = float((slid.shown.positions[:, :, CONTACT_JOINTS][..., 1] - rest_heights(REFERENCE)).min())
    told = np.zeros_like(slid.contacts)
    for height, down in ((-rest, True), (LIFTED / 2 - rest, True), (LIFTED + 0.04, False)):
        recording = replace(slid, shown=lifted(slid.shown, height), told=told)
        assert shown_contacts(recording).any() == down
        assert not down or feet(recording)["shown_skate_cm_s"] == pytest.approx(50, abs=1)


def test_a_foot_told_down_slides_however_high_it_is() -> None:
    slid = walking(slide=0.5)
    recording = replace(slid, shown=lifted(slid.shown, 0.1))
    np.testing.assert_array_equal(shown_contacts(recording), recording.told)
    assert feet(recording)["shown_skate_cm_s"] == pytest.approx(50, abs=1)


def test_depth_and_height_of_a_standing_figure() -> None:
    contacts = np.ones((120, 1, 4))
    toe = float(rest_heights(REFERENCE)[1])
    found = heights(standing(), contacts)
    assert found["penetration_cm"] == 0 and found["float_cm"] == pytest.approx(0, abs=1e-3)
    for lift, name, expected in ((0.05, "float_cm", 5.0), (-0.05 - toe, "penetration_cm", 5.0)):
        motion = standing()
        motion.roots[..., 1] += lift
        assert heights(motion, contacts)[name] == pytest.approx(expected, abs=1e-3)


def test_feet_that_swing_do_not_float() -> None:
    motion = standing()
    motion.roots[..., 1] += 0.3
    assert heights(motion, np.zeros((120, 1, 4)))["float_cm"] == 0


def test_the_lock_adds_no_acceleration_where_it_does_nothing_and_a_pop_is_seen() -> None:
    still = walking()
    assert feet(still)["added_acceleration_m_s2"] == 0
    roots = still.shown.roots.copy()
    roots[200:, 0, 0] += 0.01  # one centimetre in one frame is 0.01 * 60 * 60 m/s2
    popped = feet(replace(still, shown=Motion(roots, still.shown.rotations)))
    assert popped["added_acceleration_m_s2"] == pytest.approx(36, rel=0.02)
    assert popped["foot_skate_cm_s"] == feet(still)["foot_skate_cm_s"]


def test_who_glides_without_a_foot_down_is_told() -> None:
    contacts = np.ones((100, 2, 4))
    assert aloft(contacts, 60) == 0
    contacts[10:20, 0], contacts[50:80, 1], contacts[60:90, 0, :3] = 0, 0.4, 0
    assert aloft(contacts, 60) == pytest.approx(0.5)
