"""A walk on the spot does not travel, and swaying is no way."""

from dataclasses import replace

import numpy as np
import pytest

from motionwire.motion.clip import Clip
from motionwire_training.evaluation.text_to_motion.travel import speed, travel
from synthetic import walking_clip

WALKS = [walking_clip(4.0, speed=each, turn=0.2) for each in (0.8, 1.0, 1.2)]


def carried(clip: Clip, share: float) -> Clip:
    """The clip with its root going so much as far."""
    return replace(clip, root_positions=clip.root_positions * np.array([share, 1, share], np.float32))


def test_who_walks_on_the_spot_or_half_as_far_does_not_pass_for_one_who_goes() -> None:
    for share in (0.0, 0.5, 1.0):
        found = travel(["walk", "walk", "run"], WALKS, [carried(clip, share) for clip in WALKS])
        assert found["clips"] == 3 and found["median_ratio"] == pytest.approx(share, abs=1e-6)
        assert found["ratio_by_content"] == {"walk": pytest.approx(share, abs=1e-6), "run": pytest.approx(share, abs=1e-6)}


def test_only_real_clips_that_go_somewhere_count() -> None:
    still = carried(WALKS[0], 0.0)
    assert travel(["bow"], [still], WALKS[:1]) == {}
    assert travel(["bow", "walk"], [still, WALKS[0]], WALKS[:2])["clips"] == 1


def test_the_way_is_measured_without_what_trembles() -> None:
    assert speed(walking_clip(4.0, speed=1.3)) == pytest.approx(1.3, rel=1e-3)
    assert speed(walking_clip(0.2, speed=1.3)) == pytest.approx(1.3, rel=1e-3)
    trembling = carried(WALKS[0], 0.0)
    trembling.root_positions[1::2, 0] += 0.02
    assert speed(trembling) < 0.1
