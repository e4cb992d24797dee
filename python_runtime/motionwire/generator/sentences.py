"""Sentences into embeddings: the shared text encoder's tokenizer and graph."""

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator import layout

MAX_CHARACTERS = 1000


class Sentence(NamedTuple):
    """words: token embeddings [L, 384], L at most 40; whole: the sentence's embedding [384]."""

    words: NDArray[np.float32]
    whole: NDArray[np.float32]


def read_tokenizer(bundle: Bundle) -> Tokenizer:
    """What cuts sentences into the text encoder's tokens, 40 at most; raises InputError."""
    shared = bundle.text_encoder()
    path = shared.folder / "tokenizer.json"
    if "tokenizer.json" not in shared.manifest.files:
        raise InputError("the text encoder lacks its tokenizer.json", shared.folder)
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises plain Exception
        raise InputError(f"not a tokenizer file: {error}", path) from None
    tokenizer.no_padding()
    tokenizer.enable_truncation(layout.MAX_TEXT)
    return tokenizer


def heard_words(tokenizer: Tokenizer, text: str) -> int:
    """How many of a sentence's words reach the model whole: 40 tokens do, of which its begin and end are two. Raises InputError."""
    sentence = " ".join(text.split())
    encoding = _tokens(tokenizer, sentence)
    end = max(stop for _, stop in encoding.offsets) if encoding.overflowing else len(sentence)
    cut = re.search(r"\w", sentence[end:])
    return len(sentence.split()) if cut is None else len(sentence[: end + cut.end()].split()) - 1


def _tokens(tokenizer: Tokenizer, sentence: str) -> Encoding:
    try:
        return tokenizer.encode(sentence)
    except (UnicodeError, TypeError):
        raise InputError("the sentence is not valid Unicode text") from None


class SentenceEncoder:
    """Opened once per bundle; safe to call from several threads."""

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        self._session = bundle.text_encoder().session("text_encoder", threads)
        self._tokenizer = read_tokenizer(bundle)

    def encode(self, text: str) -> Sentence:
        """The embeddings of a sentence. Raises InputError for an empty or oversized sentence."""
        sentence = " ".join(text.split())
        if not sentence:
            raise InputError("the sentence is empty")
        if len(sentence) > MAX_CHARACTERS:
            raise InputError(f"the sentence has {len(sentence)} characters, more than {MAX_CHARACTERS}")
        ids = np.array([_tokens(self._tokenizer, sentence).ids], dtype=np.int64)
        words, whole = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        return Sentence(np.asarray(words[0], dtype=np.float32), np.asarray(whole[0], dtype=np.float32))
