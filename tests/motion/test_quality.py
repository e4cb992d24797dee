"""Read-outs of a clip: figures of motions whose answer is known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.quality import NEAR, readouts
from motionwire.motion.skeleton import JOINT_NAMES, JOINTS, REFERENCE

FPS, FRAMES = 60.0, 120
TIME = np.arange(FRAMES)[:, None] / FPS
LEFT, RIGHT = ([JOINT_NAMES.index(f"{side}_{joint}") for joint in ("ankle", "foot")] for side in ("left", "right"))


def figures(places: NDArray[np.float64]) -> dict[str, float]:
    """Of world positions [120, 22, 3] at 60 fps."""
    still = np.tile(rot.IDENTITY, (FRAMES, JOINTS, 1))
    return readouts(Clip(REFERENCE, FPS, np.zeros((FRAMES, 3), np.float32), still), places)


@pytest.fixture
def standing() -> NDArray[np.float64]:
    """Places of a figure that does not move, its toes 3 cm above the ground."""
    places = Clip(REFERENCE, FPS, REFERENCE.offsets[:1], rot.IDENTITY[None].repeat(JOINTS, 0)[None]).world()[0].astype(np.float64)
    places[..., 1] += 0.03 - places[..., 1].min()
    return places.repeat(FRAMES, axis=0)


def test_who_stands_has_nothing_to_clean(standing: NDArray[np.float64]) -> None:
    assert figures(standing) == {"weighted_skate_cm_s": 0, "jerk_m_s3": 0, "contact_breaks_per_s": 0}


@pytest.mark.parametrize(("height", "weight"), [(0.0, 1.0), (NEAR / 2, 2 - np.sqrt(2)), (NEAR, 0.0), (0.3, 0.0)])
def test_a_sliding_foot_counts_by_its_height(standing: NDArray[np.float64], height: float, weight: float) -> None:
    """One foot glides at 0.5 m/s, the other one stands: the mean is of both."""
    standing[:, LEFT, 2] += 0.5 * TIME
    standing[1:, LEFT, 1] += height
    assert figures(standing)["weighted_skate_cm_s"] == pytest.approx(25 * weight, abs=0.01)


def test_a_rising_foot_does_not_slide(standing: NDArray[np.float64]) -> None:
    standing[:, LEFT, 1] += 0.005 * TIME
    assert figures(standing)["weighted_skate_cm_s"] == 0


def test_jerk_is_the_third_derivative(standing: NDArray[np.float64]) -> None:
    standing[..., 0] += TIME**3
    assert figures(standing)["jerk_m_s3"] == pytest.approx(6, rel=1e-3)


@pytest.mark.parametrize(("hertz", "breaks"), [(6.0, True), (1.0, False)])
def test_a_foot_that_trembles_at_the_edge_of_contact_breaks_it(standing: NDArray[np.float64], hertz: float, breaks: bool) -> None:
    """A toe that stood first hovers where contact is as likely as not; each of its slow rises lasts longer than a break."""
    standing[60:, RIGHT, 1] += [0.2, 0.045]
    standing[60:, RIGHT[1], 1] += 0.006 * np.sin(2 * np.pi * hertz * TIME[60:, 0])
    assert (figures(standing)["contact_breaks_per_s"] > 2) == breaks


def test_a_pose_has_no_figures(standing: NDArray[np.float64]) -> None:
    clip = Clip(REFERENCE, FPS, np.zeros((1, 3), np.float32), rot.IDENTITY[None].repeat(JOINTS, 0)[None])
    assert readouts(clip, standing[:1]) == {"weighted_skate_cm_s": 0, "jerk_m_s3": 0, "contact_breaks_per_s": 0}
