"""Contact sheets: they exist, show what is raised in its side's colour, and refuse what they cannot draw."""

from collections.abc import Callable
from pathlib import Path

import imageio.v2 as imageio
import numpy as np
import pytest
from PIL import Image
from typer import Typer
from typer.testing import CliRunner

from motionwire.cli.render import render
from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import JOINT_NAMES, REFERENCE, Skeleton
from motionwire.plots import plot
from motionwire.render import LEFT, MARGIN, RIGHT, ROW, TITLE, animated_gif, contact_sheet, video
from synthetic import walking_clip


def arms(raised: str) -> Clip:
    """Two seconds of standing with one arm straight up and one down."""
    pose = np.tile(rot.IDENTITY, (60, 22, 1))
    for side, sign in (("left", 1), ("right", -1)):
        angle = sign * np.radians(90 if side == raised else -80)
        pose[:, JOINT_NAMES.index(f"{side}_shoulder")] = rot.from_axis_angle((0, 0, 1), angle)
    return Clip(REFERENCE, 30.0, np.tile(REFERENCE.offsets[0], (60, 1)), pose, name=f"{raised} arm up")


@pytest.mark.parametrize(("raised", "colour", "other"), [("left", LEFT, RIGHT), ("right", RIGHT, LEFT)])
def test_the_raised_arm_has_its_sides_colour(tmp_path: Path, raised: str, colour: tuple, other: tuple) -> None:
    contact_sheet(arms(raised), tmp_path / "sheet.png")
    pixels = np.asarray(Image.open(tmp_path / "sheet.png").convert("RGB")).astype(int)
    figures = pixels[MARGIN + TITLE : MARGIN + TITLE + ROW]
    highest = {name: np.flatnonzero((figures == name).all(axis=-1).any(axis=1))[0] for name in (colour, other)}
    assert highest[colour] + 30 < highest[other]


def test_one_block_for_each_clip(tmp_path: Path) -> None:
    walk = walking_clip(turn=0.5)
    for count in (1, 3):
        contact_sheet([walk] * count, tmp_path / f"{count}.png")
    heights = [Image.open(tmp_path / f"{count}.png").size[1] for count in (1, 3)]
    assert heights[1] - MARGIN == 3 * (heights[0] - MARGIN)


def test_single_frame_is_drawn(tmp_path: Path) -> None:
    contact_sheet(walking_clip().slice(0, 1), tmp_path / "one.jpg")
    assert Image.open(tmp_path / "one.jpg").format == "JPEG"


def test_gif_is_true_to_time(tmp_path: Path) -> None:
    walk = walking_clip(seconds=2.0, fps=60.0)
    animated_gif(walk, tmp_path / "walk.gif")
    with Image.open(tmp_path / "walk.gif") as image:
        total = 0
        for frame in range(image.n_frames):
            image.seek(frame)
            total += image.info["duration"]
    assert total == pytest.approx(2000, rel=0.05)


def test_what_cannot_be_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skeleton = Skeleton(("root",), (-1,), np.zeros((1, 3)))
    with pytest.raises(InputError, match="only canonical clips"):
        contact_sheet(Clip(skeleton, 30.0, np.zeros((1, 3)), rot.IDENTITY[None, None]), tmp_path / "a.png")
    with pytest.raises(InputError, match="no clip"):
        contact_sheet([], tmp_path / "a.png")
    with pytest.raises(InputError, match=r"not '\.txt'"):
        contact_sheet(walking_clip(), tmp_path / "a.txt")
    monkeypatch.setattr("motionwire.render._block", lambda *_: None)
    with pytest.raises(InputError, match=r"1500 x \d+ pixels is too large for \.webp"):
        contact_sheet([walking_clip()] * 30, tmp_path / "a.webp")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fps", [30.0, 120.0])
def test_video_is_true_to_time(tmp_path: Path, fps: float) -> None:
    video(walking_clip(seconds=1.0, fps=fps), tmp_path / "walk.mp4")
    shown = min(fps, 60.0)
    with imageio.get_reader(tmp_path / "walk.mp4") as reader:
        about = reader.get_meta_data()
        assert (about["codec"], about["fps"], reader.count_frames()) == ("h264", shown, round(shown))
        pixels = reader.get_data(5).astype(int)
    assert min((np.abs(pixels - colour).max(axis=-1) < 60).sum() for colour in (LEFT, RIGHT)) > 500


def test_plots(tmp_path: Path) -> None:
    plot(walking_clip(), tmp_path / "a.png")
    pixels = np.asarray(Image.open(tmp_path / "a.png").convert("RGB")).astype(int)
    assert min((np.abs(pixels - colour).max(axis=-1) < 40).sum() for colour in (LEFT, RIGHT)) > 2000
    with pytest.raises(InputError, match=r"plots are \.png"):
        plot(walking_clip(), tmp_path / "a.gif")
    with pytest.raises(InputError, match="single frame"):
        plot(walking_clip().slice(0, 1), tmp_path / "b.png")
    with pytest.raises(InputError, match="plots show one clip, not 2"):
        render([Path("a"), Path("b")], tmp_path / "c.png", plots=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize("output", ["sheet.png", "walk.gif"])
def test_command(tmp_path: Path, sample_clip: Callable[[str], Path], output: str) -> None:
    app = Typer()
    app.command()(render)
    result = CliRunner().invoke(app, [str(sample_clip("bandai")), "-o", str(tmp_path / output)])
    assert result.exit_code == 0, result.output
    assert Image.open(tmp_path / output).size[0] > 100
