"""The judge: trained by one command, it names what it saw, does not look at padding, and is refused where it is none."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from motionwire.errors import InputError
from motionwire_training.data.labels import content_label, may_fit, style_label
from motionwire_training.evaluation.evaluator import train
from motionwire_training.evaluation.evaluator.data import clips, collate, epoch
from motionwire_training.evaluation.evaluator.judge import Judge
from motionwire_training.features import read_features
from toy_evaluator import evaluator_config, toy_evaluator
from toy_models import toy_runs


def test_it_names_what_it_was_trained_on_and_sentences_lie_with_their_motion() -> None:
    data, _, _ = toy_runs()
    judge = Judge(toy_evaluator())
    found = list(read_features(data, "train", "free"))
    contents, styles = judge.names([clip.features for clip in found])
    assert contents == [content_label(clip.labels) for clip in found] and len(styles) == len(found)
    motions = judge.motions([clip.features for clip in found])
    sentences = judge.sentences([f"a person walks and turns {side}" for side in ("left", "right")])
    np.testing.assert_allclose(np.linalg.norm(motions, axis=1), 1, atol=1e-5)
    sides = ["left" if near[0] > near[1] else "right" for near in motions @ sentences.T]
    assert sides == [str(clip.labels["content"]).removeprefix("turn-") for clip in found]
    assert not judge.ranges.outside(np.tile([0, 0, 0, 1.0], (3, 22, 1))).all()


def test_a_clip_is_judged_the_same_alone_and_beside_a_longer_one() -> None:
    judge = Judge(toy_evaluator())
    short, long = np.zeros((41, 276), np.float32), np.ones((160, 276), np.float32)
    np.testing.assert_allclose(judge.motions([short])[0], judge.motions([short, long])[0], atol=1e-5)


def test_a_resumed_run_is_the_same_run(tmp_path: Path) -> None:
    whole = train.main(evaluator_config(tmp_path / "whole", "steps=6", "checkpoint_every=3"))
    train.main(evaluator_config(tmp_path / "halves", "steps=3", "checkpoint_every=3"))
    shutil.copytree(tmp_path / "halves", tmp_path / "resumed")
    assert train.main(evaluator_config(tmp_path / "resumed", "steps=6", "checkpoint_every=3")).keys() == whole.keys()
    assert json.loads((tmp_path / "whole" / "names.json").read_text()) == {"contents": ["turn-right", "turn-left"], "styles": []}


def test_mirrored_clips_have_the_other_side_and_batches_hold_labels(tmp_path: Path) -> None:
    settings = evaluator_config(tmp_path / "run")
    found = clips(settings, "train")
    assert len(found) == 16 and sorted(found.content.tolist()) == [0] * 8 + [1] * 8
    assert np.abs(found.features(0)[:, 0] + found.features(1)[:, 0]).max() < 1e-6  # sideways speed changes its sign
    (batch, *_) = epoch(settings, found, 0)
    assert batch["features"].shape[1] == 4 * batch["valid"].shape[1] and (batch["style"] == -1).all()
    assert batch["features"].dtype == torch.float32 and batch["vectors"].shape == (8, 384)


def test_validation_goes_to_the_networks_device(tmp_path: Path) -> None:
    settings = evaluator_config(tmp_path / "run")
    found = clips(settings, "val")
    seen: set[str] = set()

    class Elsewhere(torch.nn.Module):
        """Stands for a network on an accelerator."""

        def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
            seen.update(value.device.type for value in inputs)
            return (torch.ones(len(inputs[0]), 2),) * 4

    numbers = torch.tensor([0, 1, -1])
    train.validation_figures(Elsewhere(), settings, found, (numbers, numbers), torch.device("meta"))
    assert seen == {"meta"}


def test_collate_keeps_whole_positions() -> None:
    batch = collate([np.ones((2, 276), np.float32), np.ones((11, 276), np.float32)], 240)
    assert batch["features"].shape == (2, 8, 276) and batch["valid"].tolist() == [[True, False], [True, True]]


def test_labels_that_mean_the_same_are_one() -> None:
    assert style_label("old") == style_label("elderly") and style_label("genuine") == ""
    assert content_label({"content": "wave-left-hand"}, mirrored=True) == "wave-right-hand"
    assert may_fit("walk", "sad", "walk", "") and not may_fit("walk", "sad", "walk", "angry") and not may_fit("walk", "", "run", "")


def test_what_is_no_evaluator_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no config\.json"):
        Judge(tmp_path)
    shutil.copytree(toy_evaluator(), tmp_path / "run")
    (tmp_path / "run" / "names.json").write_text("[]")
    with pytest.raises(InputError, match=r"names\.json"):
        Judge(tmp_path / "run")
    for word, said in (("frames=30", "frames"), ("judge_width=0", "judge_width must be at least 1"), ("noise=-1", "noise must be")):
        with pytest.raises(InputError, match=said):
            evaluator_config(tmp_path / "other", word)
