"""Sentences into embeddings: the shared text encoder's tokenizer and graph."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator import layout

MAX_CHARACTERS = 1000


class Sentence(NamedTuple):
    """words: token embeddings [L, 384], L at most 40; whole: the sentence's embedding [384]."""

    words: NDArray[np.float32]
    whole: NDArray[np.float32]


class SentenceEncoder:
    """Opened once per bundle; safe to call from several threads."""

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        shared = bundle.text_encoder()
        self._session = shared.session("text_encoder", threads)
        path = shared.folder / "tokenizer.json"
        if "tokenizer.json" not in shared.manifest.files:
            raise InputError("the text encoder lacks its tokenizer.json", shared.folder)
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises plain Exception
            raise InputError(f"not a tokenizer file: {error}", path) from None
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(layout.MAX_TEXT)

    def encode(self, text: str) -> Sentence:
        """The embeddings of a sentence. Raises InputError for an empty or oversized sentence."""
        sentence = " ".join(text.split())
        if not sentence:
            raise InputError("the sentence is empty")
        if len(sentence) > MAX_CHARACTERS:
            raise InputError(f"the sentence has {len(sentence)} characters, more than {MAX_CHARACTERS}")
        try:
            ids = np.array([self._tokenizer.encode(sentence).ids], dtype=np.int64)
        except (UnicodeError, TypeError):
            raise InputError("the sentence is not valid Unicode text") from None
        words, whole = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        return Sentence(np.asarray(words[0], dtype=np.float32), np.asarray(whole[0], dtype=np.float32))
