"""Every clip as codes, and every caption as embeddings: made once per run from its tokenizer, kept in the run's folder.

Both are written while the clips stream by and read back by memory map; in memory is only what one sequence needs, and a few
bytes a motion for balanced drawing.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track

from motionwire.generator import layout
from motionwire.motion import features
from motionwire_training.columns import ColumnWriter, build, read_columns, read_description
from motionwire_training.data.captions import mirror_caption
from motionwire_training.data.shards import read_dataset
from motionwire_training.features import FeatureClip, mirror_features, read_features, retime_features
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.text import TextEncoder
from motionwire_training.tokenizer.data import hold_last, whole_positions
from motionwire_training.tokenizer.model import Tokenizer
from motionwire_training.torch_motion import root_path

MIN_POSITIONS = 3
REMEMBERED = 100_000  # sentences whose embedding is found again; older ones are embedded anew
TOGETHER = 2048  # sentences embedded at a time, sorted by length
CLIPS_TOGETHER, FRAMES_TOGETHER = 32, 16_384  # encoded at a time


@dataclass(frozen=True)
class Motion:
    """One clip, plain or mirrored, as codes: indices into the caption table, and (first row, count) of its codes, one pair per
    tempo and starting frame."""

    captions: list[int]
    spans: list[tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Corpus:
    """codes uint16 [P, G]; frames float16 [P, 276], the features of each position's first frame; places float32 [P, 6], where the root
    is before that frame and in it (x, z, heading; m and rad from the motion's begin); spans int64 [K, 2] into them, those of motion m
    end at span_end[m]; captions int64 [C] likewise, with caption_end; kind int32 [M], a number per kind of clip; words float16 [W, 384],
    those of sentence s end at word_end[s]."""

    codes: NDArray[np.uint16]
    frames: NDArray[np.float16]
    places: NDArray[np.float32]
    spans: NDArray[np.int64]
    span_end: NDArray[np.int64]
    captions: NDArray[np.int64]
    caption_end: NDArray[np.int64]
    kind: NDArray[np.int32]
    words: NDArray[np.float16]
    word_end: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.kind)

    def motion(self, index: int) -> Motion:
        captions = _part(self.captions, self.caption_end, index)
        return Motion(captions.tolist(), [(int(first), int(count)) for first, count in _part(self.spans, self.span_end, index)])

    def positions(self, span: tuple[int, int]) -> NDArray[np.uint16]:
        return self.codes[span[0] : span[0] + span[1]]

    def goal(self, span: tuple[int, int], start: int, end: int) -> NDArray[np.float32]:
        """The first frame of position `end` as a goal [280] for who stands before position `start` (generator/layout.py)."""
        before, there = self.places[span[0] + start, :3], self.places[span[0] + end, 3:]
        (x, z, turn), (sine, cosine) = there - before, (np.sin(before[2]), np.cos(before[2]))
        way = (cosine * x - sine * z, cosine * z + sine * x, np.cos(turn), np.sin(turn))
        return np.concatenate((way, self.frames[span[0] + end]), dtype=np.float32)

    def text(self, caption: int) -> NDArray[np.float16]:
        return _part(self.words, self.word_end, caption)

    @cached_property
    def kind_counts(self) -> NDArray[np.int64]:
        """How many motions are of each motion's kind [M]."""
        return np.bincount(self.kind)[self.kind]


def _part(values: NDArray[Any], ends: NDArray[np.int64], index: int) -> NDArray[Any]:
    return values[ends[index - 1] if index else 0 : ends[index]]


def corpus(config: TextToMotionConfig, split: str, tokenizer: Tokenizer, folder: Path) -> Corpus:
    """The split's corpus, read from `folder`, or made there where it is absent or of another tokenizer or data set."""
    path = folder / f"corpus-{split}"
    stamp = {
        "data_version": str(read_dataset(Path(config.data))["version"]),
        "tokenizer": hashlib.sha256((Path(config.tokenizer) / "best.safetensors").read_bytes()).hexdigest(),
        "licence": config.licence,
        "shifts": config.shifts,
        "tempos": config.tempos,
        "text_encoder": config.text_encoder,
    }
    if read_description(path) != stamp:
        _make(config, split, tokenizer, path, stamp)
    return Corpus(**read_columns(path))


def _make(config: TextToMotionConfig, split: str, tokenizer: Tokenizer, path: Path, stamp: dict[str, Any]) -> None:
    shape = {
        "codes": ("<u2", tokenizer.groups), "frames": ("<f2", features.DIM), "places": ("<f4", 6),
        "spans": ("<i8", 2), "span_end": ("<i8", 1), "captions": ("<i8", 1),
        "caption_end": ("<i8", 1), "kind": ("<i4", 1), "words": ("<f2", layout.TEXT_DIM), "word_end": ("<i8", 1),
    }  # fmt: skip
    kinds: dict[str, int] = {}
    tempos = config.tempos if split == "train" else [1.0]
    with build(path, shape) as table:
        table.description = stamp
        sentences = _Sentences(config.text_encoder, table)
        clips = track(read_features(Path(config.data), split, config.licence), description=f"codes of {split}")
        while some := list(islice(clips, CLIPS_TOGETHER)):
            for motion in _motions(tokenizer, some, tempos, config.shifts):
                for frames, codes in motion.spans:
                    table.append("spans", (table.rows["codes"], len(codes))).append("codes", codes)
                    table.append("frames", frames[:: tokenizer.stride]).append("places", places(frames, tokenizer.stride))
                texts = [mirror_caption(text) if motion.mirrored else text for text in motion.clip.labels.get("captions", [])]
                table.append("captions", [sentences.index(text) for text in texts])
                table.append("span_end", table.rows["spans"]).append("caption_end", table.rows["captions"])
                table.append("kind", kinds.setdefault(motion.clip.kind, len(kinds)))
        sentences.flush()


class _Sentences:
    """Numbers sentences and appends their embeddings to the table, some thousand at a time."""

    def __init__(self, text_encoder: str, table: ColumnWriter) -> None:
        self._text_encoder, self._table = text_encoder, table
        self._encoder: TextEncoder | None = None
        self._known: OrderedDict[str, int] = OrderedDict()
        self._waiting: list[str] = []

    def index(self, sentence: str) -> int:
        """The sentence's row in the caption table."""
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
            self._encoder = self._encoder or TextEncoder(self._text_encoder)
            for words in self._encoder.embed(self._waiting):
                self._table.append("words", words).append("word_end", self._table.rows["words"])
            self._waiting.clear()


@dataclass(frozen=True, eq=False)
class _Encoded:
    """A clip, plain or mirrored: whole positions' features [sN, 276] and codes [N, G], by tempo and starting frame."""

    clip: FeatureClip
    mirrored: bool
    spans: list[tuple[NDArray[np.float32], NDArray[np.uint16]]]


def _motions(tokenizer: Tokenizer, clips: Sequence[FeatureClip], tempos: Sequence[float], shifts: int) -> Iterator[_Encoded]:
    """The clips and their mirror images where those may be, as codes; those too short are left out."""
    stride = tokenizer.stride
    starts = range(0, stride, stride // min(shifts, stride)) if shifts > 1 else (0,)
    motions: list[tuple[FeatureClip, bool, list[NDArray[np.float32]]]] = []
    for clip in clips:
        for mirrored in (False, True) if clip.labels.get("mirror_ok", True) else (False,):
            values = mirror_features(clip.features) if mirrored else clip.features
            played = [values if tempo == 1 else retime_features(values, tempo) for tempo in tempos]
            long = [part for tempo in played for start in starts if len(part := tempo[start:]) >= MIN_POSITIONS * stride]
            motions.append((clip, mirrored, [whole_positions(part, stride) for part in long]))
    codes = iter(_encode(tokenizer, [frames for *_, cut in motions for frames in cut]))
    for clip, mirrored, cut in motions:
        if cut:
            yield _Encoded(clip, mirrored, [(frames, next(codes)) for frames in cut])


@torch.no_grad()
def _encode(tokenizer: Tokenizer, motions: Sequence[NDArray[np.float32]]) -> list[NDArray[np.uint16]]:
    """Codes [N, G] of motions [sN, 276], those of similar length at once."""
    found: dict[int, NDArray[np.uint16]] = {}
    waiting: list[int] = []

    def flush() -> None:
        # The encoder is causal, so what the shorter ones are filled up with at their end changes none of their codes.
        longest = len(motions[waiting[-1]])
        together = torch.from_numpy(np.stack([hold_last(motions[index], longest) for index in waiting])).to(tokenizer.mean.device)
        for index, row in zip(waiting, tokenizer.encode(together).cpu().numpy().astype(np.uint16), strict=True):
            found[index] = row[: len(motions[index]) // tokenizer.stride]
        waiting.clear()

    for index in sorted(range(len(motions)), key=lambda index: len(motions[index])):
        if waiting and (len(waiting) + 1) * len(motions[index]) > FRAMES_TOGETHER:
            flush()
        waiting.append(index)
    if waiting:
        flush()
    return [found[index] for index in range(len(motions))]


def places(values: NDArray[np.float32], stride: int) -> NDArray[np.float32]:
    """Where the root is before each position and in its first frame, float32 [N, 6] (x, z, heading, twice), of features [sN, 276]."""
    path, heading = root_path(torch.from_numpy(values))
    way = torch.cat((path, heading[:, None]), dim=1).numpy()
    before = np.concatenate((np.zeros((1, 3), np.float32), way[stride - 1 : -1 : stride]))
    return np.concatenate((before, way[::stride]), axis=1)
