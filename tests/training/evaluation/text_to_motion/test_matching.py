"""Measures in the evaluator's space, where the answer is known."""

import numpy as np
import pytest

from motionwire_training.evaluation.text_to_motion.accuracy import accuracies
from motionwire_training.evaluation.text_to_motion.matching import diversity, fid, matching_distance, multimodality, r_precision, spread
from motionwire_training.evaluation.text_to_motion.prompts import Prompt

RANDOM = np.random.default_rng(0)
LABELS = [(f"content {number}", "") for number in range(60)]


def unit(rows: int) -> np.ndarray:
    values = np.random.default_rng(1).normal(size=(rows, 16))
    return values / np.linalg.norm(values, axis=1, keepdims=True)


def test_r_precision_is_one_for_the_own_sentence_and_chance_for_any() -> None:
    vectors = unit(60)
    assert r_precision(vectors, vectors, LABELS, RANDOM).tolist() == [1, 1, 1]
    by_chance = np.mean([r_precision(vectors, unit(90)[30:], LABELS, RANDOM) for _ in range(40)], axis=0)
    np.testing.assert_allclose(by_chance, np.array([1, 2, 3]) / 32, atol=0.06)
    assert np.isnan(r_precision(vectors[:20], vectors[:20], LABELS[:20], RANDOM)).all()


def test_a_sentence_that_is_true_of_the_motion_is_no_distractor() -> None:
    vectors, labels = unit(64), [("walk", "sad"), ("walk", "")] + [(f"content {number}", "") for number in range(62)]
    vectors[1] = vectors[0]
    assert r_precision(vectors, vectors, labels, RANDOM)[0] == 1


def test_fid_of_gaussians() -> None:
    a = np.random.default_rng(2).normal(size=(4000, 4))
    assert abs(fid(a, a)) < 1e-6
    assert fid(a, a + np.array([3, 0, 0, 0])) == pytest.approx(9, abs=1e-6)
    assert fid(a, 2 * a) == pytest.approx(4 * (2 - 1) ** 2, rel=0.1)  # trace of (2 - 1)^2 I
    few = np.random.default_rng(3).normal(size=(5, 16))
    assert np.isfinite(fid(few, few[:3])) and fid(few, few) < 1e-4


def test_variety() -> None:
    vectors = unit(50)
    assert diversity(np.tile(vectors[:1], (9, 1)), RANDOM) == 0 and 1 < diversity(vectors, RANDOM) < 2
    assert multimodality([vectors[:1].repeat(3, axis=0), vectors[:1]]) == 0
    assert multimodality([np.array([[1.0, 0], [0, 1.0]])]) == pytest.approx(2**0.5)
    assert matching_distance(vectors, -vectors) == pytest.approx(2)
    assert spread([1.0, 3.0])["mean"] == 2 and np.isnan(spread([1.0])["ci95"])
    assert spread([1.0, 2.0, 3.0])["ci95"] == pytest.approx(4.303 / 3**0.5, rel=1e-3), "Student's t, not the normal distribution"


def test_accuracy_counts_by_content_and_by_style() -> None:
    prompts = [Prompt("a", ("walk",), "old"), Prompt("b", ("wave-left-hand", "wave-right-hand")), Prompt("c", ("walk",), "sad")]
    found = accuracies(prompts, ["walk", "wave-right-hand", "run"], ["elderly", "sad", "angry"])
    assert found["content_accuracy"] == pytest.approx(2 / 3) and found["style_accuracy"] == 0.5
    assert found["content_accuracy_mean_of_each"] == 0.75
    assert found["by_content"]["walk"] == {"right": 1, "asked": 2, "taken_for": {"run": 1}}
    assert found["by_style"]["sad"] == {"right": 0, "asked": 1, "taken_for": {"angry": 1}} and "" not in found["by_style"]
