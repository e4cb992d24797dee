"""Windows of features for the tokenizer, drawn while the shards stream by, and the normalisation of the features."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track

from motionwire.errors import InputError
from motionwire.motion import features
from motionwire_training.data.shards import expected_clips, shuffled
from motionwire_training.features import mirror_features, moments, read_features
from motionwire_training.loop import Batch
from motionwire_training.tokenizer.configuration import TokenizerConfig


def epoch(config: TokenizerConfig, shares: Mapping[str, float], number: int) -> Iterator[Batch]:
    """Batches {"features": float32 [B, window, 276]} of one pass over the training clips; a whole batch at a time.

    shares: windows drawn of each kind of clip, over those that cover it (`Survey.shares`).
    """
    batch: list[NDArray[np.float32]] = []
    for window in shuffled(_windows(config, shares, number), config.shuffle, seed=config.seed * 100_003 + number):
        batch.append(window)
        if len(batch) == config.batch_size:
            yield {"features": torch.from_numpy(np.stack(batch))}
            batch = []


def _windows(config: TokenizerConfig, shares: Mapping[str, float], number: int) -> Iterator[NDArray[np.float32]]:
    """Each clip gives its share of as many windows as cover it, from random starts, half of them mirrored."""
    generator = np.random.default_rng([config.seed, number])
    for clip in read_features(Path(config.data), "train", config.licence):
        frames = len(clip.features)
        for _ in range(int(shares[clip.kind] * windows_of(frames, config.window) + generator.random())):
            start = int(random_starts(frames, config.window, generator))
            window = hold_last(clip.features[start : start + config.window], config.window)
            mirrored = generator.random() < 0.5 and clip.labels.get("mirror_ok", True)
            yield mirror_features(window) if mirrored else window.copy()  # a view would keep its whole clip in the buffer


def random_starts(frames: NDArray[np.integer] | int, window: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """A first frame of a window in each clip of so many frames; one before the clip counts as its first frame, so first frames are seen
    as often as others."""
    return np.maximum(0, generator.integers(-window // 4, np.maximum(1, frames - window + 1)))


def hold_last(values: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Features [T, 276] made `frames` long by standing still in the last pose."""
    if len(values) >= frames:
        return values
    return np.concatenate((values, np.repeat(still(values[-1:]), frames - len(values), axis=0)))


def still(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Features [..., 276] of the same poses at rest."""
    values = values.copy()
    values[..., features.ROOT_VELOCITY] = 0
    values[..., features.HEADING] = (1, 0, 0, 0, 1, 0)
    values[..., features.VELOCITIES] = 0
    return values


def whole_positions(values: NDArray[np.float32], stride: int) -> NDArray[np.float32]:
    """The clip cut to a multiple of the tokenizer's stride; at least one position."""
    return hold_last(values[: max(stride, len(values) // stride * stride)], stride)


def windows_of(frames: int, window: int) -> int:
    """How many windows cover a clip."""
    return -(-frames // window)


@dataclass(frozen=True, eq=False)
class Survey:
    """Of the training clips: mean and spread float32 [276] of their features, and `shares`: how many windows to draw of each kind of clip,
    over those that cover it; 1 on average."""

    mean: NDArray[np.float32]
    std: NDArray[np.float32]
    shares: dict[str, float]


def survey(config: TokenizerConfig) -> Survey:
    """One pass over the training clips, whose features count with their mirrored ones. Raises InputError without clips."""
    count, total, square = 0, np.zeros(features.DIM), np.zeros(features.DIM)
    windows: Counter[str] = Counter()
    data = Path(config.data)
    clips = read_features(data, "train", config.licence)
    for clip in track(clips, "survey", total=expected_clips(data, "train", config.licence)):
        both = np.concatenate((clip.features, mirror_features(clip.features))).astype(np.float64)
        count, total, square = count + len(both), total + both.sum(0), square + (both**2).sum(0)
        windows[clip.kind] += windows_of(len(clip.features), config.window)
    if count == 0:
        raise InputError(f"no training clips of licence {config.licence}", config.data)
    mean, std = moments(count, total, square)
    return Survey(mean.astype(np.float32), std.astype(np.float32), _shares(windows, config.balance))


def _shares(windows: Mapping[str, int], balance: float) -> dict[str, float]:
    """Kinds of many windows give a smaller share of them, by the power `balance`; all in all as many windows as there are."""
    scale = sum(windows.values()) / sum(count ** (1 - balance) for count in windows.values())
    return {kind: scale * count**-balance for kind, count in windows.items()}
