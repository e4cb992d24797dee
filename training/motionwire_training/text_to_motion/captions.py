"""Every caption as embeddings, made once for a data set and a text encoder: DATA/captions-LICENCE-SPLIT-HASH, which all trainings read
that hear through that encoder, whatever the codes are that they learn."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray
from rich.progress import track

from motionwire.generator import layout
from motionwire_training.columns import ColumnWriter, build, fingerprint, read_columns, read_description
from motionwire_training.data.shards import expected_clips, read_dataset
from motionwire_training.data.sides import mirrored_captions
from motionwire_training.features import read_labels
from motionwire_training.text_encoder.encoder import TextEncoder, find_encoder, trained_weights

VERSION = 1  # of what is written, and of the rules by which sentences are mirrored
REMEMBERED = 200_000  # sentences whose embedding is found again; older ones are embedded anew
TOGETHER = 2048  # sentences embedded at a time, sorted by length
SHAPE = {
    "captions": ("<i8", 1), "caption_end": ("<i8", 1), "words": ("<f2", layout.TEXT_DIM), "word_end": ("<i8", 1),
    "sentences": ("<f2", layout.TEXT_DIM),
}  # fmt: skip


def captions(data: Path, licence: str, split: str, text_encoder: str, device: torch.device) -> dict[str, NDArray[Any]]:
    """The columns of a split's captions, embedded on `device` where they are not there yet.

    captions int64 [C], each a row of the sentences; those of the clip n, plain, end at caption_end[2 n], of its mirror image at
    caption_end[2 n + 1] (`row_of`). Sentences: see corpus.py.
    """
    version = str(read_dataset(data)["version"])
    encoder = trained_weights(text_encoder) or find_encoder(text_encoder)
    folder = data / f"captions-{licence}-{split}-{fingerprint(VERSION, version, encoder)}"
    if read_description(folder) is None:
        with build(folder, SHAPE) as table:
            sentences = _Sentences(text_encoder, device, table)
            clips = track(read_labels(data, split, licence), f"captions of {split}", total=expected_clips(data, split, licence))
            for texts in _told(clips):
                table.append("captions", [sentences.index(text) for text in texts])
                table.append("caption_end", table.rows["captions"])
            sentences.flush()
    return read_columns(folder)


def row_of(clip: int, mirrored: bool) -> int:
    """Where the captions of a split's clip, or of its mirror image, end."""
    return 2 * clip + mirrored


def _told(labelled: Iterable[dict[str, Any]]) -> Iterator[list[str]]:
    """The sentences of each clip, then of its mirror image, from their labels."""
    for labels in labelled:
        texts = labels.get("captions", [])
        yield texts
        yield mirrored_captions(texts) if labels.get("mirror_ok", True) else []


class _Sentences:
    """Numbers sentences and appends their embeddings to the table, some thousand at a time."""

    def __init__(self, text_encoder: str, device: torch.device, table: ColumnWriter) -> None:
        self._text_encoder, self._device, self._table = text_encoder, device, table
        self._encoder: TextEncoder | None = None
        self._known: OrderedDict[str, int] = OrderedDict()
        self._waiting: list[str] = []

    def index(self, sentence: str) -> int:
        """The sentence's row in the table."""
        if sentence not in self._known:
            self._known[sentence] = self._table.rows["word_end"] + len(self._waiting)
            self._waiting.append(sentence)
        found = self._known[sentence]
        self._known.move_to_end(sentence)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        if len(self._waiting) == TOGETHER:
            self.flush()
        return found

    def flush(self) -> None:
        """Embed what waits."""
        if self._waiting:
            self._encoder = self._encoder or TextEncoder(self._text_encoder).to(self._device)
            for words, sentence in self._encoder.embed(self._waiting):
                self._table.append("words", words).append("word_end", self._table.rows["words"]).append("sentences", sentence)
            self._waiting.clear()
