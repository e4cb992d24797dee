"""`motionwire generate` as a user runs it: one clip, many, timelines, from poses, mistakes."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from motionwire import formats
from motionwire.cli import generate as command
from motionwire.cli.main import main
from motionwire.offline.order import Order
from synthetic import swaying_clip, walking_clip
from toy_models import toy_bundle

TEXT = "a person walks"


class Command:
    """Runs it in a folder of its own with the toy bundle."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.chdir(folder)
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *words: object, bundle: Path | None = None, named: bool = True) -> tuple[int, str, str]:
        """Exit code, standard output, standard error; named: with --bundle."""
        given = ["motionwire", "generate", *map(str, words), *(["--bundle", str(bundle or toy_bundle())] if named else [])]
        self._monkeypatch.setattr(sys, "argv", given)
        self._capsys.readouterr()  # the toy bundle's making, where this is the first test that needs it
        code: object = 0
        try:
            main()
        except SystemExit as left:
            code = left.code or 0
        out, err = self._capsys.readouterr()
        return int(str(code)), out, err


@pytest.fixture
def generate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, monkeypatch, capsys)


def test_one_clip_names_its_licence(generate: Command, tmp_path: Path) -> None:
    code, out, err = generate(TEXT, "-o", "clip.bvh", "--seconds", 1)
    assert code == 0 and "clip.bvh: 1 clip made, 1.00 s of motion, bundle toy" in out
    assert "MIT (commercial use allowed)" in err and len(formats.read("clip.bvh")) == 30
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.bvh", "clip.bvh.json"]
    assert generate(TEXT, "-o", "clip.bvh", "--seconds", 2)[0] == 0 and len(formats.read("clip.bvh")) == 60


