"""What every part of the evaluation works with, and what they hand on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from motionwire.generator.generator import Generator
from motionwire.motion import features
from motionwire.motion.clip import Clip
from motionwire.motion.skeleton import REFERENCE
from motionwire_training.data.labels import style_label
from motionwire_training.evaluation.evaluator.judge import Judge
from motionwire_training.evaluation.text_to_motion.learned import Learned
from motionwire_training.evaluation.text_to_motion.library import Library
from motionwire_training.evaluation.text_to_motion.prompts import Prompt
from motionwire_training.features import FeatureClip

Array = NDArray[np.float32]
Figures = dict[str, Any]
Shown = Callable[[str, Sequence[tuple[str, Clip]]], object]
T = TypeVar("T")

REPETITIONS = 20  # of measures with chance in them
LONGEST = round(10 * features.FPS)  # frames of a clip that count: no more are made; the evaluator that comes along sees the first 240


@dataclass(eq=False)
class Trial:
    """held: real clips, empty where none are given; library: the training clips, likewise; scale: share of prompts and clips that is
    used; show: takes (title, clip) by part; learned: what the bundle says that it was taught; left_out: what is not measured, and why."""

    generator: Generator
    judge: Judge
    held: list[FeatureClip]
    library: Library
    scale: float
    show: Shown
    learned: Learned | None = None
    left_out: dict[str, str] = field(default_factory=dict)
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    def some(self, things: Sequence[T]) -> list[T]:
        """The share `scale` of things, mixed, at least two; always the same ones."""
        order = np.random.default_rng(0).permutation(len(things))
        return [things[index] for index in order[: max(2, round(len(things) * self.scale))]]

    def taught(self, prompt: Prompt) -> bool:
        """Whether the training clips show what is asked for; where there are none, whether the bundle says that it learned it, as far as it
        says anything, and the judge knows it."""
        style = style_label(prompt.style)
        if self.library.labels:
            return any(content in prompt.contents and (not style or style == how) for content, how in self.library.labels)
        known: list[Judge | Learned] = [self.judge] if self.learned is None else [self.judge, self.learned]
        contents = [content for content in prompt.contents if all(content in by.contents for by in known)]
        return bool(contents) and (not style or all(style in by.styles for by in known))


def clip_of(values: Array) -> Clip:
    """The canonical clip of features [T, 276], beginning at the origin."""
    return features.decode(values, REFERENCE, features.FPS)


def sentence_of(clip: FeatureClip) -> str:
    """The first of a clip's sentences, or ""."""
    return str((clip.labels.get("captions") or [""])[0])
