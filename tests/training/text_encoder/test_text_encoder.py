"""The text encoder: words and one vector a sentence, and its sentence layers trained on captions."""

from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest

from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire_export.export_text_encoder import write_text_encoder as export_text_encoder
from motionwire_training.configuration import load_config
from motionwire_training.data import vocabulary
from motionwire_training.data.captions import mirror_caption
from motionwire_training.run import read_metrics
from motionwire_training.text_encoder.captions import WHOLE, Captions, drawn, read_captions
from motionwire_training.text_encoder.configuration import TextEncoderConfig
from motionwire_training.text_encoder.encoder import TextEncoder
from motionwire_training.text_encoder.readers import IGNORED
from motionwire_training.text_encoder.train import main
from toy_models import write_dataset, write_text_encoder

SENTENCES = ["a person walks", "a person walks slowly and turns left right left"]


def settings(data: Path, encoder: Path, out: Path, *words: str) -> TextEncoderConfig:
    given = [f"data={data}", f"encoder={encoder}", f"out={out}", "licence=free", "threads=1", "layers=1", "steps=3", "batch_size=2"]
    return load_config("text_encoder", TextEncoderConfig, [*given, "validate_every=3", "bf16=false", *words])


def test_embeddings_do_not_depend_on_their_batch(tmp_path: Path) -> None:
    encoder = TextEncoder(str(write_text_encoder(tmp_path)))
    alone, together = encoder.embed(SENTENCES[:1])[0], encoder.embed(SENTENCES)[0]
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one, other, atol=2e-3)
    assert together.words.shape == (5, layout.TEXT_DIM) and together.sentence.shape == (layout.TEXT_DIM,)


def test_untrained_a_sentence_is_the_mean_of_its_words(tmp_path: Path) -> None:
    words, sentence = TextEncoder(str(write_text_encoder(tmp_path))).embed(SENTENCES)[1]
    mean = words.astype(np.float32).mean(0)
    np.testing.assert_allclose(sentence, mean / np.linalg.norm(mean), atol=2e-3)


def test_a_folder_without_an_encoder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot load the text encoder"):
        TextEncoder(str(tmp_path))


def test_training_changes_the_sentence_and_leaves_the_words(tmp_path: Path) -> None:
    base = write_text_encoder(tmp_path / "base")
    out = tmp_path / "run"
    main(settings(write_dataset(tmp_path / "data"), base, out))
    assert set(read_metrics(out)) == {"loss", "content_read", "style_read", "step"}
    before, after = TextEncoder(str(base)).embed(SENTENCES)[1], TextEncoder(str(out)).embed(SENTENCES)[1]
    np.testing.assert_array_equal(before.words, after.words)
    assert np.abs(before.sentence - after.sentence).max() > 1e-4
    assert np.linalg.norm(after.sentence.astype(np.float32)) == pytest.approx(1, abs=1e-2)


def test_without_a_step_the_branch_is_the_layers_it_was_copied_from(tmp_path: Path) -> None:
    base = write_text_encoder(tmp_path / "base")
    out = tmp_path / "run"
    main(settings(write_dataset(tmp_path / "data"), base, out, "steps=1", "learning_rate=1e-12", "weight_decay=0"))
    for one, other in zip(TextEncoder(str(base)).embed(SENTENCES), TextEncoder(str(out)).embed(SENTENCES), strict=True):
        np.testing.assert_allclose(one.sentence, other.sentence, atol=1e-3)


def test_the_graph_gives_what_was_trained(tmp_path: Path) -> None:
    out = tmp_path / "run"
    main(settings(write_dataset(tmp_path / "data"), write_text_encoder(tmp_path / "base"), out))
    (tmp_path / "bundle").mkdir()
    manifest = export_text_encoder(tmp_path / "bundle", str(out))
    encoder = TextEncoder(str(out))
    feed = dict(zip(("input_ids", "attention_mask"), (value.numpy() for value in encoder.ids(SENTENCES)), strict=True))
    _, sentences = ort.InferenceSession(str(tmp_path / "bundle" / "text_encoder.onnx")).run(None, feed)
    for found, wanted in zip(sentences, encoder.embed(SENTENCES), strict=True):
        assert float(found @ wanted.sentence.astype(np.float32)) > 0.98
    assert manifest.recipe["captions"] == "toy" and manifest.recipe["layers"] == 1


def test_more_layers_than_there_are_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="layers is 2, the encoder has 1"):
        main(settings(write_dataset(tmp_path / "data"), write_text_encoder(tmp_path / "base"), tmp_path / "run", "layers=2"))


