"""Repetitions of the measures on held-out clips: an interval is that of the sets of motions, which are independent."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from motionwire_training.evaluation.text_to_motion import matching
from motionwire_training.evaluation.text_to_motion.held_out import SETS, _repeated, _training


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


def test_fid_of_real_training_clips_stands_beside_where_there_are_enough() -> None:
    random = np.random.default_rng(0)
    labels = [(f"content {number % 10}", "") for number in range(40)]
    vectors = random.normal(size=(50, 8))
    library = SimpleNamespace(labels=[(f"content {number % 10}", "") for number in range(50)], features=lambda row: [row])
    judge = SimpleNamespace(motions=lambda clips: vectors[[row for (row,) in clips]])
    trial: Any = SimpleNamespace(random=random, library=library, judge=judge)
    found = _training(trial, [*labels, ("nowhere else", "")], random.normal(size=(41, 8)))
    assert found["clips"] == 40 and found["fid"]["mean"] > 0
    assert _training(trial, labels[:8], vectors[:8]) == {}


def test_fid_is_left_out_of_fewer_clips_than_the_space_has_dimensions() -> None:
    random = np.random.default_rng(0)
    trial: Any = SimpleNamespace(random=random)
    labels = [(f"content {number}", "") for number in range(9)]
    motions, words = ([random.normal(size=(9, 8)) for _ in range(SETS)] for _ in range(2))
    assert "fid" in _repeated(trial, motions, words, labels, motions[0])
    few = [[part[:8] for part in own] for own in (motions, words)]
    assert "fid" not in _repeated(trial, *few, labels[:8], few[0][0])
