"""Moves over the ground: turning and going somewhere, of whatever is said in the world's axes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.moved import Move, moved, spot_of
from synthetic import walking_clip

FAR = st.floats(-1000, 1000)
TURN = st.floats(-10, 10)


@given(FAR, FAR, TURN, FAR, FAR, TURN)
def test_who_stood_here_stands_there(x: float, z: float, heading: float, to_x: float, to_z: float, to_heading: float) -> None:
    move = Move((np.array([x, z]), heading), (np.array([to_x, to_z]), to_heading))
    np.testing.assert_allclose(move.places(np.array([x, z])), (to_x, to_z), atol=1e-9)
    np.testing.assert_allclose(move.points(np.array([x, 7.0, z])), (to_x, 7.0, to_z), atol=1e-9)
    ahead = move.ways(np.array([math.sin(heading), math.cos(heading)]))
    np.testing.assert_allclose(ahead, (math.sin(to_heading), math.cos(to_heading)), atol=1e-9)
    assert rot.angle_between(move.rotations(rot.from_yaw(heading)), rot.from_yaw(to_heading)) < 1e-7
    np.testing.assert_allclose(
        rot.rotate(rot.from_yaw(move.turn), np.array([1.0, 2.0, 3.0])), move.vectors(np.array([1.0, 2.0, 3.0])), atol=1e-9
    )


def test_a_clip_goes_along() -> None:
    clip = walking_clip(1.0)
    there = (np.array([5.0, -3.0]), 2.0)
    other = moved(clip, spot_of(clip, 10), there)
    place, heading = spot_of(other, 10)
    np.testing.assert_allclose(place, there[0], atol=1e-6)
    assert heading == pytest.approx(there[1], abs=1e-6)
    np.testing.assert_array_equal(other.root_positions[:, 1], clip.root_positions[:, 1])


@pytest.mark.parametrize("there", [(math.nan, 0.0, 0.0), (0.0, math.inf, 0.0), (0.0, 0.0, math.nan)])
def test_what_is_no_place(there: tuple[float, float, float]) -> None:
    with pytest.raises(InputError, match="no place"):
        Move((np.zeros(2), 0.0), (np.array(there[:2]), there[2]))
