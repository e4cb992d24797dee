"""Feet, starts, gaps and copies, where the answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from motionwire.motion import features
from motionwire.motion.clip import Clip
from motionwire_training.evaluation.controller.joint_ranges import joint_ranges
from motionwire_training.evaluation.text_to_motion import between, continuing, copies, transitions
from motionwire_training.evaluation.text_to_motion.library import Library, library
from motionwire_training.evaluation.text_to_motion.physics import physics, ratios
from motionwire_training.features import FeatureClip, mirror_features
from synthetic import walking_clip

WALK = walking_clip(6, speed=1.2, turn=0.3)
RANGES = joint_ranges([WALK.rotations])


def moved(clip: Clip, by: np.ndarray) -> Clip:
    return replace(clip, root_positions=clip.root_positions + by)


def feature_clip(clip: Clip, **labels: object) -> FeatureClip:
    return FeatureClip(features.encode(clip), {"content": "walk", "captions": ["a person walks"], **labels})


@pytest.fixture(scope="module")
def known() -> Library:
    clips = [walking_clip(5, speed=speed, turn=turn) for speed in (0.7, 1.0) for turn in (-0.5, 0.0)] + [WALK]
    with library(feature_clip(clip, content=f"walk {number}") for number, clip in enumerate(clips)) as found:
        yield found


def test_sliding_sinking_and_shaking_are_measured() -> None:
    plain = physics([WALK], RANGES)
    assert plain["foot_skate_cm_s"] < 15 and plain["outside_range_percent"] < 1
    gliding = physics([moved(WALK, np.arange(len(WALK))[:, None] * np.array([0.02, 0, 0]))], RANGES)  # 60 cm/s
    assert gliding["foot_skate_cm_s"] > 55
    floating = physics([moved(WALK, np.array([0, 0.02, 0]))], RANGES)
    assert floating["foot_skate_cm_s"] == pytest.approx(plain["foot_skate_cm_s"], rel=0.01)
    assert physics([moved(WALK, np.array([0, -0.2, 0]))], RANGES)["penetration_cm"] > 10
    shaking = replace(WALK, root_positions=WALK.root_positions + np.random.default_rng(0).normal(scale=0.01, size=(len(WALK), 3)))
    assert ratios(physics([shaking], RANGES), plain)["jerk_p50_m_s3"] > 3
    bent = WALK.rotations.copy()
    bent[:, 4] = (0, 0, 1, 0)  # a knee turned around
    assert physics([replace(WALK, rotations=bent)], RANGES)["outside_range_percent"] == 100


def test_what_goes_on_as_it_was_has_no_start_error_and_a_jump_has() -> None:
    steady = Clip(WALK.skeleton, 30, np.arange(40)[:, None] * np.array([0, 0, 0.03]), np.repeat(WALK.rotations[:1], 40, axis=0))
    before, after = steady.slice(0, 20), steady.slice(20)
    good = continuing.start_errors(before, after)
    assert max(good["start_cm"], good["start_deg"], good["speed_change_m_s"]) < 1e-3 and good["step_cm"] == pytest.approx(3, rel=1e-3)
    bad = continuing.start_errors(before, moved(after, np.array([0.05, 0, 0])))
    assert bad["start_cm"] == pytest.approx(5, rel=1e-3) and bad["speed_change_m_s"] == pytest.approx(1.5, rel=1e-3)
    assert continuing.displacement(after, [continuing.held_speed(before, 20)])["fde_cm"] < 1e-3
    tries = [after, moved(after, np.array([0.1, 0, 0]))]
    found = continuing.displacement(after, tries)
    assert (found["ade_cm"], found["best_ade_cm"]) == (pytest.approx(5, rel=1e-3), 0)
    assert continuing.displacement(after, [continuing.held_pose(before, 20)])["fde_cm"] == pytest.approx(60, rel=1e-3)


def test_gaps_filled_with_the_truth_cost_nothing_and_interpolation_keeps_straight_lines() -> None:
    truth = [WALK.slice(30, 60), WALK.slice(60, 90)]
    assert max(between.errors(truth, truth).values()) < 1e-9
    turned = [replace(clip, rotations=-clip.rotations) for clip in truth]  # q and -q are the same rotation
    assert between.errors(truth, turned)["l2q"] < 1e-6
    filled = [between.interpolated(WALK.slice(0, first), WALK.slice(first + 30), 30) for first in (30, 60)]
    found = between.errors(truth, filled)
    assert found["l2p"] > 0.1 and found["l2q"] > 0.1 and found["npss"] > 0.01
    line = Clip(WALK.skeleton, 30, np.arange(60)[:, None] * np.array([0, 0, 0.03]), np.repeat(WALK.rotations[:1], 60, axis=0))
    straight = between.interpolated(line.slice(0, 20), line.slice(40), 20)
    assert between.errors([line.slice(20, 40)], [straight])["l2p"] < 1e-5


def test_npss_is_about_the_shape_of_a_motion_over_time() -> None:
    time = np.linspace(0, 2 * np.pi, 60, endpoint=False)[None, :, None]
    assert between.npss(np.sin(3 * time), np.sin(3 * time + 1)) < 1e-9
    assert between.npss(np.sin(3 * time), np.sin(6 * time)) > 1


def test_the_nearest_transition_is_found_and_meets_both_ends(known: Library) -> None:
    values = features.encode(WALK)
    asked = transitions.ends_of(values[58:91], 30)
    (found,) = transitions.nearest_transitions(asked, 30, known)
    assert (found.clip, found.start) == (4, 59)
    before, truth, after = WALK.slice(0, 60), WALK.slice(60, 90), WALK.slice(90)
    filled = transitions.bent(known.features(found.clip), found.start, 30, before, after)
    assert between.errors([truth], [filled])["l2p"] < 0.05
    other = transitions.bent(known.features(0), 20, 30, before, after)
    whole = np.concatenate([clip.world()[0] for clip in (before, other, after)])
    assert np.linalg.norm(np.diff(whole, axis=0), axis=-1)[58:92].max() < 0.25  # no jump at either end


def test_a_replayed_clip_is_nearer_than_a_new_one(known: Library) -> None:
    random = np.random.default_rng(0)
    own, new = features.encode(WALK), features.encode(walking_clip(6, speed=1.6, stride_hz=1.3))
    for replay in (own, mirror_features(own)):
        assert copies.nearest(copies.windows([replay], random), known).max() < 0.5
    distances = copies.nearest(copies.windows([new], random), known)
    assert len(distances) == 3 and distances.min() > 2
    figures = copies.copies(np.array([0.1, 5.0]), np.array([4.0, 5.0]), np.array([0.5, 1.0]))
    assert figures["made_nearer_than_replay_percent"] == 50 and figures["real_nearer_than_replay_percent"] == 0
