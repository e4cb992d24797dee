"""The training clips, at hand for comparison: features by memory map in a folder that goes away, labels and sentences in memory."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import features
from motionwire_training.columns import build, read_columns
from motionwire_training.data.labels import content_label, style_label
from motionwire_training.evaluation.evaluator.judge import Judge
from motionwire_training.features import FeatureClip

SENTENCES = 8  # of each label, by which clips are found


@dataclass(frozen=True, eq=False)
class Library:
    """labels: (content, style) of each clip; groups: clips by their exact labels, with some of their sentences."""

    frames: NDArray[np.float16]
    ends: NDArray[np.int64]
    labels: list[tuple[str, str]]
    groups: dict[tuple[str, ...], tuple[list[int], list[str]]]

    def __len__(self) -> int:
        return len(self.ends)

    def features(self, clip: int) -> NDArray[np.float32]:
        """Features [T, 276]."""
        return self.frames[self.ends[clip - 1] if clip else 0 : self.ends[clip]].astype(np.float32)

    def found_by(self, judge: Judge, sentences: list[str], generator: np.random.Generator) -> list[int]:
        """For each sentence a random one of the clips with the most similar caption (MiniLM's cosine): what retrieval would play."""
        texts = [(text, key) for key, (_, captions) in self.groups.items() for text in captions]
        near = judge.vectors(sentences) @ judge.vectors([text for text, _ in texts]).T
        return [int(generator.choice(self.groups[texts[best][1]][0])) for best in near.argmax(axis=1)]


@contextmanager
def library(clips: Iterable[FeatureClip]) -> Iterator[Library]:
    """The clips' library; empty where there are none."""
    labels: list[tuple[str, str]] = []
    groups: dict[tuple[str, ...], tuple[list[int], list[str]]] = {}
    with TemporaryDirectory() as folder:
        with build(Path(folder) / "clips", {"frames": ("<f2", features.DIM), "ends": ("<i8", 1)}) as table:
            for number, clip in enumerate(clips):
                table.append("frames", clip.features)
                table.append("ends", table.rows["frames"])
                labels.append((content_label(clip.labels), style_label(str(clip.labels.get("style") or ""))))
                members, sentences = groups.setdefault(_exact(clip.labels), ([], []))
                members.append(number)
                if len(sentences) < SENTENCES:
                    sentences += [text for text in clip.labels.get("captions", []) if text not in sentences][: SENTENCES - len(sentences)]
        yield Library(labels=labels, groups=groups, **read_columns(Path(folder) / "clips"))


def _exact(labels: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(labels.get(name) or "") for name in ("content", "style", "description"))
