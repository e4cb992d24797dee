"""Data profiles and what they propose: figures of made walks, sizes, gaps, and words that the trainer takes."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from motionwire_training.configuration import load_config
from motionwire_training.controller.configuration import CATEGORIES, ControllerConfig
from motionwire_training.data.sample import Sample
from motionwire_training.tuning.profile import profile
from motionwire_training.tuning.profile_command import main
from motionwire_training.tuning.proposal import propose, size_of
from synthetic import walking_clip
from training.controller.tiny_data import standing_clip, write_dataset


def test_figures_are_those_of_the_clips() -> None:
    samples = [
        Sample(walking_clip(6.0, fps=30.0, speed=1.2), {"content": "walk", "style": "proud"}),
        Sample(walking_clip(6.0, fps=60.0, speed=1.0, turn=0.6), {"content": "walk", "style": "normal"}),
        Sample(standing_clip(), {"content": "idle", "style": "normal"}),
        Sample(walking_clip(3.0), {"content": "salsa"}),
    ]
    found = profile(samples)
    assert (found["clips"], found["minutes"], found["mean_seconds"]) == (4, 0.3, pytest.approx(4.5, abs=0.02))
    assert found["frames"] == 180 + 360 + 180 + 90
    learned = found["controller"]
    assert (learned["clips"], learned["styles"]) == (3, 2)
    assert learned["minutes"] == pytest.approx(15 / 60, abs=0.01)
    assert learned["rarest_style_minutes"] == pytest.approx(6 / 60, abs=0.01)
    assert (learned["speed_m_s"]["min"], learned["speed_m_s"]["max"]) == pytest.approx((1.0, 1.2), abs=0.06)
    assert learned["heading_range_deg"]["max"] == pytest.approx(206, abs=12)  # 0.6 rad/s for 6 s, smoothed
    assert learned["heading_range_deg"]["min"] < 5
    kinds = learned["minutes_by_kind"]
    assert kinds["walk"] == pytest.approx(0.1, abs=0.02)
    assert kinds["walk_turn"] == pytest.approx(0.1, abs=0.02)
    assert kinds["stand"] == pytest.approx(0.05, abs=0.02)


def test_nothing_to_learn_from_is_still_a_profile() -> None:
    found = profile([Sample(walking_clip(3.0), {"content": "salsa"})])
    assert found["controller"]["clips"] == found["controller"]["minutes"] == 0
    assert size_of(found["controller"]) == "small"
    proposed = [
        change.override.partition("=")[0] for change in propose(found["controller"], ControllerConfig(data="d", out="o", licence="free"))
    ]
    assert proposed == ["hidden", "steps", "bends", "transitions"]
    assert profile([])["clips"] == 0


def learned(**kinds: float) -> dict[str, Any]:
    """The `controller` part of a profile in which nothing lacks but what `kinds` say, in minutes."""
    minutes = dict.fromkeys(CATEGORIES, 0.0) | {"stand": 10.0, "walk": 80.0, "backward": 5.0} | kinds
    return {"styles": 3, "rarest_style_minutes": 5.0, "heading_range_deg": {"p95": 120.0}, "minutes_by_kind": minutes}


GIVEN = {"hidden": 500, "steps": 9000, "batch_size": 64, "bends": 1, "redirected": 0.3, "style_dropout": 0.1}


def proposed_for(part: dict[str, Any], **given: object) -> dict[str, object]:
    """What a trainer that takes the proposed words for `given` changes of it."""
    words = ["data=d", "out=o", "licence=free", *(f"{key}={value}" for key, value in given.items())]
    before = load_config("controller", ControllerConfig, words)
    changes = propose(part, before)
    assert all(change.reason for change in changes)
    after = load_config("controller", ControllerConfig, [*words, *(change.override for change in changes)])
    return {name: value for name, value in vars(after).items() if value != getattr(before, name)}


@pytest.mark.parametrize(
    ("minutes", "size", "changes"),
    [
        (1.0, "small", {"hidden": 250, "steps": 3000}),
        (14.9, "small", {"hidden": 250, "steps": 3000}),
        (15.1, "medium", {}),  # which the recipe is made for
        (299.0, "medium", {}),
        (301.0, "large", {"steps": 18000, "batch_size": 128, "time_scales": [1.0]}),
    ],
)
def test_each_size_has_its_settings(minutes: float, size: str, changes: dict[str, object]) -> None:
    part = learned(walk=minutes / 2, backward=minutes / 2, stand=1000.0)
    assert size_of(part) == size, "who stands does not move"
    assert proposed_for(part, **GIVEN) == changes


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        (learned() | {"heading_range_deg": {"p95": 49.0}}, {"bends": 3}),
        (learned() | {"heading_range_deg": {"p95": 51.0}}, {}),
        (learned(backward=0.8, sideways=0.7), {"redirected": 0.6}),
        (learned(backward=0.9, sideways=0.9), {}),  # 2 % of 81.8 minutes
        (learned(backward=0.0, sideways=5.0), {}),
        (learned() | {"rarest_style_minutes": 0.24}, {"style_dropout": 0.2}),
        (learned() | {"rarest_style_minutes": 0.26}, {}),
        (learned() | {"rarest_style_minutes": 0.1, "styles": 1}, {}),
        (learned(stand=0.0), {"transitions": 0}),
    ],
)
def test_what_lacks_is_made_up_for(part: dict[str, Any], changes: dict[str, object]) -> None:
    assert proposed_for(part, **GIVEN) == changes


def test_shares_stay_shares() -> None:
    part = learned(backward=0.1) | {"rarest_style_minutes": 0.1}
    assert proposed_for(part, redirected=0.7, style_dropout=0.4) == {"redirected": 1.0, "style_dropout": 0.5}


def test_the_command_prints_words_for_the_trainer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write_dataset(tmp_path / "data")
    main([f"data={data}", "licence=free", "hidden=64"], "-")
    printed = json.loads(capsys.readouterr().out)
    assert printed["size"] == "small" and printed["clips"] == 4
    command = shlex.split(printed["command"])
    chosen = load_config("controller", ControllerConfig, command[2:])
    assert chosen.hidden == 64, "what is given stays"
    main([f"data={data}", "licence=free"], str(tmp_path / "profile.json"))
    assert capsys.readouterr().out.strip().splitlines()[-1].startswith("motionwire-train controller data=")
    assert json.loads((tmp_path / "profile.json").read_text())["controller"]["styles"] == 2
