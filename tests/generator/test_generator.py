"""The generation loop on a tiny bundle: deterministic per seed, right lengths, going on from a motion, equal to PyTorch's own."""

import numpy as np
import pytest

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator.generator import Generator
from motionwire.motion import features
from motionwire.motion.clip import Clip
from synthetic import walking_clip
from toy_models import toy_bundle

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


@pytest.mark.parametrize("fps", [60, 120])
def test_a_quicker_clip_is_gone_on_from_at_its_very_end(generator: Generator, fps: int) -> None:
    quick = walking_clip(2.0, fps)
    step = fps // 30
    thirty = Clip(quick.skeleton, 30.0, quick.root_positions[step - 1 :: step], quick.rotations[step - 1 :: step])
    found, expected = (np.concatenate(list(generator.stream(TEXT, 0.5, history=clip))) for clip in (quick, thirty))
    np.testing.assert_allclose(found, expected, atol=1e-4)


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
