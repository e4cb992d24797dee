"""`motionwire-train evaluate controller` on the toy bundle: files, tables, and refusals before the long work."""

import json
from pathlib import Path

import pytest

import toy_bundle
from motionwire import formats
from motionwire.errors import InputError
from motionwire_training.evaluation.controller import command, scorecard
from motionwire_training.evaluation.controller.dataset import compared, dataset
from motionwire_training.evaluation.controller.scorecard import Scorecard
from motionwire_training.evaluation.controller.trials import trials
from synthetic import walking_clip
from training.controller.tiny_data import write_dataset


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(toy_bundle.write(tmp_path_factory.mktemp("toy")))


CHOSEN = (
    "straight_walk",
    "straight_run",
    "idle",
    "strafe90_left",
    "flip90_walk",
    "style_walk/neutral",
    "style_walk/tired",
    "style_path/neutral",
)


def test_figures_tables_and_pictures(
    bundle: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dataset(tmp_path / "data")
    monkeypatch.setattr(scorecard, "trials", lambda *words: [trial for trial in trials(*words) if trial.drive.name in CHOSEN])
    command.main(bundle, str(tmp_path / "card.json"), 1, 0.02, tmp_path / "data", tmp_path / "pictures")
    card = json.loads((tmp_path / "card.json").read_text())
    assert card["bundle"] == "toy" and card["seeds"] == 1
    assert card["paths"]["straight_walk"]["path_error_cm"] < 1
    assert card["validation"]["teacher_geo_deg"] > 0 and card["data"]["walk"]["clips"] == 2
    assert 0 <= card["styles"]["accuracy_of_all_styles"] <= 1
    assert {target["path"] for target in card["targets"]} >= {"straight_walk", "idle", "styles", "validation", "strafe*"}
    assert {path.name for path in (tmp_path / "pictures").iterdir()} >= {"ways.png", "answers.png", "distributions.png", "idle.png"}
    printed = capsys.readouterr().out
    assert "targets met" in printed and "recorded: walk" in printed


def test_what_is_not_a_number_is_null(bundle: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "evaluate", lambda *_: Scorecard({"straight_walk": {"foot_skate_cm_s": float("nan")}}))
    command.main(bundle, "-", 1, 0.02, None, None)
    card = json.loads(capsys.readouterr().out)
    assert card["paths"] == {"straight_walk": {"foot_skate_cm_s": None}}
    assert [(target["value"], target["met"]) for target in card["targets"]] == [(None, False)]


def test_settings_of_a_server_are_measured(
    bundle: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []
    monkeypatch.setattr(command, "evaluate", lambda *words: given.append(words[-1]) or Scorecard({"straight_walk": {}}))
    file = tmp_path / "serve.toml"
    file.write_text("port = 0\n[controller]\npull = 0.4", encoding="utf-8")
    command.main(bundle, "-", 1, 0.02, None, None, file)
    assert given[0].pull == 0.4 and json.loads(capsys.readouterr().out)["settings"]["pull"] == 0.4
    file.write_text("[controller]\npull = 4", encoding="utf-8")
    with pytest.raises(InputError, match="pull"):
        command.main(bundle, "-", 1, 0.02, None, None, file)


@pytest.mark.parametrize("wrong", ["json", "data", "pictures"])
def test_bad_places_are_refused_before_the_long_work(wrong: str, bundle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "evaluate", lambda *_: pytest.fail("measured"))
    (tmp_path / "file").write_text("")
    json_file = str(tmp_path / "nowhere" / "card.json") if wrong == "json" else ""
    data = tmp_path / "absent" if wrong == "data" else None
    pictures = tmp_path / "file" if wrong == "pictures" else None
    with pytest.raises(InputError):
        command.main(bundle, json_file, 1, 1.0, data, pictures)


def test_motion_files_are_imported_for_the_occasion(tmp_path: Path) -> None:
    formats.write(walking_clip(3.0), tmp_path / "walk.bvh")
    with dataset(tmp_path) as folder:
        assert folder != tmp_path and (folder / "dataset.json").is_file()
    assert not folder.exists()


def test_clips_of_other_sources_are_all_compared_and_that_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write_dataset(tmp_path / "data")
    assert compared(data, data, ()) == ()
    assert capsys.readouterr().err == ""
    assert compared(data, data, ("cmu", "bandai-1")) == ()
    assert "data: has no clip of cmu, bandai-1, which the bundle was trained on" in capsys.readouterr().err


def test_motion_without_labels_is_named_where_the_user_put_it(tmp_path: Path) -> None:
    formats.write(walking_clip(3.0), tmp_path / "walk.bvh")
    with dataset(tmp_path) as folder, pytest.raises(InputError, match="no clip that its labels call locomotion or standing") as raised:
        compared(tmp_path, folder, ())
    assert str(raised.value).startswith(f"{tmp_path}: ")


def test_an_imported_data_set_is_taken_as_it_is(tmp_path: Path) -> None:
    write_dataset(tmp_path)
    with dataset(tmp_path) as folder:
        assert folder == tmp_path
