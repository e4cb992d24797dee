"""A generated clip is steadied, and its feet do not slide as they come down."""

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from motionwire.cleaning import Cleaning, Smoothing, clean
from motionwire.generator.finish import finish
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import CONTACT_JOINTS, soft_contacts
from motionwire.motion.seams import going_on
from synthetic import walking_clip


def sliding(clip: Clip, down: np.ndarray) -> float:
    """Mean speed (m/s) over the ground of the joints that are down [T, 4]."""
    speed = np.linalg.norm(np.gradient(clip.world()[0][:, CONTACT_JOINTS][..., ::2], 1 / clip.fps, axis=0), axis=-1)
    return float(speed[down].mean())


def test_feet_that_slide_as_they_land_are_kept() -> None:
    """The walk as a network gives it back: rounder."""
    walk = walking_clip(4.0)
    soft = gaussian_filter1d(walk.rotations.astype(np.float64), 1.2, axis=0)
    rounded = replace(walk, rotations=rot.normalize(soft).astype(np.float32))
    feet = walk.world()[0][:, CONTACT_JOINTS]
    down = np.linalg.norm(np.gradient(feet, 1 / walk.fps, axis=0), axis=-1) < 0.05
    by_speed = clean(rounded, Cleaning(smooth=Smoothing.SAVITZKY_GOLAY, lock_feet=True))
    assert sliding(finish(rounded), down) < 0.8 * sliding(by_speed, down) < sliding(rounded, down)
    np.testing.assert_array_equal(finish(rounded).root_positions, by_speed.root_positions)


def test_who_goes_on_stays_on_the_foot_he_stands_on() -> None:
    """What follows has its feet seven centimetres elsewhere, which a seam alone makes them slide."""
    walk = walking_clip(4.0)
    before, after = walk.slice(0, 45), walk.slice(45)
    after = replace(after, root_positions=after.root_positions + np.array([0.05, 0, -0.05], np.float32))
    made, seam = finish(after, before), going_on(before, after)
    down = soft_contacts(after)[:6] > 0.9
    assert down.any() and sliding(seam.slice(0, 6), down) > 0.05
    assert sliding(made.slice(0, 6), down) < 0.6 * sliding(seam.slice(0, 6), down)
    np.testing.assert_allclose(made.world()[0][0], seam.world()[0][0], atol=0.003)