def test_who_names_no_bundle_is_told_what_the_default_knows(generate: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(shutil.copytree(toy_bundle(), "knowing"))
    manifest = json.loads((folder / "bundle.json").read_text())
    (folder / "bundle.json").write_text(json.dumps({**manifest, "suggestions": ["a person walks", "someone hops"]}))
    monkeypatch.setattr(command, "default", lambda: str(folder))
    says = "knows, among others: a person walks; someone hops."
    assert says in generate(TEXT, "-o", "clip.bvh", "--seconds", 0.4, named=False)[2]
    assert says not in generate(TEXT, "-o", "clip.bvh", "--seconds", 0.4, bundle=folder)[2]


def test_a_format_that_has_a_rate_gets_clips_made_at_it(generate: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that is resampled when it is written no longer meets itself."""
    asked: list[float | None] = []

    def order(fps: float | None, **options: Any) -> Order:
        asked.append(fps)
        return Order(fps=fps, **options)

    monkeypatch.setattr(command, "Order", order)
    for name in ("made.joints.npy", "made.bvh"):
        assert generate(TEXT, "--loop", "--seconds", 1, "-o", name)[0] == 0
    assert asked == [20.0, None]


def test_words_that_the_model_does_not_hear_are_told(generate: Command) -> None:
    code, out, err = generate("walks " * 40 + "slowly", "-o", "clip.bvh", "--seconds", 0.4, "--json")
    assert code == 0 and json.loads(out)["clips"] == 1
    assert err.splitlines() == ["the sentence: nothing is heard from word 39 of 41 on, 'walks': too long for the model"]
    Path("prompts.txt").write_text(f"{TEXT}\n{'left ' * 38}\n{'left ' * 38}right\n")
    err = generate("--file", "prompts.txt", "--seconds", 0.4, "-o", "out", "--json")[2]
    assert err.splitlines() == ["prompts.txt:3: nothing is heard from word 39 of 39 on, 'right': too long for the model"]


def test_a_contact_sheet_that_cannot_be_written_hides_nothing_else(generate: Command, tmp_path: Path) -> None:
    (tmp_path / "out" / "index.html").mkdir(parents=True)
    code, out, _ = generate(TEXT, "--count", 2, "--seconds", 0.4, "-o", "out", "--json")
    told = json.loads(out)
    assert code == 2 and (told["clips"], told["failed"]) == (2, 1)
    assert told["errors"] == [{"where": "contact sheet", "error": "out/index.html: cannot write: is a folder"}]


def test_many_with_bad_ones_among_them(generate: Command, tmp_path: Path) -> None:
    Path("prompts.txt").write_text(f"{TEXT}\n\n{'walk ' * 20_000}\na person turns left\n")
    arguments = ("--file", "prompts.txt", "--count", 2, "--seed", 5, "--seconds", 0.4, "-o", "out", "--json")
    code, out, _ = generate(*arguments)
    told = json.loads(out)
    assert code == 2 and (told["clips"], told["failed"], told["there_already"]) == (4, 2, 0)
    assert [error["where"] for error in told["errors"]] == ["prompts.txt:2", "prompts.txt:3"]
    assert sorted(path.name for path in Path("out").glob("*.bvh"))[0] == "a-person-turns-left_s5.bvh"
    assert Path("out/index.html").read_text().count("<figure") == 4
    again = json.loads(generate(*arguments)[1])
    assert (again["clips"], again["there_already"]) == (0, 4)


def test_a_timeline_and_motions_before_and_after(generate: Command) -> None:
    Path("t.yaml").write_text("- {sentence: a person walks, seconds: 1}\n- {sentence: a person turns left, start: 1.5, seconds: 1}")
    assert generate("--timeline", "t.yaml", "-o", "t.bvh")[0] == 0
    assert len(formats.read("t.bvh")) == 75
    formats.write(walking_clip(2.0), "walk.npz")
    formats.write(swaying_clip(1.0), "sway.npz")
    for words, frames in (
        (("--continue", "walk.npz", "--seconds", 1), 30),
        ((TEXT, "--start-pose", "sway.npz", "--seconds", 1), 30),
        (("--between", "sway.npz", "walk.npz", "--seconds", 0.5), 15),
        ((TEXT, "--loop", "--in-place", "--seconds", 1), None),
    ):
        code, _, err = generate(*words, "-o", "made.npz")
        assert code == 0, err
        clip = formats.read("made.npz")
        assert len(clip) == frames if frames else 26 <= len(clip) <= 34


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "the sentence is empty"),
        (("x" * 100_000,), "100000 characters"),
        ((TEXT, "-o", "clip.xyz"), "cannot write files of type"),
        ((TEXT, "-o", "missing/clip.bvh"), "No such file"),
        ((TEXT, "-o", "file/clips"), "cannot make the folder"),
        ((TEXT, "-o", "clip.bvh", "--count", "2"), "go into a folder"),
        ((TEXT, "--format", "xyz"), "cannot write files of type"),
        ((TEXT, "--file", "file"), "not several"),
        ((TEXT, "--loop", "--continue", "walk.npz"), "a loop is one sentence"),
        ((TEXT, "--between", "walk.npz", "walk.npz"), "takes a time"),
        ((TEXT, "--continue", "nowhere.bvh"), "nowhere.bvh"),
        ((TEXT, "--rig", "nobody", "-o", "clip.bvh"), "nobody"),
        ((TEXT, "--rig", "mixamo", "--format", "npz"), "leave out --rig"),
        ((TEXT, "--seconds", "99", "-o", "clip.bvh"), "99 seconds is not between 0.1 and 27.5"),
        (("--between", "walk.npz", "walk.npz", "--seconds", "0.1", "-o", "clip.bvh"), "0.1 seconds is not between 0.167 and 27.5"),
        ((TEXT, "--loop", "--seconds", "-5", "-o", "clip.bvh"), "-5 seconds is not between 0.133 and 27.5"),
        ((TEXT, "--format", "glb", "-o", "clip.bvh"), "clip.bvh: the file's own extension says its format, not --format glb"),
    ],
)
def test_mistakes_are_told_in_one_line(generate: Command, words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    Path("file").write_text("")
    formats.write(walking_clip(1.0), "walk.npz")
    code, _, err = generate(*words)
    assert code == 2 and message in err and len(err.strip().splitlines()) == 1, err
    assert not list(tmp_path.glob("**/*.bvh")) and not list(tmp_path.glob("**/*.json"))
