"""Does one see which style a figure walks in? A small classifier, trained on real walks, is asked about real and generated ones.

Features of a window of two seconds: mean and standard deviation of the local rotations (6D, without heading), and of the speeds
at which they turn. Multinomial logistic regression on the standardised features of the walks and their mirror images, with
a quadratic penalty, every style counting the same; a convex problem, so the same walks always give the same classifier.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

from motionwire.controller.layout import FPS
from motionwire.motion import rotations as rot
from motionwire.motion.mirror import FLIP_ROTATION, MIRROR_JOINTS
from motionwire_training.controller.actions import kind_of_action
from motionwire_training.controller.clips import at_60_fps, style_of
from motionwire_training.evaluation.controller.recorded import kind_of, samples, speed_of

Array = NDArray[np.floating]
Walks = Sequence[tuple[Array, str]]  # local rotations [T, 22, 4] at FPS and the style they are walked in

WINDOW, HOP = 2 * FPS, FPS  # frames
PENALTY = 0.1
ITERATIONS = 200
LEAST_SCALE = 1e-3  # of a feature that hardly varies


@dataclass(frozen=True, eq=False)
class StyleClassifier:
    """styles by index; weight [F, S] and bias [S] of features standardised by mean and scale [F]."""

    styles: tuple[str, ...]
    weight: Array
    bias: Array
    mean: Array
    scale: Array

    def name(self, rotations: Array) -> str:
        """The style of a motion: local rotations [T, 22, 4]; all its windows together."""
        logits = (features(rotations) - self.mean) / self.scale @ self.weight + self.bias
        return self.styles[int(log_softmax(logits, axis=1).sum(axis=0).argmax())]


def features(rotations: Array) -> Array:
    """Features [W, F] of the windows of a motion [T, 22, 4] at FPS; a motion shorter than a window is one window."""
    still = rotations.astype(np.float64).copy()
    still[:, 0] = rot.multiply(rot.from_yaw(-rot.yaw_of(still[:, 0])), still[:, 0])
    six = rot.to_6d(still).reshape(len(still), -1)
    speed = np.linalg.norm(rot.log(rot.multiply(still[1:], rot.inverse(still[:-1]))), axis=-1) * FPS
    rows = []
    for first in range(0, max(1, len(six) - WINDOW + 1), HOP):
        part, turning = six[first : first + WINDOW], speed[first : first + WINDOW - 1]
        rows.append(np.concatenate((part.mean(axis=0), part.std(axis=0), turning.mean(axis=0), turning.std(axis=0))))
    return np.asarray(rows)


def real_walks(data: Path, split: str, sources: Sequence[str]) -> Walks:
    """Rotations [T, 22, 4] and style of the walks of a split that are at least half a window long."""
    found = []
    for sample in samples(data, split, sources):
        if kind_of_action(sample.labels) == "locomotion" and len(clip := at_60_fps(sample.clip)) >= WINDOW // 2:  # noqa: SIM102
            if kind_of(speed_of(clip)) == "walk":
                found.append((clip.rotations, style_of(str(sample.labels.get("style") or ""))))
    return found


def train_classifier(walks: Walks) -> StyleClassifier:
    """A classifier of labelled walks."""
    both = [*walks, *((rotations[:, MIRROR_JOINTS] * FLIP_ROTATION, style) for rotations, style in walks)]
    styles = tuple(sorted({style for _, style in both}))
    rows = [features(rotations) for rotations, _ in both]
    values = np.concatenate(rows)
    truth = np.repeat([styles.index(style) for _, style in both], [len(row) for row in rows])
    mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), LEAST_SCALE)
    weight, bias = _regression((values - mean) / scale, truth, len(styles))
    return StyleClassifier(styles, weight, bias, mean, scale)


def _regression(x: Array, truth: NDArray[np.intp], classes: int) -> tuple[Array, Array]:
    """Weight [F, classes] and bias [classes] of the penalised likelihood's maximum for x [N, F] of classes `truth` [N]."""
    count, width = x.shape
    share = (1 / np.bincount(truth, minlength=classes))[truth] / classes
    wanted = np.eye(classes)[truth]

    def loss(parameters: Array) -> tuple[float, Array]:
        weight, bias = np.split(parameters.reshape(width + 1, classes), [width])
        logs = log_softmax(x @ weight + bias, axis=1)
        error = share[:, None] * (np.exp(logs) - wanted)
        gradient = np.concatenate((x.T @ error + PENALTY * weight, error.sum(axis=0, keepdims=True)))
        return float(-share @ logs[np.arange(count), truth] + PENALTY * np.sum(weight**2) / 2), gradient.ravel()

    found = minimize(loss, np.zeros((width + 1) * classes), jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS}).x
    weight, bias = np.split(found.reshape(width + 1, classes), [width])
    return weight, bias[0]


def shares(classifier: StyleClassifier, walks: Walks) -> dict[str, float]:
    """By style, the share of its walks that are given its name."""
    right: dict[str, list[bool]] = {}
    for rotations, style in walks:
        right.setdefault(style, []).append(classifier.name(rotations) == style)
    return {style: float(np.mean(answers)) for style, answers in right.items()}


def style_test(data: Path, sources: Sequence[str]) -> "StyleTest | None":
    """Of a data set's walks: learned from `train`, asked about those of `val`. None where `train` has no two styles to tell apart."""
    learned = real_walks(data, "train", sources)
    return StyleTest(learned, real_walks(data, "val", sources)) if len({style for _, style in learned}) > 1 else None


class StyleTest:
    """A classifier trained on the walks `learned`; asked about the real ones held out and the generated ones that are added."""

    def __init__(self, learned: Walks, held_out: Walks) -> None:
        self._classifier = train_classifier(learned)
        self._real = shares(self._classifier, held_out)
        self._walks: list[tuple[Array, str]] = []

    def add(self, style: str, rotations: Array) -> None:
        """Generated walks [T, B, 22, 4] in this style."""
        self._walks += [(rotations[:, character], style) for character in range(rotations.shape[1])]

    def figures(self) -> dict[str, float]:
        """Accuracy on real walks and on generated ones of the styles that are held out, every style counting the same, their ratio; the
        accuracy on all styles, and of each."""
        made = shares(self._classifier, self._walks)
        real, known = (float(np.mean([given[style] for style in self._real if style in made] or [np.nan])) for given in (self._real, made))
        return {
            "real_accuracy": real,
            "accuracy": known,
            "accuracy_ratio": known / real if real else float("nan"),
            "accuracy_of_all_styles": float(np.mean(list(made.values()))),
            **{f"accuracy/{style}": share for style, share in made.items()},
        }
