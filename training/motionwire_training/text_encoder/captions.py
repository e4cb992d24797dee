"""The sentences that say what the clips of a data set show, each once, with the labels."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motionwire_training.data.captions import sentences, written
from motionwire_training.data.evenly import partly_by_content
from motionwire_training.data.labels import content_label, style_label
from motionwire_training.data.shards import read_shards
from motionwire_training.data.sides import mirrored_captions
from motionwire_training.text_encoder.readers import IGNORED, number_of

WHOLE = 1 / 2  # of the draws, where a content in a style has sentences that were written whole
BUCKET = 32  # batches whose sentences are put in order of length together


@dataclass(frozen=True)
class Captions:
    """sentences: N of them; content, style int64 [N]: numbers of `contents` and `styles`, IGNORED for none; whole bool [N]: written as
    they are, not put together of words."""

    sentences: list[str]
    content: NDArray[np.int64]
    style: NDArray[np.int64]
    whole: NDArray[np.bool_]
    contents: list[str]
    styles: list[str]

    @property
    def shares(self) -> NDArray[np.float64]:
        """Probability to draw each [N]: half of the draws fall evenly on contents, half evenly on contents in a style; of these both
        kinds of sentences come up equally often."""
        pairs, pair = np.unique(np.stack((self.content, self.style)), axis=1, return_inverse=True)
        kind = pair.ravel(), self.whole.astype(np.intp)
        counts = np.zeros((pairs.shape[1], 2))  # of each pair, those put together and those written whole
        np.add.at(counts, kind, 1)
        kinds = np.where(counts > 0, (1 - WHOLE, WHOLE), 0.0)
        kinds /= kinds.sum(axis=1, keepdims=True) * np.maximum(counts, 1)
        return partly_by_content(kinds[kind], self.content, 0.5)


def read_captions(data: Path, split: str, licence: str, like: Captions | None = None) -> Captions:
    """The split's captions and all others that its labels have words for (a clip carries some of them only), mirrored ones too;
    `like`: numbers labels as those, and leaves out what has none there."""
    contents = {name: number for number, name in enumerate(like.contents)} if like else {}
    styles = {name: number for number, name in enumerate(like.styles)} if like else {}
    found: dict[str, tuple[int, int, bool]] = {}
    seen: set[tuple[str, str, str, bool]] = set()
    for sample in read_shards(data, split, licence):
        labels = _words_of(sample.labels)
        for mirrored in (False, True) if sample.labels.get("mirror_ok", True) else (False,):
            what = content_label(sample.labels, mirrored), style_label(labels[1])
            label = number_of(what[0], contents, like is None), number_of(what[1], styles, like is None)
            if label != (IGNORED, IGNORED):
                new = (*labels, mirrored) not in seen
                seen.add((*labels, mirrored))
                whole, worded = (written(*labels, split), sentences(*labels, split)) if new else ((), ())
                for texts, as_written in ((whole, True), (sample.labels.get("captions", []), False), (worded, False)):
                    for text in mirrored_captions(texts) if mirrored else texts:
                        found.setdefault(text, (*label, as_written))
    content, style, is_whole = np.array(list(found.values()), np.int64).reshape(-1, 3).T
    return Captions(list(found), content, style, is_whole.astype(bool), list(contents), list(styles))


def _words_of(labels: Mapping[str, Any]) -> tuple[str, str, str]:
    """Content, style and description."""
    content, style, description = (str(labels.get(name) or "") for name in ("content", "style", "description"))
    return content, style, description


def drawn(captions: Captions, size: int, seed: int, number: int) -> Iterator[NDArray[np.intp]]:
    """The epoch's batches of indices, `size` each and of about the same length, so that little is padding; as many draws as there are
    captions."""
    generator = np.random.default_rng([seed, number])
    count = len(captions.sentences)
    lengths = np.array([len(sentence) for sentence in captions.sentences])
    for draws in np.split(generator.choice(count, size=count, p=captions.shares), range(BUCKET * size, count, BUCKET * size)):
        batches = np.split(draws[np.argsort(lengths[draws], kind="stable")], range(size, len(draws), size))
        yield from (batches[index] for index in generator.permutation(len(batches)) if len(batches[index]) == size)
