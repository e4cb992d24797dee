"""Every clip as codes, and every caption as embeddings: made once per run from its tokenizer, kept in the run's folder.

Codes are small (two bytes a position and group), so unlike features they are held in memory.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track

from motionwire_training.data.captions import mirror_caption
from motionwire_training.features import FeatureClip, mirror_features, read_features
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.text import TextEncoder
from motionwire_training.tokenizer.data import whole_positions
from motionwire_training.tokenizer.model import STRIDE, Tokenizer

MIN_POSITIONS = 3


@dataclass
class Motion:
    """One clip, plain or mirrored, as codes.

    key: the clip's; content: its label, for balancing; captions: indices into the caption table; first, count: rows of the
    code table, one pair per starting frame.
    """

    key: str
    content: str
    captions: list[int]
    spans: list[tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Corpus:
    """codes: uint16 [P, G]; motions; caption embeddings float16 [W, 384] with the first row of each caption [C + 1]."""

    codes: NDArray[np.uint16]
    motions: list[Motion]
    words: NDArray[np.float16]
    first_word: NDArray[np.int64]

    def positions(self, span: tuple[int, int]) -> NDArray[np.uint16]:
        return self.codes[span[0] : span[0] + span[1]]

    def text(self, caption: int) -> NDArray[np.float16]:
        return self.words[self.first_word[caption] : self.first_word[caption + 1]]


def corpus(config: TextToMotionConfig, split: str, tokenizer: Tokenizer, folder: Path) -> Corpus:
    """The split's corpus, read from `folder` or made there."""
    path = folder / f"corpus-{split}.npz"
    if not path.exists():
        _make(config, split, tokenizer, path)
    with np.load(path, allow_pickle=False) as arrays:
        motions = [Motion(**entry) for entry in json.loads(arrays["motions"].tobytes())]
        return Corpus(arrays["codes"], motions, arrays["words"], arrays["first_word"])


def _make(config: TextToMotionConfig, split: str, tokenizer: Tokenizer, path: Path) -> None:
    table: list[NDArray[np.uint16]] = []
    rows = 0
    motions: list[Motion] = []
    sentences: dict[str, int] = {}
    for clip in track(read_features(Path(config.data), split, config.licence), description=f"codes of {split}"):
        for mirrored in (False, True) if clip.labels.get("mirror_ok", True) else (False,):
            values = mirror_features(clip.features) if mirrored else clip.features
            found = _encode(tokenizer, values, config.shifts)
            if not found:
                continue
            spans = [(rows + sum(map(len, found[:index])), len(codes)) for index, codes in enumerate(found)]
            rows += sum(map(len, found))
            table += found
            texts = [mirror_caption(text) if mirrored else text for text in clip.labels.get("captions", [])]
            motions.append(Motion(clip.labels["key"], _content(clip), [sentences.setdefault(t, len(sentences)) for t in texts], spans))
    words = TextEncoder(config.text_encoder).embed(list(sentences)) if sentences else []
    first_word = np.cumsum([0, *map(len, words)]).astype(np.int64)
    temporary = path.with_name(f".{path.name}")
    with temporary.open("wb") as file:
        np.savez(
            file,
            codes=np.concatenate(table),
            motions=np.frombuffer(json.dumps([asdict(motion) for motion in motions]).encode(), dtype=np.uint8),
            words=np.concatenate(words) if words else np.empty((0, 384), np.float16),
            first_word=first_word,
        )
    temporary.replace(path)


def _content(clip: FeatureClip) -> str:
    labels: dict[str, Any] = clip.labels
    return str(labels.get("content") or labels.get("description") or labels.get("source", ""))


@torch.no_grad()
def _encode(tokenizer: Tokenizer, values: NDArray[np.float32], shifts: int) -> list[NDArray[np.uint16]]:
    """Codes [N, G] of the clip from `shifts` different starting frames; those too short are left out."""
    starts: Iterable[int] = range(0, STRIDE, STRIDE // min(shifts, STRIDE)) if shifts > 1 else (0,)
    out = []
    for start in starts:
        if len(values) - start >= MIN_POSITIONS * STRIDE:
            out.append(tokenizer.encode(torch.from_numpy(whole_positions(values[start:]))[None])[0].numpy().astype(np.uint16))
    return out
