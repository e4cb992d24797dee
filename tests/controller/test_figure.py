"""The figure put into the world: pose vectors back to the clip that they were made of."""

import numpy as np

from motionwire.controller.encoding import encode
from motionwire.controller.figure import place_figure
from motionwire.controller.quaternions import from_6d
from motionwire.motion import rotations as rot
from motionwire.motion.kinematics import forward_kinematics
from motionwire.motion.skeleton import REFERENCE
from synthetic import walking_clip


def test_pose_vectors_give_the_clip_back() -> None:
    clip = walking_clip(2.0, fps=60.0, turn=0.7)
    pose, track = encode(clip)
    roots, rotations = np.empty_like(clip.root_positions), np.empty_like(clip.rotations)
    place_figure(pose, track.positions, track.headings, roots, rotations)
    np.testing.assert_allclose(roots, clip.root_positions, atol=1e-5)
    assert np.degrees(rot.angle_between(rotations, clip.rotations)).max() < 0.05
    np.testing.assert_allclose(forward_kinematics(REFERENCE, rotations, roots)[0], clip.world()[0], atol=1e-4)


def test_six_numbers_to_a_rotation_as_the_arrays_have_it() -> None:
    six = np.random.default_rng(5).normal(size=(500, 6))
    mine = np.array([from_6d(row) for row in six])
    assert rot.angle_between(mine, rot.from_6d(six)).max() < 1e-6
