"""Labels of text-to-motion: told as the mean of their vectors, taken along by name into a training that knows others."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from motionwire.errors import InputError
from motionwire_training.run import load_weights, read_config
from motionwire_training.text_to_motion.labels import Label
from motionwire_training.text_to_motion.load import begin_from, load_text_to_motion
from toy_models import toy_runs

WIDTH = 8


@torch.no_grad()
def test_what_is_told_is_the_mean_of_the_labels_vectors() -> None:
    label = Label(WIDTH, ["walk", "run"])
    label.read.weight.zero_()
    label.read.bias.copy_(torch.tensor([0.0, 0.0, -99.0]))
    told, read = label(torch.randn(4, WIDTH))
    assert read.shape == (4, 3)
    torch.testing.assert_close(told, label.vectors[:2].mean(0).expand(4, -1))


@torch.no_grad()
def test_labels_keep_what_is_theirs_under_other_numbers() -> None:
    before = Label(WIDTH, ["walk", "run", "kick"])
    after = before.renamed(["kick", "hop", "walk"])
    sentence = torch.randn(4, WIDTH)
    (_, old), (_, new) = before(sentence), after(sentence)
    torch.testing.assert_close(new[:, [0, 2, 3]], old[:, [2, 0, 3]])
    assert torch.equal(after.vectors[[0, 2, 3]], before.vectors[[2, 0, 3]])
    assert not torch.isin(after.vectors[1], before.vectors).any(), "what is new begins as in a new model"


def test_a_run_says_which_labels_it_knows() -> None:
    _, _, run = toy_runs()
    model, _ = load_text_to_motion(run)
    told = read_config(run)
    assert told["contents"] and model.sentence.names == {"contents": told["contents"], "styles": told["styles"]}


def test_a_training_with_other_labels_begins_from_what_it_shares(tmp_path: Path) -> None:
    _, _, run = toy_runs()
    model, _ = load_text_to_motion(run)
    before = load_weights(run)
    first, *others = model.sentence.content.names
    model.sentence.rename(["hop", *others, first], [])
    begin_from(model, run)
    assert model.sentence.names == {"contents": ["hop", *others, first], "styles": []}
    assert torch.equal(model.sentence.content.vectors[-2], before["sentence.content.vectors"][0])
    assert torch.equal(model.blocks[0].qkv.weight, before["blocks.0.qkv.weight"])


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"contents": None}, r"config\.json: does not tell the contents of its text-to-motion"),
        ({"styles": [1]}, r"config\.json: does not tell the styles of its text-to-motion"),
        ({"kind": "tokenizer"}, "is a run of tokenizer, not of text-to-motion"),
    ],
)
def test_a_run_that_does_not_say_it_is_refused(told: dict[str, object], said: str, tmp_path: Path) -> None:
    _, _, run = toy_runs()
    shutil.copyfile(run / "best.safetensors", tmp_path / "best.safetensors")
    (tmp_path / "config.json").write_text(json.dumps({**read_config(run), **told}))
    with pytest.raises(InputError, match=said):
        load_text_to_motion(tmp_path)
