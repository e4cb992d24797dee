"""Verdicts: the worst of the matching paths counts, and what was not measured is not judged."""

import math

from motionwire_training.evaluation.controller.targets import verdicts


def judged(scores: dict[str, dict[str, float]]) -> dict[tuple[str, str], tuple[str, bool]]:
    return {(v.target.path, v.target.measure): (v.path, v.met) for v in verdicts(scores)}


def test_limits_on_either_side() -> None:
    found = judged({"speed_1": {"speed_share": 1.02}, "speed_3": {"speed_share": 0.88}, "straight_walk": {"path_error_cm": 2.0}})
    assert found == {("speed_*", "speed_share"): ("speed_3", False), ("straight_walk", "path_error_cm"): ("straight_walk", True)}


def test_the_worst_path_counts() -> None:
    backward = {"backward/neutral": {"speed_share": 0.95}, "backward/sad": {"speed_share": -0.5}, "backward/old": {"speed_share": 0.81}}
    assert judged(backward) == {("backward/*", "speed_share"): ("backward/sad", False)}


def test_what_is_not_a_number_is_not_met() -> None:
    assert judged({"straight_walk": {"foot_skate_cm_s": math.nan}}) == {("straight_walk", "foot_skate_cm_s"): ("straight_walk", False)}


def test_nothing_measured_nothing_judged() -> None:
    assert verdicts({}) == []
