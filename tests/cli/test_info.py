"""`motionwire info`: the licence stands in plain words, `--json` is one object, a wrong name is one line."""

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from motionwire import bundle as bundles
from motionwire.cli.info import info
from motionwire.errors import InputError
from toy_models import toy_bundle

app = typer.Typer()
app.command()(info)


def test_the_licence_and_every_graph_are_shown() -> None:
    result = CliRunner().invoke(app, [str(toy_bundle())])
    assert result.exit_code == 0, result.output
    assert "Licence: MIT (commercial use allowed)" in result.output
    for graph in ("tokenizer_encoder", "text_to_motion_step", "text_encoder"):
        assert graph in result.output


def test_json_is_one_object_with_sizes() -> None:
    result = CliRunner().invoke(app, [str(toy_bundle()), "--json"])
    facts = json.loads(result.stdout)
    assert facts["licence"] == "MIT" and facts["commercial_use"] is True
    assert facts["total_bytes"] == sum(graph["bytes"] for graph in facts["graphs"].values()) + sum(facts["files"].values())
    assert facts["quality"]["tokenizer"]["mpjpe_mm"] > 0


def test_a_bundles_card_is_shown(tmp_path: Path) -> None:
    shutil.copytree(toy_bundle().parent, tmp_path / "bundles")
    folder = tmp_path / "bundles" / "toy"
    assert json.loads(CliRunner().invoke(app, [str(folder), "--json"]).stdout)["card"] == ""
    (folder / "CARD.md").write_text("## Weaknesses\n\n- It cannot swim.\n")
    assert "It cannot swim." in CliRunner().invoke(app, [str(folder)]).output
    (folder / "CARD.md").write_bytes(b"\xff\xfe")
    assert "cannot read the card" in str(CliRunner().invoke(app, [str(folder)]).exception)


def test_a_wrong_name_is_the_users_mistake() -> None:
    assert isinstance(CliRunner().invoke(app, ["no-such-bundle"]).exception, InputError)


def test_without_a_name_the_embedded_bundles_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "EMBEDDED", toy_bundle().parent)
    assert CliRunner().invoke(app, []).output == "toy: MIT (commercial use allowed)\n"
