"""What the evaluator learns from: a split's features, labels and sentences on disk, read back by memory map, and batches of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from motionwire.generator import layout
from motionwire.motion import features
from motionwire_training.columns import build, read_columns, read_description
from motionwire_training.data.labels import content_label, style_label
from motionwire_training.data.shards import read_dataset
from motionwire_training.data.sides import mirrored_captions
from motionwire_training.evaluation.evaluator.configuration import EvaluatorConfig
from motionwire_training.evaluation.evaluator.networks import STRIDE
from motionwire_training.evaluation.evaluator.sentences import sentence_vectors
from motionwire_training.features import mirror_features, read_features
from motionwire_training.loop import Batch
from motionwire_training.text_encoder.encoder import TextEncoder, trained_weights
from motionwire_training.tokenizer.data import hold_last

SHORTEST = 45  # frames that are left of a clip of which a part is seen
VALIDATED = 4  # sentences of a held-out clip that validation draws from
BUCKET = 16  # batches that are sorted by length together, so that little is padding


@dataclass(frozen=True, eq=False)
class Clips:
    """Motions, mirrored ones behind their own: content and style [M] by index (-1: not told), sentences of motion m end at
    sentence_end[m]; row [M] of its clip, whose features end at clip_end[row]; vectors [S, 384] of the sentences."""

    contents: list[str]
    styles: list[str]
    frames: NDArray[np.float16]
    clip_end: NDArray[np.int64]
    content: NDArray[np.int32]
    style: NDArray[np.int32]
    row: NDArray[np.int64]
    mirrored: NDArray[np.uint8]
    sentences: NDArray[np.int64]
    sentence_end: NDArray[np.int64]
    vectors: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.content)

    def features(self, motion: int) -> NDArray[np.float32]:
        """Features [T, 276]."""
        row = int(self.row[motion])
        values = self.frames[self.clip_end[row - 1] if row else 0 : self.clip_end[row]].astype(np.float32)
        return mirror_features(values) if self.mirrored[motion] else values

    def vector(self, motion: int, generator: np.random.Generator) -> NDArray[np.float16]:
        """One of its sentences [384]; zeros where it has none."""
        first, last = int(self.sentence_end[motion - 1]) if motion else 0, int(self.sentence_end[motion])
        return self.vectors[self.sentences[generator.integers(first, last)]] if last > first else np.zeros(layout.TEXT_DIM, np.float16)


def clips(config: EvaluatorConfig, split: str) -> Clips:
    """A split's motions, read from the run's folder, or written there first."""
    path = Path(config.out) / f"clips-{split}"
    stamp = {
        "data_version": str(read_dataset(Path(config.data))["version"]),
        "licence": config.licence,
        "encoder": config.text_encoder,
        "sentence_layers": trained_weights(config.text_encoder),
    }
    found = read_description(path)
    if found is None or {key: found.get(key) for key in stamp} != stamp:
        _make(config, split, path, stamp)
        found = read_description(path)
    assert found is not None, "it has just been made"
    return Clips(found["contents"], found["styles"], **read_columns(path))


def _make(config: EvaluatorConfig, split: str, path: Path, stamp: dict[str, str]) -> None:
    shape = {
        "frames": ("<f2", features.DIM), "clip_end": ("<i8", 1), "content": ("<i4", 1), "style": ("<i4", 1), "row": ("<i8", 1),
        "mirrored": ("<u1", 1), "sentences": ("<i8", 1), "sentence_end": ("<i8", 1), "vectors": ("<f2", layout.TEXT_DIM),
    }  # fmt: skip
    names: tuple[dict[str, int], dict[str, int]] = ({}, {})
    most = None if split == "train" else VALIDATED
    known: dict[str, int] = {}
    with build(path, shape) as table:
        for clip in read_features(Path(config.data), split, config.licence):
            table.append("frames", clip.features)
            table.append("clip_end", table.rows["frames"])
            for mirrored in (False, True) if split == "train" and clip.labels.get("mirror_ok", True) else (False,):
                texts = clip.labels.get("captions", [])[:most]
                texts = mirrored_captions(texts) if mirrored else texts
                table.append("sentences", [known.setdefault(text, len(known)) for text in texts]).append(
                    "sentence_end", table.rows["sentences"]
                )
                told = content_label(clip.labels, mirrored), style_label(str(clip.labels.get("style") or ""))
                for column, name, index in zip(("content", "style"), told, names, strict=True):
                    table.append(column, index.setdefault(name, len(index)) if name else -1)
                table.append("row", table.rows["clip_end"] - 1).append("mirrored", mirrored)
        table.append("vectors", sentence_vectors(TextEncoder(config.text_encoder), list(known)))
        table.description = {**stamp, "contents": list(names[0]), "styles": list(names[1])}


def epoch(config: EvaluatorConfig, train: Clips, number: int) -> Iterator[Batch]:
    """Batches of as many draws as there are motions; see `collate`."""
    generator = np.random.default_rng([config.seed, number])
    _, label = np.unique(np.stack((train.content, train.style)), axis=1, return_inverse=True)
    shares = np.bincount(label.ravel())[label.ravel()].astype(np.float64) ** -config.balance
    draws = generator.choice(len(train), size=len(train), p=shares / shares.sum())
    long = np.diff(train.clip_end, prepend=0)[train.row]
    together = BUCKET * config.batch_size
    draws = np.concatenate([part[np.argsort(long[part], kind="stable")] for part in np.split(draws, range(together, len(draws), together))])
    batches = [draws[at : at + config.batch_size] for at in range(0, len(draws) - config.batch_size + 1, config.batch_size)]
    for part in (batches[index] for index in generator.permutation(len(batches))):
        values = [_part(train.features(int(index)), config.frames, generator) for index in part]
        batch = collate(values, config.frames)
        vectors = np.stack([train.vector(int(index), generator) for index in part]).astype(np.float32)
        yield {**batch, "vectors": torch.from_numpy(vectors), **_labels(train, part)}


def validation(config: EvaluatorConfig, val: Clips) -> Iterator[Batch]:
    """Every motion once with one of its sentences; always the same."""
    generator = np.random.default_rng(0)
    for at in range(0, len(val), config.batch_size):
        part = np.arange(at, min(at + config.batch_size, len(val)))
        vectors = np.stack([val.vector(int(index), generator) for index in part]).astype(np.float32)
        batch = collate([val.features(int(index)) for index in part], config.frames)
        yield {**batch, "vectors": torch.from_numpy(vectors), **_labels(val, part)}


def collate(values: list[NDArray[np.float32]], frames: int) -> Batch:
    """Clips' features [T, 276], of each the first `frames`, as features [B, 4N, 276] and valid bool [B, N]."""
    kept = [hold_last(clip[:frames], STRIDE) for clip in values]
    kept = [clip[: len(clip) // STRIDE * STRIDE] for clip in kept]
    longest = max(map(len, kept))
    padded = np.zeros((len(kept), longest, features.DIM), np.float32)
    valid = np.zeros((len(kept), longest // STRIDE), bool)
    for row, clip in enumerate(kept):
        padded[row, : len(clip)], valid[row, : len(clip) // STRIDE] = clip, True
    return {"features": torch.from_numpy(padded), "valid": torch.from_numpy(valid)}


def _part(values: NDArray[np.float32], frames: int, generator: np.random.Generator) -> NDArray[np.float32]:
    """Half of the time a whole clip, else a random part of it; at most `frames`."""
    most = min(len(values), frames)
    length = most if most <= SHORTEST or generator.random() < 0.5 else int(generator.integers(max(SHORTEST, most // 2), most + 1))
    start = int(generator.integers(len(values) - length + 1))
    return values[start : start + length]


def _labels(clips_: Clips, part: NDArray[np.integer]) -> Batch:
    return {
        "content": torch.from_numpy(clips_.content[part].astype(np.int64)),
        "style": torch.from_numpy(clips_.style[part].astype(np.int64)),
    }
