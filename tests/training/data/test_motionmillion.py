"""MotionMillion's own layout: listed and there, listed and absent, captions, and names that point elsewhere."""

import json
from pathlib import Path

import numpy as np
import pytest

from motionwire.errors import InputError
from motionwire.motion.features import encode
from motionwire_training.data.importer import import_sources
from motionwire_training.data.shards import read_shards
from motionwire_training.data.sources import source
from synthetic import walking_clip


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """Three motions, one of them spoiled; five names in the lists."""
    folder = tmp_path / "motionmillion"
    motions, texts = folder / "motion_272rpr" / "sub", folder / "texts" / "sub"
    for path in (motions, texts, folder / "split" / "version1", folder / "mean_std"):
        path.mkdir(parents=True)
    features = encode(walking_clip(2.0))[:, :272]
    np.save(motions / "walk.npy", features)
    np.save(motions / "nan.npy", np.full_like(features, np.nan))
    np.save(motions / "held_out.npy", features[:40])
    np.save(motions / "unlisted.npy", features)
    (texts / "walk.txt").write_text("a man walks forward.#a/DET man/NOUN#0.0#0.0\na person is walking\n\n")
    (folder / "split" / "version1" / "train.txt").write_text("sub/walk\nsub/nan\nsub/absent\nsub/walk\n")
    (folder / "split" / "val.txt").write_text("sub/held_out\nsub/gone.npy\n")
    (folder / "split" / "all.txt").write_text("sub/walk\nsub/unlisted\n")
    return folder


def test_listed_clips_are_read_and_absent_ones_counted_in_one_line(
    layout: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    dataset = import_sources([layout], out, workers=1)
    assert dataset["clips"] == {"train": 1, "val": 1}
    report = json.loads((out / "report.json").read_text())
    assert report["clips"] == {"listed": 5, "imported": 2, "rejected": 1, "missing": 2}
    assert [reject["reason"] for reject in report["rejects"]] == ["not_finite"]
    warnings = [line for line in capsys.readouterr().err.splitlines() if "warning" in line]
    assert len(warnings) == 2 and "2 listed clips are not there" in warnings[0] and "1 clips were rejected (1 not_finite)" in warnings[1]
    (walk,) = read_shards(out, "train")
    assert walk.labels["captions"] == ["a man walks forward.", "a person is walking"]
    assert walk.labels["licence_class"] == "research" and walk.clip.fps == 30
    truth = walking_clip(2.0).world()[0]
    np.testing.assert_allclose(walk.clip.world()[0], truth - truth[0, 0] * [1, 0, 1], atol=2e-3)


def test_without_lists_every_motion_is_taken(layout: Path) -> None:
    for path in (layout / "split").rglob("*.txt"):
        path.unlink()
    keys = [job.item.key for job in source(layout).jobs()]
    assert keys == ["sub__held_out", "sub__nan", "sub__unlisted", "sub__walk"] and source(layout).count() == 4


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "sub\\..\\x"])
def test_a_name_that_points_elsewhere_is_refused(layout: Path, name: str) -> None:
    (layout / "split" / "val.txt").write_text(f"sub/held_out\n{name}\n")
    with pytest.raises(InputError, match=r"val\.txt, line 2"):
        source(layout).count()


def test_a_motion_that_links_elsewhere_is_refused(layout: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.npy").write_bytes(b"secret")
    (layout / "motion_272rpr" / "sub" / "gone.npy").symlink_to(tmp_path / "secret.npy")
    with pytest.raises(InputError, match="outside its folder"):
        list(source(layout).jobs())
