"""Made motion stays on level ground, whole or chunk by chunk, and its features say the same as its poses."""

import numpy as np
import pytest

from motionwire.generator.integrate import Integrator
from motionwire.generator.level import levelled
from motionwire.motion import features
from motionwire.motion.ground import off_level, on_the_ground, toe_height
from motionwire.motion.skeleton import REFERENCE
from synthetic import walking_clip

WALK = on_the_ground(walking_clip(8.0), toe_height(REFERENCE))
VALUES = features.encode(WALK)
DRIFT = np.linspace(0, 0.08, len(WALK)).astype(np.float32)


def test_raised_features_are_those_of_the_raised_motion() -> None:
    clip = features.decode(VALUES, REFERENCE)
    clip.root_positions[:, 1] += DRIFT
    raised = features.raised(VALUES, DRIFT)
    np.testing.assert_allclose(raised[:, :272], features.encode(clip)[:, :272], atol=1e-4)
    halves = (features.raised(VALUES[:50], DRIFT[:50]), features.raised(VALUES[50:], DRIFT[50:], float(DRIFT[49])))
    np.testing.assert_array_equal(np.concatenate(halves), raised)


def test_a_motion_that_drifts_off_the_ground_is_kept_on_it() -> None:
    made = features.decode(levelled(features.raised(VALUES, DRIFT), REFERENCE), REFERENCE)
    assert np.abs(off_level(made)).max() < 0.005


@pytest.mark.parametrize("cut", [1, 4, 7])
def test_so_is_one_in_chunks_of_any_length(cut: int) -> None:
    drifting = features.raised(VALUES, DRIFT)
    integrator = Integrator()
    chunks = [integrator.add(drifting[start : start + cut]) for start in range(0, len(drifting), cut)]
    roots = np.concatenate([chunk.root_positions for chunk in chunks])
    off = off_level(features.decode(drifting, REFERENCE)) + roots[:, 1] - drifting[:, features.ROOT_HEIGHT]
    assert np.abs(off[30:]).max() < 0.015
    assert np.abs(np.diff(roots[:, 1] - WALK.root_positions[:, 1])).max() < 0.002
    np.testing.assert_allclose(np.concatenate([chunk.features for chunk in chunks])[:, features.ROOT_HEIGHT], roots[:, 1], atol=1e-6)
    whole = Integrator().add(drifting)
    np.testing.assert_allclose(roots, whole.root_positions, atol=1e-4)
    np.testing.assert_allclose(np.concatenate([chunk.features for chunk in chunks]), whole.features, atol=1e-5)