def test_held_out_clips_without_a_known_label_are_one_line(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    shard = data / "shards" / "val-00000.tar"
    shard.write_bytes(shard.read_bytes().replace(b'"content": "turn-', b'"content": "bend-'))
    with pytest.raises(InputError, match="no clip in val has a caption and a label of train"):
        main(settings(data, write_text_encoder(tmp_path / "base"), tmp_path / "run"))


def test_captions_carry_the_labels_of_their_clips_mirrored_ones_too(tmp_path: Path) -> None:
    found = read_captions(write_dataset(tmp_path), "train", "free")
    assert {"a person walks and turns left", "a person walks and turns right"} < set(found.sentences)
    assert {"a person performs turn left", "a person performs turn right"} < set(found.sentences)  # what the labels have words for
    for sentence, content in zip(found.sentences, found.content, strict=True):
        assert found.contents[content][5:] in sentence.lower()
    assert set(found.style) == {IGNORED} and len(found.sentences) == len(set(found.sentences))
    other = Captions([], found.content[:0], found.style[:0], found.whole[:0], ["turn-right"], [])
    held = read_captions(tmp_path, "val", "free", like=other)
    assert "a person walks and turns right" in held.sentences and set(held.content) == {0}


def test_contents_and_their_styles_are_drawn_evenly_and_whole_sentences_with_their_share() -> None:
    content, style = np.array([0] * 90 + [1] * 10), np.array([0] * 45 + [1] * 45 + [IGNORED] * 10)
    whole = np.arange(100) < 5
    captions = Captions([str(i) for i in range(100)], content, style, whole, ["a", "b"], ["c", "d"])
    batches = list(drawn(captions, 10, 0, 0))
    assert len(batches) == 10 and 0.25 < float(np.mean(content[np.concatenate(batches)])) < 0.6
    assert not np.array_equal(batches, list(drawn(captions, 10, 0, 1)))
    pairs = [captions.shares[(content == what) & (style == how)].sum() for what, how in ((0, 0), (0, 1), (1, IGNORED))]
    np.testing.assert_allclose(pairs, [(1 / 3 + 1 / 4) / 2, (1 / 3 + 1 / 4) / 2, (1 / 3 + 1 / 2) / 2])
    np.testing.assert_allclose(captions.shares[whole].sum(), WHOLE * pairs[0])


def test_whole_sentences_of_known_labels_are_told_apart(tmp_path: Path) -> None:
    data = write_dataset(tmp_path)
    for shard in (data / "shards").glob("*.tar"):
        shard.write_bytes(shard.read_bytes().replace(b'"content": "turn-left"', b'"content": "wave"     '))
    assert not read_captions(data, "train", "free").whole.any()
    for shard in (data / "shards").glob("*.tar"):
        shard.write_bytes(shard.read_bytes().replace(b'"content": "wave"     ', b'"content": "walk"     '))
    found = read_captions(data, "train", "free")
    walks = vocabulary.written("walk", "")
    assert {text for text, whole in zip(found.sentences, found.whole, strict=True) if whole} == {*walks, *map(mirror_caption, walks)}
    assert not read_captions(data, "val", "free").whole.any()


def test_new_sentences_are_learned_where_the_vectors_of_all_others_stay(tmp_path: Path) -> None:
    base, data = write_text_encoder(tmp_path / "base"), write_dataset(tmp_path / "data")
    main(settings(data, base, tmp_path / "first", "steps=1"))
    for name, words in (("free", ()), ("kept", ("keep_vectors=100",))):
        main(settings(data, base, tmp_path / name, f"begin_from={tmp_path / 'first'}", "learning_rate=0.01", "steps=10", *words))
    was, free, kept = (
        TextEncoder(str(tmp_path / name)).embed(SENTENCES)[1].sentence.astype(np.float32) for name in ("first", "free", "kept")
    )
    assert 1 - float(was @ kept) < 0.3 * (1 - float(was @ free))
    with pytest.raises(InputError, match="begin_from is needed"):
        settings(data, base, tmp_path / "none", "keep_vectors=1")


def test_fine_tuning_begins_with_the_layers_of_another_run(tmp_path: Path) -> None:
    base, data = write_text_encoder(tmp_path / "base"), write_dataset(tmp_path / "data")
    main(settings(data, base, tmp_path / "first", "learning_rate=0.03"))
    barely = ("steps=1", "learning_rate=1e-12", "weight_decay=0")
    main(settings(data, base, tmp_path / "second", f"begin_from={tmp_path / 'first'}", *barely))
    first, second, untrained = (TextEncoder(str(folder)).embed(SENTENCES) for folder in (tmp_path / "first", tmp_path / "second", base))
    for one, other, plain in zip(first, second, untrained, strict=True):
        np.testing.assert_allclose(one.sentence, other.sentence, atol=1e-3)
        assert np.abs(one.sentence - plain.sentence).max() > 1e-2
    with pytest.raises(InputError, match="weights of another model"):
        two = write_text_encoder(tmp_path / "two", layers=2)
        main(settings(data, two, tmp_path / "third", "layers=2", f"begin_from={tmp_path / 'first'}", *barely))


def test_lower_layers_change_less(tmp_path: Path) -> None:
    base, data, moved = write_text_encoder(tmp_path / "base", layers=2), write_dataset(tmp_path / "data"), []
    before = TextEncoder(str(base)).model.encoder.layer
    for name, decay in (("same", "1"), ("less", "0.1")):
        main(settings(data, base, tmp_path / name, "layers=2", "steps=1", f"layer_decay={decay}"))
        branch = TextEncoder(str(tmp_path / name)).branch
        assert branch is not None
        moved.append(
            [float((a.output.dense.weight - b.output.dense.weight).abs().mean()) for a, b in zip(before, branch.layers, strict=True)]
        )
    same, less = moved
    assert less[0] < 0.3 * same[0] and less[1] == pytest.approx(same[1], rel=0.1)
