"""A text-to-motion goes with the tokenizer and the sentence layers that it learned from, not with what became of them since."""

import json
import shutil
from pathlib import Path

import pytest
from safetensors.torch import save_file

from motionwire.errors import InputError
from motionwire_export.assemble import assemble
from motionwire_training.run import load_weights, read_config, read_settings, weights_digest, write_json
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.learned_from import LEARNED_FROM, check_unchanged
from motionwire_training.text_to_motion.load import load_text_to_motion
from motionwire_training.text_to_motion.train import main
from toy_models import toy_runs

SAID = "tokenizer: has been trained on since .* learned from it"


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    """Copies of the toy tokenizer, trained on since, and of the text-to-motion that learned from what it was."""
    for run in toy_runs()[1:]:
        shutil.copytree(run, tmp_path / run.name)
    tokenizer, transformer = tmp_path / "tokenizer", tmp_path / "text_to_motion"
    told = (transformer / "config.json").read_text()
    (transformer / "config.json").write_text(told.replace(str(toy_runs()[1]), str(tokenizer)))
    weights = load_weights(tokenizer)
    save_file({**weights, "mean": weights["mean"] + 1}, tokenizer / "best.safetensors", metadata={"state": "{}"})
    return tokenizer, transformer


def test_a_run_tells_what_it_learned_from() -> None:
    _, tokenizer, transformer = toy_runs()
    assert read_config(transformer)[LEARNED_FROM] == {"tokenizer": weights_digest(tokenizer), "text_encoder": ""}


def test_it_does_not_go_on_with_another_tokenizer(runs: tuple[Path, Path]) -> None:
    config = read_settings(runs[1], TextToMotionConfig)
    config.out = str(runs[1])
    with pytest.raises(InputError, match=SAID):
        main(config)


def test_it_is_not_exported_with_another_tokenizer(runs: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=SAID):
        assemble(runs, tmp_path / "bundles" / "toy", "toy")
    assert not (tmp_path / "bundles").exists()


def test_a_run_of_before_digests_were_told_is_taken_at_its_word(runs: tuple[Path, Path]) -> None:
    with pytest.raises(InputError, match=SAID):
        load_text_to_motion(runs[1])
    told = read_config(runs[1])
    told.pop(LEARNED_FROM)
    write_json(runs[1] / "config.json", told)
    load_text_to_motion(runs[1])


def test_sentence_layers_that_were_trained_on_since_are_told(tmp_path: Path) -> None:
    (tmp_path / "best.safetensors").write_bytes(b"newer")
    (tmp_path / "config.json").write_text(json.dumps({"kind": "text-encoder", "config": {}, "data_version": ""}))
    told = {"config": {"text_encoder": str(tmp_path)}, LEARNED_FROM: {"text_encoder": weights_digest(tmp_path)}}
    check_unchanged(Path("run"), told, "text_encoder")
    (tmp_path / "best.safetensors").write_bytes(b"newest")
    with pytest.raises(InputError, match="trained on since run learned from it"):
        check_unchanged(Path("run"), told, "text_encoder")
