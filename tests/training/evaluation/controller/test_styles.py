"""The style classifier on walks that differ by what their arms do."""

from pathlib import Path

import numpy as np
import pytest

from motionwire.motion import rotations as rot
from motionwire.motion.mirror import FLIP_ROTATION, MIRROR_JOINTS
from motionwire.motion.skeleton import JOINT_NAMES
from motionwire_training.evaluation.controller import styles
from motionwire_training.evaluation.controller.styles import StyleTest, features, shares, style_test, train_classifier
from synthetic import walking_clip

ARMS = [JOINT_NAMES.index("left_shoulder"), JOINT_NAMES.index("right_shoulder")]


def walk(style: str, seed: int) -> tuple[np.ndarray, str]:
    """A walk at 60 fps: "proud" holds the arms out, "busy" swings them fast, all with their own speed, turn and heading."""
    rng = np.random.default_rng(seed)
    rotations = walking_clip(4.0, 60.0, speed=rng.uniform(0.8, 1.3), turn=rng.uniform(-0.5, 0.5)).rotations.astype(float)
    rotations[:, 0] = rot.multiply(rot.from_yaw(np.full(len(rotations), rng.uniform(0, 6))), rotations[:, 0])
    time = np.arange(len(rotations)) / 60
    swing = {"neutral": 0 * time, "proud": 0 * time + 0.5, "busy": 0.5 * np.sin(12 * time)}[style]
    rotations[:, ARMS] = rot.multiply(rot.from_axis_angle((1.0, 0, 0), swing)[:, None], rotations[:, ARMS])
    return rotations, style


WALKS = [walk(style, seed) for style in ("neutral", "proud", "busy") for seed in range(6)]
OTHERS = [walk(style, seed) for style in ("neutral", "proud", "busy") for seed in range(50, 54)]


def test_styles_are_named_on_walks_it_has_not_seen_and_on_their_mirror_images() -> None:
    classifier = train_classifier(WALKS)
    everything = dict.fromkeys(("neutral", "proud", "busy"), 1.0)
    assert shares(classifier, OTHERS) == everything
    assert shares(classifier, [(rotations[:, MIRROR_JOINTS] * FLIP_ROTATION, style) for rotations, style in OTHERS]) == everything


def test_a_walk_in_another_style_than_it_is_said_to_be_counts_against_that_style() -> None:
    classifier = train_classifier(WALKS)
    mislabelled = [(rotations, "proud" if style == "busy" else style) for rotations, style in OTHERS]
    assert shares(classifier, mislabelled) == {"neutral": 1.0, "proud": 0.5}


def test_data_without_two_styles_tests_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for walks, there in ((WALKS, True), (WALKS[:6], False), ([], False)):
        monkeypatch.setattr(styles, "real_walks", lambda data, split, sources, walks=walks: walks if split == "train" else [])
        assert (style_test(Path(), ()) is not None) == there


def test_generated_walks_are_compared_with_real_ones_of_the_same_styles() -> None:
    held_out = [walk for walk in OTHERS if walk[1] != "busy"]
    test = StyleTest(WALKS, held_out)
    for rotations, style in OTHERS:
        test.add("proud" if style == "neutral" else style, rotations[:, None])
    test.add("neutral", OTHERS[0][0][:, None])
    found = test.figures()
    assert found["real_accuracy"] == 1 and found["accuracy"] == found["accuracy_ratio"] == pytest.approx(0.75)
    assert found["accuracy_of_all_styles"] == pytest.approx((1 + 0.5 + 1) / 3) and found["accuracy/proud"] == 0.5


def test_the_heading_says_nothing() -> None:
    rotations, _ = WALKS[0]
    turned = rotations.copy()
    turned[:, 0] = rot.multiply(rot.from_yaw(np.full(len(turned), 1.0)), turned[:, 0])
    assert features(turned) == pytest.approx(features(rotations), abs=1e-5)


def test_the_same_walks_give_the_same_classifier() -> None:
    assert np.array_equal(train_classifier(WALKS).weight, train_classifier(WALKS).weight)
