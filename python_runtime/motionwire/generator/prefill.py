"""What stands before the first position of a sentence: its words, the motion before, the goal, and where the new motion starts."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from motionwire.generator import layout
from motionwire.generator.graphs import Graphs
from motionwire.generator.sentences import Sentence

Array = NDArray[np.float32]
PLAIN = [0, layout.START]  # slots that hold something where there is nothing but a start


class Prefilled(NamedTuple):
    """Of n rows: hidden vectors [n, C] at the start, keys and values [layers, n, H, L, D], valid [n, L]: slots that hold something."""

    hidden: Array
    keys: Array
    values: Array
    valid: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Prefill:
    """sentence: its embeddings; past: codes [n, G] of the motion before; remaining: the length, as the network is told it;
    goal [280]."""

    sentence: Sentence | None
    past: NDArray[np.int64]
    remaining: int
    goal: Array | None

    def run(self, graphs: Graphs, which: list[bool]) -> Prefilled:
        """Rows with the sentence (True) or without it, together where both are new; one with nothing but a length is made once."""
        if len(self.past) or self.goal is not None:
            return self._run(graphs, which)
        parts = [self._run(graphs, [True]) if with_text else self._plain(graphs) for with_text in which]
        if len(parts) == 1:
            return parts[0]
        return Prefilled(*(np.concatenate(part, axis=axis) for axis, part in zip((0, 1, 1, 0), zip(*parts, strict=True), strict=True)))

    def _run(self, graphs: Graphs, which: list[bool]) -> Prefilled:
        rows, past = len(which), len(self.past)
        text = np.zeros((rows, layout.MAX_TEXT, layout.TEXT_DIM), np.float32)
        valid = np.zeros((rows, layout.MOTION), bool)
        valid[:, 0] = valid[:, layout.START] = True
        valid[:, layout.START - past : layout.START] = True
        whole = np.zeros((rows, layout.TEXT_DIM), np.float32)
        if self.sentence is not None:
            words, whole[which] = self.sentence
            text[which, : len(words)] = words
            valid[which, layout.TEXT : layout.TEXT + len(words)] = True
        history = np.zeros((rows, layout.MAX_HISTORY, graphs.groups), np.int64)
        history[:, layout.MAX_HISTORY - past :] = self.past
        given = {
            "text": text,
            "text_mask": valid[:, layout.TEXT : layout.HISTORY],
            "sentence": whole,
            "history": history,
            "history_mask": valid[:, layout.HISTORY : layout.START],
            "remaining": np.full(rows, self.remaining, np.int64),
        }
        if graphs.arrives:
            goal = np.zeros(layout.GOAL_DIM, np.float32) if self.goal is None else self.goal
            given["goal"] = np.tile(goal, (rows, 1))
            given["goal_mask"] = np.full(rows, self.goal is not None)
        hidden, keys, values = graphs.prefill.run(None, given)
        return Prefilled(hidden, keys, values, valid)

    def _plain(self, graphs: Graphs) -> Prefilled:
        """One row without sentence, motion before and goal."""
        known = graphs.plain.get(self.remaining)
        if known is None:
            hidden, keys, values, _ = self._run(graphs, [False])
            known = graphs.plain[self.remaining] = hidden, keys[:, :, :, PLAIN], values[:, :, :, PLAIN]
        hidden, *kept = known
        valid = np.zeros((1, layout.MOTION), bool)
        valid[:, PLAIN] = True
        whole = [np.zeros((*part.shape[:3], layout.MOTION, part.shape[4]), np.float32) for part in kept]
        for part, filled in zip(kept, whole, strict=True):
            filled[:, :, :, PLAIN] = part
        return Prefilled(hidden, whole[0], whole[1], valid)
