"""The generation loop on a tiny bundle: deterministic per seed, right lengths, going on from a motion, equal to PyTorch's own."""

import numpy as np
import pytest
import torch

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire.generator.generator import Generator
from motionwire.generator.sampling import Sampling, draw, guided
from motionwire.motion import features
from synthetic import walking_clip
from toy_models import toy_bundle, toy_runs

TEXT = "a person walks and turns left"


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(Bundle.load(toy_bundle()))


def test_a_seed_gives_the_same_motion_again(generator: Generator) -> None:
    first, again, other = (np.concatenate(list(generator.stream(TEXT, 1.0, seed))) for seed in (3, 3, 4))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


@pytest.mark.parametrize(("seconds", "frames"), [(1.0, 30), (0.1, 3), (2.07, 62), (27.4, 822)])
def test_lengths_are_met_to_the_frame(generator: Generator, seconds: float, frames: int) -> None:
    chunks = list(generator.stream(TEXT, seconds, temperature=0.0))
    assert sum(map(len, chunks)) == frames and all(chunk.shape[1] == features.DIM and chunk.dtype == np.float32 for chunk in chunks)


def test_without_a_length_the_model_ends_within_ten_seconds(generator: Generator) -> None:
    # Hot enough that the untrained model draws the end now and then.
    lengths = {sum(map(len, generator.stream(TEXT, None, seed, temperature=5.0, top_p=1.0))) for seed in range(12)}
    assert min(lengths) >= 32 and max(lengths) <= 300 and len(lengths) > 1


def test_the_first_chunk_comes_before_the_rest_is_made(generator: Generator) -> None:
    stream = generator.stream(TEXT, 20.0)
    assert next(stream).shape == (4, features.DIM)


def test_streams_do_not_disturb_each_other(generator: Generator) -> None:
    alone = [np.concatenate(list(generator.stream(TEXT, 1.0, seed))) for seed in (1, 2)]
    pairs = list(zip(generator.stream(TEXT, 1.0, 1), generator.stream(TEXT, 1.0, 2), strict=True))
    for index in (0, 1):
        assert np.array_equal(np.concatenate([pair[index] for pair in pairs]), alone[index])


def test_history_may_be_features_and_may_be_short(generator: Generator) -> None:
    before = features.encode(walking_clip(2.0))
    a = np.concatenate(list(generator.stream(TEXT, 0.5, history=before[1:])))
    b = np.concatenate(list(generator.stream(TEXT, 0.5, history=before[-32:])))
    assert np.array_equal(a, b), "only the last second counts"
    assert sum(map(len, generator.stream(TEXT, 0.5, history=before[:2]))) == 15
    with pytest.raises(InputError, match="history"):
        generator.stream(TEXT, 0.5, history=np.full((8, features.DIM), np.nan, np.float32))


@pytest.mark.parametrize(
    ("text", "seconds", "message"),
    [
        ("", 1.0, "the sentence is empty"),
        (" \n ", 1.0, "the sentence is empty"),
        ("walk " * 300, 1.0, "characters, more than"),
        ("\ud800", 1.0, "not valid Unicode"),
        (TEXT, 0.0, "seconds is not between"),
        (TEXT, 1e9, "seconds is not between"),
        (TEXT, float("nan"), "seconds is not between"),
    ],
)
def test_bad_requests_are_refused_at_once(generator: Generator, text: str, seconds: float, message: str) -> None:
    with pytest.raises(InputError, match=message):
        generator.stream(text, seconds)


def test_odd_sentences_are_sentences(generator: Generator) -> None:
    for text in ("?!", "走る", "walk " * 60, "A PERSON\tWALKS\u200b"):
        assert sum(map(len, generator.stream(text, 0.2))) == 6


@torch.no_grad()
def test_the_loop_draws_what_pytorch_would(generator: Generator) -> None:
    """The same loop written out on the PyTorch models, without a cache: code for code equal."""
    from motionwire_export.export_text_to_motion import load_text_to_motion  # noqa: PLC0415
    from motionwire_export.weights import round_weights  # noqa: PLC0415

    model, tokenizer = load_text_to_motion(toy_runs()[2])
    round_weights(model), round_weights(tokenizer)
    words = torch.from_numpy(generator._graphs.sentences.encode(TEXT))
    random, sampling, count = np.random.default_rng(7), Sampling(), 12
    drawn = torch.zeros(1, 0, model.groups, dtype=torch.long)
    for position in range(count):
        codes = torch.zeros(1, position + 1, model.groups, dtype=torch.long)
        codes[:, :position] = drawn
        for group in range(model.groups):
            batch = {
                "text": words.expand(2, -1, -1),
                "text_mask": torch.tensor([[True], [False]]).expand(2, len(words)),
                "history": torch.zeros(2, layout.MAX_HISTORY, model.groups, dtype=torch.long),
                "history_mask": torch.zeros(2, layout.MAX_HISTORY, dtype=torch.bool),
                "inputs": drawn.expand(2, -1, -1),
                "codes": codes.expand(2, -1, -1),
                "remaining": torch.tensor([[layout.remaining_index(count - i) for i in range(position + 1)]] * 2),
            }
            with_text, without = model(batch)[:, -1:, group].numpy()
            choice = guided(with_text, without, np.array([sampling.guidance]))
            choice[:, -1] = -np.inf
            codes[:, -1, group] = int(draw(choice, np.array([random.random()]), [sampling])[0])
        drawn = codes
    found = np.concatenate(list(generator.stream(TEXT, count * 4 / 30, seed=7)))
    np.testing.assert_allclose(found, tokenizer.decode(drawn)[0].numpy(), atol=1e-4)
