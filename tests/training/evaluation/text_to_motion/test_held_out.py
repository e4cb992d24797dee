"""Repetitions of the measures on held-out clips: an interval is that of the sets of motions, which are independent."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from motionwire_training.evaluation.text_to_motion import matching
from motionwire_training.evaluation.text_to_motion.held_out import SETS, _repeated


def test_an_interval_is_that_of_the_sets() -> None:
    random = np.random.default_rng(0)
    trial: Any = SimpleNamespace(random=random)
    labels = [(f"content {number}", "") for number in range(40)]
    motions, words = ([random.normal(size=(40, 8)) for _ in range(SETS)] for _ in range(2))
    found = _repeated(trial, motions, words, labels, motions[0] + 1)
    distances = [matching.matching_distance(*pair) for pair in zip(motions, words, strict=True)]
    assert found["mm_dist"] == pytest.approx(matching.spread(distances))
    assert found["fid"] == pytest.approx(matching.spread([matching.fid(motions[0] + 1, own) for own in motions]))
    assert found["r_precision_1"]["ci95"] > 0 and found["diversity"]["mean"] > 0
