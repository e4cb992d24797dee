"""Feet that creep while they stand are put back where they stood; nothing else of the figure moves."""

from dataclasses import replace

import numpy as np

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import CONTACT_JOINTS
from motionwire.motion.legs import ANKLES, HIPS, KNEES
from motionwire.motion.skeleton import JOINTS
from motionwire_training.controller.ground import level_contacts
from motionwire_training.controller.planting import plant
from synthetic import walking_clip
from training.controller.tiny_data import still_clip

REST = [joint for joint in range(JOINTS) if joint not in (*HIPS, *KNEES, *ANKLES)]
CREEP = 0.08  # m/s
INNER = slice(6, -6)  # the corrections' corners at a clip's ends are rounded


def creeping(clip: Clip) -> Clip:
    """The clip with its whole figure, feet included, carried along by CREEP."""
    root = clip.root_positions.copy()
    root[:, 2] += CREEP * np.arange(len(clip), dtype=np.float32) / np.float32(clip.fps)
    return replace(clip, root_positions=root)


def speeds(clip: Clip) -> np.ndarray:
    """Ground speed [T, 4] in m/s of heels and toes."""
    return np.linalg.norm(np.gradient(clip.world()[0][:, CONTACT_JOINTS][..., ::2], 1 / clip.fps, axis=0), axis=-1)


def test_a_creeping_foot_of_a_stand_is_held() -> None:
    clip = creeping(still_clip(1.0))
    assert speeds(clip).min() > 0.9 * CREEP
    assert speeds(plant(clip))[INNER].max() < 0.05 * CREEP


def test_planted_feet_of_a_walk_stand_still() -> None:
    clip = creeping(walking_clip(4.0, fps=60.0, speed=1.0))
    made = plant(clip)
    down = level_contacts(clip).reshape(-1, 2, 2).max(axis=-1) > 0.9
    slower = [np.where(down, speeds(found).reshape(-1, 2, 2).min(axis=-1), np.nan) for found in (clip, made)]
    before, after = (float(np.nanmedian(found)) for found in slower)
    assert before > 0.8 * CREEP
    assert after < 0.2 * CREEP


def test_the_swing_keeps_its_height_and_all_but_the_legs_stays() -> None:
    clip = creeping(walking_clip(4.0, fps=60.0, speed=1.0))
    made = plant(clip)
    np.testing.assert_array_equal(made.root_positions, clip.root_positions)
    np.testing.assert_allclose(made.rotations[:, REST], clip.rotations[:, REST], atol=1e-6)
    np.testing.assert_allclose(made.world()[0][:, CONTACT_JOINTS, 1], clip.world()[0][:, CONTACT_JOINTS, 1], atol=5e-3)


def test_feet_keep_their_direction_in_the_world() -> None:
    clip = creeping(walking_clip(4.0, fps=60.0, speed=1.0))
    before, after = (found.world()[1][:, ANKLES].astype(np.float64) for found in (clip, plant(clip)))
    assert np.degrees(rot.angle_between(before, after)).max() < 0.1


def test_what_already_stands_stays_as_it_is() -> None:
    clip = still_clip(1.0)
    np.testing.assert_allclose(plant(clip).rotations, clip.rotations, atol=1e-4)
