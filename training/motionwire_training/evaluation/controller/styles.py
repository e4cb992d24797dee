"""Does one see which style a figure walks in? A small classifier, trained on real walks, is asked about real and generated ones.

Features of a window of two seconds: mean and standard deviation of the local rotations (6D, without heading) and of the joints'
angular speeds. A softmax regression on the standardised features, with weight decay, every style counting the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from motionwire.controller.layout import FPS
from motionwire.motion import rotations as rot
from motionwire_training.controller.clips import LOCOMOTION, action_of, at_60_fps, style_of
from motionwire_training.evaluation.controller.recorded import kind_of, samples, speed_of

WINDOW, HOP = 2 * FPS, FPS // 2  # frames
STEPS, RATE, DECAY = 300, 0.03, 0.02


@dataclass(frozen=True, eq=False)
class StyleClassifier:
    """styles by index; linear layer [F, S] on features standardised by mean and scale [F]."""

    styles: tuple[str, ...]
    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]

    def name(self, rotations: NDArray[np.floating]) -> str:
        """The style of a motion: local rotations [T, 22, 4]; all its windows together."""
        values = (features(rotations) - self.mean) / self.scale
        logits = values @ self.weight + self.bias
        scores = logits - np.log(np.exp(logits - logits.max(1, keepdims=True)).sum(1, keepdims=True)) - logits.max(1, keepdims=True)
        return self.styles[int(scores.sum(axis=0).argmax())]


def features(rotations: NDArray[np.floating]) -> NDArray[np.float32]:
    """Features [W, F] of the windows of a motion [T, 22, 4] at FPS; a motion shorter than a window is one window."""
    still = rotations.astype(np.float64).copy()
    still[:, 0] = rot.multiply(rot.from_yaw(-rot.yaw_of(still[:, 0])), still[:, 0])
    six = rot.to_6d(still).reshape(len(still), -1)
    speed = np.linalg.norm(rot.log(rot.multiply(still[1:], rot.inverse(still[:-1]))), axis=-1) * FPS
    rows = []
    for first in range(0, max(1, len(six) - WINDOW + 1), HOP):
        part, turning = six[first : first + WINDOW], speed[first : first + WINDOW - 1]
        rows.append(np.concatenate((part.mean(axis=0), part.std(axis=0), turning.mean(axis=0), turning.std(axis=0))))
    return np.asarray(rows, dtype=np.float32)


def real_walks(data: Path, split: str, sources: Sequence[str]) -> list[tuple[NDArray[np.float32], str]]:
    """Rotations [T, 22, 4] and style of the walks of a split that are at least half a window long."""
    found = []
    for sample in samples(data, split, sources):
        if LOCOMOTION.match(action_of(sample.labels)) and len(clip := at_60_fps(sample.clip)) >= WINDOW // 2:  # noqa: SIM102
            if kind_of(speed_of(clip)) == "walk":
                found.append((clip.rotations, style_of(str(sample.labels.get("style") or ""))))
    return found


def train_classifier(walks: Sequence[tuple[NDArray[np.float32], str]]) -> StyleClassifier:
    """A classifier of labelled walks; the same walks give the same classifier."""
    styles = tuple(sorted({style for _, style in walks}))
    rows = [features(rotations) for rotations, _ in walks]
    values = np.concatenate(rows)
    truth = np.repeat([styles.index(style) for _, style in walks], [len(row) for row in rows])
    mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-3)
    x, y = torch.from_numpy((values - mean) / scale), torch.from_numpy(truth)
    share = torch.bincount(y, minlength=len(styles)).float()
    layer = torch.nn.Linear(x.shape[1], len(styles))
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    optimizer = torch.optim.AdamW(layer.parameters(), lr=RATE, weight_decay=DECAY)
    for _ in range(STEPS):
        optimizer.zero_grad()
        F.cross_entropy(layer(x), y, weight=1 / share).backward()
        optimizer.step()
    weight, bias = (parameter.detach().numpy().copy() for parameter in (layer.weight.T, layer.bias))
    return StyleClassifier(styles, weight, bias, mean, scale)


def accuracy(classifier: StyleClassifier, walks: Sequence[tuple[NDArray[np.float32], str]]) -> float:
    """Share of walks whose style is named, every style counting the same."""
    right: dict[str, list[bool]] = {}
    for rotations, style in walks:
        right.setdefault(style, []).append(classifier.name(rotations) == style)
    return float(np.mean([np.mean(answers) for answers in right.values()])) if right else float("nan")
