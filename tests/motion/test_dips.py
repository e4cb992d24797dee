"""Feet come out of the ground by bending their knees; what stands on something lower, or not in the ground at all, is left alone."""

from dataclasses import replace

import numpy as np
import pytest

from motionwire.motion.clip import Clip
from motionwire.motion.dips import DEEP, LOWER, out_of_the_ground
from motionwire.motion.ground import on_the_ground, toe_height
from motionwire.motion.skeleton import REFERENCE
from synthetic import walking_clip

WALK = on_the_ground(walking_clip(4.0), toe_height(REFERENCE))
ANKLES, TOES = [7, 8], [10, 11]


def dipped(by: float) -> Clip:
    """The walk, which goes into the ground by so much, m, and comes up."""
    roots = WALK.root_positions.copy()
    roots[:, 1] -= by * np.sin(np.linspace(0, np.pi, len(WALK)))
    return replace(WALK, root_positions=roots.astype(np.float32))


def test_feet_come_down_on_the_ground() -> None:
    made, before = out_of_the_ground(dipped(0.1)), dipped(0.1)
    joints, were = made.world()[0], before.world()[0]
    rest = toe_height(REFERENCE)
    assert were[:, TOES, 1].min() < rest - 0.08
    assert joints[:, TOES, 1].min() > rest - DEEP - 0.003
    assert joints[:, ANKLES, 1].min() > rest - REFERENCE.offsets[TOES, 1].max() - DEEP - 0.003
    np.testing.assert_array_equal(made.root_positions, before.root_positions)
    np.testing.assert_allclose(joints[:, ANKLES][..., [0, 2]], were[:, ANKLES][..., [0, 2]], atol=1e-4)
    assert np.abs(np.diff(joints, axis=0)).max() < np.abs(np.diff(were, axis=0)).max() + 0.01, "no joint jumps"


@pytest.mark.parametrize("by", [-0.05, LOWER + 0.1])
def test_others_are_left_alone(by: float) -> None:
    clip = replace(WALK, root_positions=WALK.root_positions - np.array([0, by, 0], np.float32))
    np.testing.assert_array_equal(out_of_the_ground(clip).rotations, clip.rotations)
