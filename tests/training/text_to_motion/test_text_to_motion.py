"""Text-to-motion: text may be read both ways but motion only backwards, sequences."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire.motion import features
from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import REFERENCE
from motionwire_training.data.labels import content_label
from motionwire_training.features import held_out_keys, read_features
from motionwire_training.run import load_weights, read_config, read_metrics
from motionwire_training.text_encoder.encoder import TextEncoder
from motionwire_training.text_encoder.readers import IGNORED, reading_losses
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.corpus import Corpus
from motionwire_training.text_to_motion.data import Sequence, _shares, epoch, validation
from motionwire_training.text_to_motion.model import TextToMotion
from motionwire_training.text_to_motion.tokens import corpus
from motionwire_training.text_to_motion.train import main
from motionwire_training.tokenizer.load import load_tokenizer
from motionwire_training.tokenizer.train import main as train_tokenizer
from toy_models import tokenizer_config, toy_runs, transformer_config, write_dataset
from toy_rows import training_row

CODES, GROUPS = 15, 2


@pytest.fixture
def config() -> TextToMotionConfig:
    return TextToMotionConfig(data="d", out="o", licence="free", tokenizer="", width=32, layers=2, heads=2, batch_size=4)


@pytest.fixture
def model(config: TextToMotionConfig) -> TextToMotion:
    torch.manual_seed(0)
    return TextToMotion(config, torch.randn(GROUPS, CODES, 3), toy_corpus().contents, toy_corpus().styles).eval()


def toy_corpus() -> Corpus:
    generator = np.random.default_rng(0)
    codes = generator.integers(0, CODES, (200, GROUPS)).astype(np.uint16)
    words = generator.normal(size=(18, layout.TEXT_DIM)).astype(np.float16)
    return Corpus(
        codes=codes,
        frames=generator.normal(size=(200, features.DIM)).astype(np.float16),
        places=generator.normal(size=(200, 6)).astype(np.float32),
        spans=np.array([(0, 30), (30, 29), (59, 120), (179, 21)]),
        span_end=np.array([2, 3, 4]),
        told=np.array([0, 1, 2]),
        captions=np.array([0, 1, 2]),
        caption_end=np.array([2, 3, 3]),
        kind=np.array([0, 1, 2], np.int32),
        content=np.array([0, 1, IGNORED], np.int32),
        style=np.array([0, IGNORED, IGNORED], np.int32),
        words=words,
        word_end=np.array([5, 11, 18]),
        sentences=generator.normal(size=(3, layout.TEXT_DIM)).astype(np.float16),
        contents=["walk", "run"],
        styles=["old"],
    )


def batch_of(positions: int) -> dict[str, torch.Tensor]:
    """One sentence of 6 tokens, 3 positions of history, `positions` of new motion."""
    return training_row(CODES, GROUPS, positions, words=6, room=6, past=3)


@torch.no_grad()
def test_motion_sees_no_future_and_padding_is_invisible(model: TextToMotion) -> None:
    batch = batch_of(8)
    before, _ = model(batch)
    later = {**batch, "inputs": batch["inputs"].clone()}
    later["inputs"][:, 5:] = (later["inputs"][:, 5:] + 1) % CODES
    after, _ = model(later)
    torch.testing.assert_close(after[:, :6], before[:, :6])
    assert not torch.allclose(after[:, 6:], before[:, 6:])
    padded = {
        **batch,
        "text": torch.cat((batch["text"], torch.randn(1, 4, layout.TEXT_DIM)), dim=1),
        "text_mask": torch.cat((batch["text_mask"], torch.zeros(1, 4, dtype=torch.bool)), dim=1),
    }
    torch.testing.assert_close(model(padded)[0], before, atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_a_goal_counts_only_where_it_is_told(model: TextToMotion) -> None:
    batch = batch_of(5)
    other = {**batch, "goal": batch["goal"] + 1}
    assert not torch.allclose(model(batch)[0], model(other)[0])
    untold = {"goal_mask": torch.zeros(1, dtype=torch.bool)}
    assert torch.equal(model({**batch, **untold})[0], model({**other, **untold})[0])


@torch.no_grad()
def test_a_sentence_without_its_words_is_its_vector(model: TextToMotion) -> None:
    batch = batch_of(5)
    turned = {**batch, "text": batch["text"].flip(1)}  # other words at each place
    assert not torch.allclose(model(batch)[0], model(turned)[0])
    untold = {"words_told": torch.zeros(1, dtype=torch.bool)}
    torch.testing.assert_close(model({**batch, **untold})[0], model({**turned, **untold})[0])
    other = {**batch, "sentence": -batch["sentence"]}
    assert not torch.allclose(model({**batch, **untold})[0], model({**other, **untold})[0])


@torch.no_grad()
def test_no_sentence_has_no_vector(model: TextToMotion) -> None:
    mask = torch.tensor([[True] * 6, [False] * 6])
    vectors, _ = model.sentence(torch.randn(2, layout.TEXT_DIM), mask)
    assert vectors[0].any() and not vectors[1].any()


@torch.no_grad()
def test_a_sentence_without_words_and_vector_is_its_labels(model: TextToMotion) -> None:
    batch = batch_of(5)
    only = {**batch, **dict.fromkeys(("words_told", "vector_told"), torch.zeros(1, dtype=torch.bool))}
    other = {**only, "sentence": -batch["sentence"], "text": batch["text"].flip(1)}
    assert not torch.allclose(model(only)[0], model(other)[0]), "they read as other labels"
    for label in (model.sentence.content, model.sentence.style):
        label.read.weight.zero_()
        label.read.bias.copy_(torch.tensor([99.0, *[0.0] * len(label.names)]))
    torch.testing.assert_close(model(only)[0], model(other)[0])
    assert not torch.allclose(model(only)[0], model(batch)[0])


def test_held_out_clips_have_the_numbers_of_the_training_clips_labels() -> None:
    val = replace(toy_corpus(), contents=["run", "hop"], styles=["young", "old"], style=np.array([1, 0, IGNORED], np.int32))
    found = val.labelled_as(["walk", "run"], ["old"])
    assert found.content.tolist() == [1, IGNORED, IGNORED] and found.style.tolist() == [0, IGNORED, IGNORED]
    assert (found.contents, found.styles) == (["walk", "run"], ["old"])


def test_labels_are_read_only_where_they_are() -> None:
    sure = torch.tensor([[9.0, 0.0], [0.0, 9.0], [9.0, 0.0]])
    found = reading_losses((sure, sure), torch.tensor([0, 1, 1]), torch.tensor([0, IGNORED, IGNORED]))
    assert float(found["content_read"]) == pytest.approx(2 / 3) and float(found["style_read"]) == 1
    none = torch.full((3,), IGNORED)
    assert float(reading_losses((sure, sure), none, none)["label_loss"]) == 0


@torch.no_grad()
def test_a_group_sees_the_groups_before_it(model: TextToMotion) -> None:
    hidden = torch.randn(1, 32)
    a, b = (model.logits(hidden, torch.tensor([[first, 3]])) for first in (1, 2))
    assert torch.equal(a[:, 0], b[:, 0]) and not torch.allclose(a[:, 1], b[:, 1])
    assert torch.equal(a, model.logits(hidden, torch.tensor([[1, 7]])))


def test_what_has_no_past_begins_as_its_span_does(config: TextToMotionConfig) -> None:
    corpus, generator = toy_corpus(), np.random.default_rng(0)
    asked = replace(config, goal=0.0, foreign_history=0.0, history=0.5, max_positions=20)
    drawn = [Sequence(asked, corpus, corpus.motion(1), generator) for _ in range(200)]  # of 120 positions
    fresh = [sequence.new for sequence in drawn if not len(sequence.past)]
    assert 60 < len(fresh) < 140 and all(np.array_equal(new, corpus.positions(corpus.motion(1).spans[0])[:20]) for new in fresh)
    assert any(sequence.ends for sequence in drawn)


def test_batches_hold_what_the_loss_needs(config: TextToMotionConfig) -> None:
    seen_end = seen_history = seen_silence = seen_goal = False
    seen_labels: set[int] = set()
    seen_told: set[tuple[bool, bool]] = set()
    for number in range(12):
        for batch in epoch(config, toy_corpus(), CODES, number):
            targets, codes = batch["targets"], batch["codes"]
            known = targets != IGNORED
            counts = known[..., 1].sum(1)
            for row, count in enumerate(counts.tolist()):
                assert torch.equal(targets[row, :count], codes[row, :count])
                end = int(targets[row, count, 0])
                assert end in (CODES, IGNORED)
                seen_end |= end == CODES
                assert known[row, count + 1 :].sum() == 0
            assert count <= config.max_positions and batch["inputs"].shape[1] == targets.shape[1] - 1
            assert int(batch["remaining"].max()) <= layout.MAX_REMAINING
            seen_history |= bool(batch["history_mask"].any())
            seen_silence |= bool((~batch["text_mask"].any(1)).any())
            seen_goal |= bool(batch["goal_mask"].any())
            assert batch["history_mask"].any(1)[batch["goal_mask"]].all(), "who arrives comes from somewhere"
            assert (batch["goal"][~batch["goal_mask"]] == 0).all()
            silent = ~batch["text_mask"].any(1)
            assert (batch["content"][silent] == IGNORED).all() and (batch["style"][silent] == IGNORED).all()
            seen_labels |= set(batch["content"].tolist())
            seen_told |= set(zip(batch["words_told"].tolist(), batch["vector_told"].tolist(), strict=True))
    assert seen_end and seen_history and seen_silence and seen_goal
    assert seen_labels == {0, 1, IGNORED}
    assert seen_told == {(True, True), (False, True), (False, False)}, "no words without their vector"


def test_what_a_clip_has_no_label_for_is_read_as_none(config: TextToMotionConfig) -> None:
    (batch,) = validation(config, toy_corpus(), CODES)
    found = {tuple(pair) for pair in zip(batch["content"].tolist(), batch["style"].tolist(), strict=True)}
    assert found == {(0, 0), (1, 1), (IGNORED, IGNORED)}, "walking old, running in no style, no sentence"


def test_a_goal_says_where_its_frame_is() -> None:
    """Walking the way that the goal tells, from before the first new frame, leads to the frame behind the last."""
    data, tokenizer, run = toy_runs()
    config = transformer_config(data, tokenizer, Path(read_config(run)["config"]["text_encoder"]), run)
    found = corpus(config, "train", load_tokenizer(tokenizer).model, run)
    clip = next(iter(read_features(data, "train", "free")))
    start, end = 3, 9
    goal = found.goal(found.motion(0).spans[1], start, end)  # begins at frame 2
    first, last = 2 + layout.STRIDE * start, 2 + layout.STRIDE * end
    walked = features.decode(clip.features[first : last + 1], REFERENCE, features.FPS)
    np.testing.assert_allclose(goal[:2], walked.root_positions[-1, [0, 2]], atol=1e-4)
    heading = rot.yaw_of(walked.rotations[-1, 0])
    np.testing.assert_allclose(goal[2:4], (np.cos(heading), np.sin(heading)), atol=1e-4)
    np.testing.assert_allclose(goal[4:], clip.features[last], atol=2e-3)


def test_rare_contents_and_kinds_are_drawn_more_often() -> None:
    """Three clips of one kind and one of another of the same content, one of another content: half goes by kind, half by content."""

    class Counted:
        kind_counts = np.array([3, 3, 3, 1, 1])
        content = np.array([0, 0, 0, 0, 7])

    shares = _shares(Counted(), 1.0, 0.5)  # type: ignore[arg-type]
    np.testing.assert_allclose(shares, [*[(1 / 9 + 1 / 12) / 2] * 3, (1 / 3 + 1 / 4) / 2, (1 / 3 + 1 / 2) / 2])
    np.testing.assert_allclose(_shares(Counted(), 1.0, 1.0), [*[1 / 12] * 3, 1 / 4, 1 / 2])  # type: ignore[arg-type]
    Counted.content[:] = IGNORED
    np.testing.assert_allclose(_shares(Counted(), 0.0, 0.5), 0.2)  # type: ignore[arg-type]


def test_validation_is_always_the_same_and_complete(config: TextToMotionConfig) -> None:
    first, again = (list(validation(config, toy_corpus(), CODES)) for _ in range(2))
    assert sum(len(batch["text"]) for batch in first) == 3
    for a, b in zip(first, again, strict=True):
        assert all(torch.equal(a[name], b[name]) for name in a)
        assert not a["history_mask"].any() and torch.equal(a["inputs"], a["codes"][:, :-1])


def test_mirrored_motions_have_mirrored_sentences() -> None:
    data, tokenizer, run = toy_runs()
    config = transformer_config(data, tokenizer, Path(read_config(run)["config"]["text_encoder"]), run)
    found = corpus(config, "train", load_tokenizer(tokenizer).model, run)
    assert len(found) == 16 and all(len(found.motion(index).spans) == config.shifts * len(config.tempos) for index in range(16))
    plain, mirrored = found.motion(0), found.motion(1)
    assert found.contents and plain.content == found.contents.index(content_label(next(iter(read_features(data, "train", "free"))).labels))
    assert plain.captions != mirrored.captions and len(plain.captions) == len(mirrored.captions)
    assert not np.array_equal(found.positions(plain.spans[0]), found.positions(mirrored.spans[0]))
    encoder = TextEncoder(config.text_encoder)
    words, sentence = encoder.embed(["a person walks and turns right"])[0]
    np.testing.assert_allclose(found.text(plain.captions[0]), words, atol=2e-3)
    np.testing.assert_allclose(found.sentences[plain.captions[0]], sentence, atol=2e-3)


def test_captions_are_embedded_once_for_all_trainings_on_a_data_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, tokenizer, run = toy_runs()
    config = transformer_config(data, tokenizer, Path(read_config(run)["config"]["text_encoder"]), tmp_path)
    before = corpus(config, "val", load_tokenizer(tokenizer).model, run)
    monkeypatch.setattr(TextEncoder, "embed", lambda *_: pytest.fail("embedded again"))
    config.shifts = 1
    found = corpus(config, "val", load_tokenizer(tokenizer).model, tmp_path)
    assert len(found.spans) < len(before.spans), "other codes"
    np.testing.assert_array_equal(found.sentences, before.sentences)
    assert [found.motion(index).captions for index in range(len(found))] == [before.motion(index).captions for index in range(len(before))]


def test_what_validates_is_bounded_and_has_its_own_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, tokenizer, run = toy_runs()
    config = transformer_config(data, tokenizer, Path(read_config(run)["config"]["text_encoder"]), tmp_path)
    whole = corpus(config, "val", load_tokenizer(tokenizer).model, run)
    monkeypatch.setattr("motionwire_training.features.HELD_OUT_CLIPS", 1)
    found = corpus(config, "val", load_tokenizer(tokenizer).model, tmp_path)
    number = [clip.labels["key"] for clip in read_features(data, "val", "free")].index(*held_out_keys(data, "free"))
    assert (len(whole), len(found)) == (4, 2), "each with its mirror image"
    assert [found.motion(side).captions for side in (0, 1)] == [whole.motion(2 * number + side).captions for side in (0, 1)]


def test_training_motions_are_also_played_faster_and_slower(tmp_path: Path) -> None:
    data, tokenizer, run = toy_runs()
    config = transformer_config(data, tokenizer, Path(read_config(run)["config"]["text_encoder"]), tmp_path)
    config.tempos = [1.0, 0.8]
    train, val = (corpus(config, split, load_tokenizer(tokenizer).model, tmp_path) for split in ("train", "val"))
    plain, slower = train.motion(0).spans[:: config.shifts]
    assert slower[1] == pytest.approx(plain[1] / 0.8, abs=1)
    assert len(val.motion(0).spans) == config.shifts, "what is held out stays as it is"


def test_training_runs_and_records(tmp_path: Path) -> None:
    _, _, run = toy_runs()
    assert set(read_metrics(run)) == {"loss", "accuracy", "label_loss", "content_read", "style_read", "step"}
    assert (run / "best.safetensors").exists() and (run / "corpus-train" / "columns.json").exists()


def test_a_free_model_does_not_learn_from_a_research_tokenizer(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    _, tokenizer, _ = toy_runs()
    copy = tmp_path / "tokenizer"
    copy.mkdir()
    (copy / "config.json").write_text((tokenizer / "config.json").read_text().replace('"licence": "free"', '"licence": "research"'))
    (copy / "best.safetensors").write_bytes((tokenizer / "best.safetensors").read_bytes())
    with pytest.raises(InputError, match="research data"):
        main(transformer_config(data, copy, tmp_path, tmp_path / "run"))


def test_a_training_begins_from_another_ones_weights(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    _, tokenizer, run = toy_runs()
    config = transformer_config(data, tokenizer, tmp_path, tmp_path / "run")
    barely = replace(config, begin_from=str(run), steps=1, learning_rate=1e-9, text_encoder=read_config(run)["config"]["text_encoder"])
    assert main(barely)["loss"] == pytest.approx(read_metrics(run)["loss"], abs=1e-3)
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.json").write_text((run / "config.json").read_text().replace('"licence": "free"', '"licence": "research"'))
    with pytest.raises(InputError, match="research data"):
        main(replace(barely, begin_from=str(other), out=str(tmp_path / "another")))


def test_what_follows_from_the_tokenizer_is_that_of_the_new_one(tmp_path: Path) -> None:
    data, first, run = toy_runs()
    train_tokenizer(tokenizer_config(data, tmp_path / "tokenizer", "steps=1"))
    other = load_weights(tmp_path / "tokenizer")
    other["mean"] += 1
    other["std"] *= 2
    save_file(other, tmp_path / "tokenizer" / "best.safetensors", metadata={"state": "{}"})
    encoder = Path(read_config(run)["config"]["text_encoder"])
    words = (f"begin_from={run}", "steps=1", "learning_rate=1e-9")
    main(transformer_config(data, tmp_path / "tokenizer", encoder, tmp_path / "run", *words))
    before, found = load_weights(run), load_weights(tmp_path / "run")
    assert torch.equal(found["goal_mean"][4:], other["mean"]) and torch.equal(found["goal_std"][4:], other["std"])
    assert torch.equal(before["goal_mean"][4:], load_weights(first)["mean"])
    torch.testing.assert_close(found["goal_in.0.weight"], before["goal_in.0.weight"], atol=1e-6, rtol=0)


def test_a_tokenizer_that_sees_the_future_is_refused(tmp_path: Path) -> None:
    data, _, _ = toy_runs()
    train_tokenizer(tokenizer_config(data, tmp_path / "tokenizer", "steps=1", "attention=full", "encoder_blocks=3"))
    with pytest.raises(InputError, match="tokenizer: has attention=full"):
        main(transformer_config(data, tmp_path / "tokenizer", tmp_path, tmp_path / "run"))


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("heads=0", "heads must be at least 1"),
        ("layers=0", "layers must be at least 1"),
        ("width=0", "width must be at least 1"),
        ("bucket=0", "bucket must be at least 1"),
        ("shifts=0", "shifts must be at least 1"),
        ("max_positions=0", r"max_positions must be in 1\.\.206, not 0"),
        ("max_positions=207", r"max_positions must be in 1\.\.206, not 207"),
        ("text_noise=-0.1", "text_noise must be at least 0"),
        ("labels=-1", "labels must be at least 0"),
    ],
)
def test_settings_that_cannot_be_are_named(setting: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        transformer_config(tmp_path, tmp_path, tmp_path, tmp_path / "run", setting)


@torch.no_grad()
def test_the_longest_motion_that_may_be_asked_for_is_read(model: TextToMotion) -> None:
    assert model(batch_of(layout.MAX_MOTION))[0].shape[1] == layout.MAX_MOTION + 1
