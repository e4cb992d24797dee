"""Feet that have come down count as standing while they still slide; those that pass over the ground do not."""

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import CONTACT_JOINTS, soft_contacts
from motionwire.motion.landing import landing_contacts
from motionwire.motion.skeleton import REFERENCE
from synthetic import walking_clip

STANDING = np.tile([0, 0, 0, 1.0], (60, 22, 1))


def led(z: np.ndarray, y: np.ndarray) -> Clip:
    """The standing pose carried to z, y over the ground, m, at 30 fps."""
    zero = np.zeros(len(z))
    return Clip(REFERENCE, 30.0, REFERENCE.offsets[0] + np.stack((zero, y, z), axis=-1), STANDING[: len(z)])


def test_a_foot_that_slides_as_it_lands_has_landed() -> None:
    stop = np.concatenate((np.linspace(-0.12, 0, 4), np.zeros(26)))  # 1.2 m/s in the last frames before it stands
    clip = led(stop, np.where(np.arange(30) < 1, 0.1, 0.0))
    assert (soft_contacts(clip)[1:3] < 0.5).all()
    assert (landing_contacts(clip)[1:3].max(axis=1) > 0.5).all() and (landing_contacts(clip)[0] < 0.5).all()


def test_a_foot_that_passes_low_over_the_ground_has_not() -> None:
    passing = led(np.concatenate((np.zeros(20), np.cumsum(np.full(20, 0.04)), np.full(20, 0.8))), np.zeros(60))
    amid = landing_contacts(passing)[25:35]
    assert (amid < 0.5).all()


def test_what_stands_stays_so_and_a_rounder_walk_gains_more() -> None:
    walk = walking_clip(4.0, fps=60.0)
    standing, landing = soft_contacts(walk), landing_contacts(walk)
    assert (landing >= standing - 1e-6).all()
    rounded = replace(walk, rotations=rot.normalize(gaussian_filter1d(walk.rotations.astype(np.float64), 2.0, axis=0)).astype(np.float32))
    more = [(landing_contacts(clip) > 0.5).mean() - (soft_contacts(clip) > 0.5).mean() for clip in (walk, rounded)]
    assert more[1] > more[0] >= 0


def test_clips_of_a_frame() -> None:
    assert landing_contacts(walking_clip().slice(0, 1)).shape == (1, len(CONTACT_JOINTS))
