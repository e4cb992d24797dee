"""Feature shards: mirrored features are the features of the mirrored clip; the cache follows the data's version and licence."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from motionwire.motion import features
from motionwire.motion.mirror import mirror
from motionwire.motion.resample import resample
from motionwire.motion.skeleton import REFERENCE
from motionwire_training import features as features_on_disk
from motionwire_training import processes
from motionwire_training.data.items import key_hash
from motionwire_training.features import held_out, mirror_features, moments, read_features, retime_features
from motionwire_training.tokenizer.data import hold_last, whole_positions
from motionwire_training.tokenizer.metrics import world_joints
from motionwire_training.torch_motion import local_rotations, rotation_degrees
from synthetic import walking_clip
from toy_models import write_dataset


def test_mirrored_features_are_those_of_the_mirrored_clip() -> None:
    clip = walking_clip(2.0, turn=0.5)
    np.testing.assert_allclose(mirror_features(features.encode(clip)), features.encode(mirror(clip)), atol=1e-6)


def test_retimed_features_are_those_of_the_clip_played_faster() -> None:
    clip = walking_clip(2.0, turn=0.5)
    values = features.encode(clip)
    found = retime_features(values, 1.25)
    wanted = features.encode(resample(replace(clip, fps=1.25 * clip.fps), clip.fps))
    assert abs(len(found) - len(wanted)) <= 1
    count = min(len(found), len(wanted))
    np.testing.assert_allclose(world(found[:count]), world(wanted[:count]), atol=4e-3)
    np.testing.assert_allclose(found[:, features.VELOCITIES].sum(0), (found[-1] - found[0])[features.POSITIONS], atol=1e-5)
    np.testing.assert_allclose(retime_features(values, 1.0), values, atol=1e-6)


def test_a_channel_that_hardly_moves_is_not_blown_up() -> None:
    """It is given a quarter of its group's spread; all others keep their own."""
    values = np.random.default_rng(0).normal(3, 2, (500, features.DIM))
    quiet = features.POSITIONS.start + 1
    values[:, quiet] = 0.9
    mean, std = moments(len(values), values.sum(0), (values**2).sum(0))
    np.testing.assert_allclose(mean, values.mean(0))
    others = np.arange(features.DIM) != quiet
    np.testing.assert_allclose(std[others], values.std(0)[others])
    own = values.std(0)[features.POSITIONS]
    assert std[quiet] == pytest.approx(0.25 * np.sqrt((own**2).mean()), rel=1e-4)


def world(values: NDArray[np.float32]) -> NDArray[np.float64]:
    return features.decode(values, REFERENCE).world()[0]


def test_torch_places_joints_where_the_runtime_does() -> None:
    values = features.encode(walking_clip(3.0, turn=0.7))
    found = world_joints(torch.from_numpy(values)[None])[0].numpy()
    np.testing.assert_allclose(found, features.decode(values, REFERENCE).world()[0], atol=1e-5)


def test_rotation_degrees_is_exact_near_zero_and_far() -> None:
    rotations = local_rotations(torch.from_numpy(features.encode(walking_clip(1.0))))
    assert float(rotation_degrees(rotations, rotations).max()) == 0
    half = torch.diag(torch.tensor([-1.0, 1.0, -1.0]))
    assert abs(float(rotation_degrees(half, torch.eye(3))) - 180) < 1e-3


def test_features_are_computed_once_and_again_when_the_data_changes(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    first = [(clip.labels["key"], clip.features.copy()) for clip in read_features(data, "train", "research")]
    assert len(first) == 8 and first[0][1].shape[1] == features.DIM
    marker = data / "features30" / "complete.json"
    before = marker.stat().st_mtime_ns
    list(read_features(data, "train", "research"))
    assert marker.stat().st_mtime_ns == before
    described = json.loads((data / "dataset.json").read_text())
    (data / "dataset.json").write_text(json.dumps({**described, "version": "newer"}))
    list(read_features(data, "train", "research"))
    assert json.loads(marker.read_text())["data_version"] == "newer"


def test_processes_give_the_features_that_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = list(read_features(write_dataset(tmp_path / "alone", clips=2), "train", "research"))
    monkeypatch.setattr(features_on_disk, "WORTH_PROCESSES", 2)
    started: list[int] = []
    monkeypatch.setattr(processes, "usable_cores", lambda: started.append(2) or 2)
    shared = list(read_features(write_dataset(tmp_path / "shared", clips=2), "train", "research"))
    assert started and [clip.labels for clip in alone] == [clip.labels for clip in shared]
    for one, other in zip(alone, shared, strict=True):
        np.testing.assert_array_equal(one.features, other.features)


def test_validations_go_over_a_bounded_draw_that_follows_from_the_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_dataset(tmp_path / "data")
    keys = [clip.labels["key"] for clip in read_features(data, "val", "free")]
    assert [clip.labels["key"] for clip in held_out(data, "free")] == keys and len(keys) == 2
    monkeypatch.setattr(features_on_disk, "HELD_OUT_CLIPS", 1)
    assert [clip.labels["key"] for clip in held_out(data, "free")] == [min(keys, key=key_hash)]


def test_free_leaves_research_clips_out(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data", licence_class="research")
    assert not list(read_features(data, "train", "free"))
    assert len(list(read_features(data, "val", "research"))) == 2


def test_short_clips_stand_still_at_their_end() -> None:
    values = features.encode(walking_clip(1.0))
    held = hold_last(values, 40)
    assert held.shape == (40, features.DIM)
    assert np.array_equal(held[30:, features.ROTATIONS], np.repeat(values[-1:, features.ROTATIONS], 10, axis=0))
    assert not held[30:, features.ROOT_VELOCITY].any() and not held[30:, features.VELOCITIES].any()
    assert len(whole_positions(values, 4)) == 28 and len(whole_positions(values[:2], 4)) == 4
