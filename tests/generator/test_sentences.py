"""Sentences longer than the text encoder reads: how many of their words it hears."""

import numpy as np
import pytest

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator.sentences import SentenceEncoder, heard_words, read_tokenizer
from toy_models import toy_bundle


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return Bundle.load(toy_bundle())


@pytest.mark.parametrize(
    ("sentence", "heard"),
    [
        ("a person walks", 3),
        ("walks " * 38, 38),
        ("walks  " * 38 + "slowly", 38),
        ("walks " * 37 + "left-right slowly", 37),
        ("walks " * 37 + "left !!", 39),
    ],
)
def test_words_beyond_forty_tokens_are_not_heard(bundle: Bundle, sentence: str, heard: int) -> None:
    assert heard_words(read_tokenizer(bundle), sentence) == heard


def test_what_is_not_heard_changes_nothing(bundle: Bundle) -> None:
    encoder, words = SentenceEncoder(bundle), "walks " * 37
    heard, cut = (encoder.encode(words + rest).whole for rest in ("left slowly", "left quickly"))
    assert np.array_equal(heard, cut)
    assert not np.array_equal(heard, encoder.encode(words + "right slowly").whole)


def test_what_is_no_text_is_one_line(bundle: Bundle) -> None:
    with pytest.raises(InputError, match="not valid Unicode"):
        heard_words(read_tokenizer(bundle), "walks \ud800")
