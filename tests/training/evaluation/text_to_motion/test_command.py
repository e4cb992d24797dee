"""The command end to end on toy models: all parts with a data set, what is left out without one, and mistakes before the long work."""

import json
from pathlib import Path

import pytest

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator.generator import Generator
from motionwire_training.evaluation.text_to_motion import asking, filling, going_on, held_out
from motionwire_training.evaluation.text_to_motion import prompts as prompt_files
from motionwire_training.evaluation.text_to_motion.command import main
from motionwire_training.evaluation.text_to_motion.prompts import Prompt
from toy_evaluator import toy_evaluator
from toy_models import toy_bundle, toy_runs

ASKED = [Prompt(f"a person walks and turns {side}", (f"turn-{side}",)) for side in ("left", "right")]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the toy models know, a few times."""
    for module in (prompt_files, asking):
        monkeypatch.setattr(module, "read_prompts", lambda _: ASKED)
    monkeypatch.setattr(asking, "SEEDS", 4)
    monkeypatch.setattr(asking, "SECONDS", 1.0)
    monkeypatch.setattr(going_on, "PAST", 20)
    monkeypatch.setattr(going_on, "AHEAD", 16)
    monkeypatch.setattr(filling, "PAST", 20)
    monkeypatch.setattr(filling, "AFTER", 10)
    monkeypatch.setattr(held_out, "REPLAYED", 4)


def test_everything_is_measured_on_a_data_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data, _, _), bundle, evaluator = toy_runs(), str(toy_bundle()), toy_evaluator()
    capsys.readouterr()  # what the making of these tells
    main(bundle, data, evaluator, [], 1, 1.0, 1, None, str(tmp_path / "figures.json"))
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert {"content_accuracy", "style_accuracy", "r_precision", "fid", "foot_skate_cm_s", "left_out"} <= figures.keys()
    assert 0 <= figures["content_accuracy"] <= 1 and figures["r_precision"] == [None] * 3
    assert "fewer than 32" in figures["left_out"]["matching/r_precision"]
    assert set(figures["held_out"]["matching"]) == {"real", "generated", "retrieved"}
    assert figures["fid"] is None and figures["fid_clips"] is None and "it takes more than 16" in figures["left_out"]["matching/fid"]
    travelled = figures["held_out"]["travel"]["generated"]
    assert travelled["clips"] == figures["held_out"]["clips"] and figures["travel_ratio"] == travelled["median_ratio"] > 0
    assert set(figures["continuation"]) == {"clips", "with_sentence", "without_sentence", "real", "held_pose", "held_speed"}
    arrives = Generator(Bundle.load(str(toy_bundle()))).arrives  # else the gap is not filled, and that is said
    assert figures["between"]["0.5_s"].keys() == {"clips", "interpolated", "nearest_transition"} | ({"generated"} if arrives else set())
    assert ("between/generated" in figures["left_out"]) is not arrives
    assert figures["seeds"]["multimodality"]["mean"] >= 0 and figures["held_out"]["copies"]["replay_cm"] >= 0
    assert (tmp_path / "figures-pictures" / "seen.png").is_file() and (tmp_path / "figures-pictures" / "held_out.png").is_file()
    told = capsys.readouterr().out
    assert "content_accuracy" in told and "nan" not in told


def test_without_real_motion_the_prompts_are_asked_and_the_rest_says_why_not(capsys: pytest.CaptureFixture[str]) -> None:
    main(str(toy_bundle()), None, toy_evaluator(), [], 1, 1.0, 1, None, "-")
    figures = json.loads(capsys.readouterr().out)
    assert figures["prompts_unseen"]["prompts"] == 2 and "continuation" not in figures and "held_out" not in figures
    assert {"matching", "copies", "continuation", "between/0.5_s"} <= figures["left_out"].keys()
    assert all(figures["left_out"].values()) and figures["fid"] is None


def test_prompts_to_choose_by_are_asked_alone(capsys: pytest.CaptureFixture[str]) -> None:
    main(str(toy_bundle()), None, toy_evaluator(), ["development"], 3, 1.0, 1, None, "-")
    figures = json.loads(capsys.readouterr().out)
    clips = figures["prompts_development"]["clips"]
    assert len(clips) == 6 and {"content_accuracy_development", "style_accuracy_development"} <= figures.keys()
    assert [clip["text"] for clip in clips[:2]] == [clip["text"] for clip in clips[2:4]]
    assert not {"prompts_seen", "seeds", "fid", "content_accuracy"} & figures.keys()


def test_mistakes_are_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write"):
        main(str(toy_bundle()), None, toy_evaluator(), [], 1, 1.0, 1, None, str(tmp_path / "no" / "figures.json"))
    with pytest.raises(InputError, match=r"no config\.json"):
        main(str(toy_bundle()), None, tmp_path, [], 1, 1.0, 1, None, "")
    with pytest.raises(InputError, match="rehearsed are no prompts; known are development, seen"):
        main(str(toy_bundle()), None, toy_evaluator(), ["rehearsed"], 1, 1.0, 1, None, "")
    with pytest.raises(InputError, match="no such file"):
        main(str(toy_bundle()), tmp_path / "nothing", toy_evaluator(), [], 1, 1.0, 1, None, "")
