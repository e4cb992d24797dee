"""Every clip as codes and every caption as embeddings, read by memory map: in memory is only what one sequence needs, and a few bytes a
motion for balanced drawing. captions.py and tokens.py
make it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motionwire.generator.arrival import way
from motionwire_training.text_encoder.readers import IGNORED


@dataclass(frozen=True)
class Motion:
    """One clip, plain or mirrored, as codes: indices into the caption table, (first row, count) of its codes, one pair per tempo and
    starting frame, and the numbers of its content and style, -100 where it has none."""

    captions: list[int]
    spans: list[tuple[int, int]]
    content: int
    style: int


@dataclass(frozen=True, eq=False)
class Corpus:
    """codes uint16 [P, G]; frames float16 [P, 276], the features of each position's first frame; places float32 [P, 6], where the root
    is before that frame and in it (x, z, heading; m and rad from the motion's begin); spans int64 [K, 2] into them, those of motion m
    end at span_end[m]; captions int64 [C], those of motion m end at caption_end[told[m]]; kind int32 [M], a number per kind of clip;
    content, style int32 [M], -100 where there is none; words float16 [W, 384], those of sentence s end at word_end[s]; sentences
    float16 [S, 384].
    contents, styles: names of those numbers."""

    codes: NDArray[np.uint16]
    frames: NDArray[np.float16]
    places: NDArray[np.float32]
    spans: NDArray[np.int64]
    span_end: NDArray[np.int64]
    told: NDArray[np.int64]
    captions: NDArray[np.int64]
    caption_end: NDArray[np.int64]
    kind: NDArray[np.int32]
    content: NDArray[np.int32]
    style: NDArray[np.int32]
    words: NDArray[np.float16]
    word_end: NDArray[np.int64]
    sentences: NDArray[np.float16]
    contents: list[str]
    styles: list[str]

    def __len__(self) -> int:
        return len(self.kind)

    def motion(self, index: int) -> Motion:
        captions = _part(self.captions, self.caption_end, self.told[index])
        spans = [(int(first), int(count)) for first, count in _part(self.spans, self.span_end, index)]
        return Motion(captions.tolist(), spans, int(self.content[index]), int(self.style[index]))

    def positions(self, span: tuple[int, int]) -> NDArray[np.uint16]:
        """Codes [N, G] of a span, also where a position has one code only."""
        return self.codes[span[0] : span[0] + span[1]].reshape(span[1], -1)

    def goal(self, span: tuple[int, int], start: int, end: int) -> NDArray[np.float32]:
        """The first frame of position `end` as a goal [280] for who stands before position `start` (generator/arrival.py)."""
        before, there = self.places[span[0] + start, :3], self.places[span[0] + end, 3:]
        return np.concatenate((way(before, there), self.frames[span[0] + end]), dtype=np.float32)

    def text(self, caption: int) -> NDArray[np.float16]:
        """A caption's words [L, 384]; `sentences` has its one vector."""
        return _part(self.words, self.word_end, caption)

    def labelled_as(self, contents: list[str], styles: list[str]) -> "Corpus":
        """The same with its contents and styles by their places among these, IGNORED where they are not among them."""
        content = _renumbered(self.content, self.contents, contents)
        style = _renumbered(self.style, self.styles, styles)
        return replace(self, content=content, style=style, contents=contents, styles=styles)

    @cached_property
    def kind_counts(self) -> NDArray[np.int64]:
        """How many motions are of each motion's kind [M]."""
        return np.bincount(self.kind)[self.kind]


def _part(values: NDArray[Any], ends: NDArray[np.int64], index: int) -> NDArray[Any]:
    return values[ends[index - 1] if index else 0 : ends[index]]


def _renumbered(numbers: NDArray[np.int32], names: Sequence[str], wanted: Sequence[str]) -> NDArray[np.int32]:
    to = np.array([*(wanted.index(name) if name in wanted else IGNORED for name in names), IGNORED], np.int32)
    return to[np.where(numbers == IGNORED, len(names), numbers)]
