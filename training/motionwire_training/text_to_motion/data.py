"""Training sequences: a sentence, perhaps some past, the new motion's codes; noised, dropped out and bucketed by length."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from motionwire.generator import layout
from motionwire_training.data.evenly import partly_by_content
from motionwire_training.loop import Batch
from motionwire_training.text_encoder.readers import IGNORED
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.corpus import Corpus, Motion
from motionwire_training.tokenizer.data import still


def epoch(config: TextToMotionConfig, corpus: Corpus, codes: int, number: int) -> Iterator[Batch]:
    """Batches of as many draws as there are motions. Keys and shapes:

    text float32 [B, L, 384], text_mask bool [B, L], sentence float32 [B, 384]; words_told, vector_told bool [B], whether the sentence's
    words and its one vector are there or only the labels that are read from it; content, style int64 [B], the labels' numbers, the one
    after the last where the clip has none, IGNORED where there is no sentence; history int64 [B, 8, G] right-aligned, history_mask bool
    [B, 8]; inputs int64 [B, N, G] (some of them wrong on purpose); codes int64 [B, N + 1, G] for the group heads; targets int64
    [B, N + 1, G] with the end code in group 0 and IGNORED elsewhere; remaining int64 [B, N + 1]; goal float32 [B, 280],
    goal_mask bool [B].
    """
    generator = np.random.default_rng([config.seed, number])
    draws = generator.choice(len(corpus), size=len(corpus), p=_shares(corpus, config.balance, config.even))
    for part in _buckets(config, corpus, draws, generator):
        batches = [part[at : at + config.batch_size] for at in range(0, len(part), config.batch_size)]
        for index in generator.permutation(len(batches)):
            if len(batches[index]) == config.batch_size or len(corpus) < config.batch_size:
                yield collate(batches[index], codes, config, generator)


def validation(config: TextToMotionConfig, corpus: Corpus, codes: int) -> Iterator[Batch]:
    """Every motion once, with its first sentence, told length, no noise; always the same."""
    off = (
        "text_dropout", "words_dropout", "labels_only", "text_noise", "length_dropout", "history", "foreign_history", "goal", "code_noise"
    )  # fmt: skip
    quiet = TextToMotionConfig(**{**vars(config), **dict.fromkeys(off, 0)})
    generator = np.random.default_rng(0)
    for part in _buckets(quiet, corpus, np.arange(len(corpus)), generator):
        for at in range(0, len(part), config.batch_size):
            yield collate(part[at : at + config.batch_size], codes, quiet, generator)


def _buckets(
    config: TextToMotionConfig, corpus: Corpus, draws: NDArray[np.integer], generator: np.random.Generator
) -> Iterator[list["Sequence"]]:
    """The sequences of these motions, some batches' worth at a time, sorted by length so that little is padding."""
    chunk = config.bucket * config.batch_size
    for at in range(0, len(draws), chunk):
        part = [Sequence(config, corpus, corpus.motion(int(index)), generator) for index in draws[at : at + chunk]]
        yield sorted(part, key=lambda sequence: len(sequence.new))


class Sequence:
    """One draw: which sentence, which part of the motion, from which past, of which told length, arriving where."""

    def __init__(self, config: TextToMotionConfig, corpus: Corpus, motion: Motion, generator: np.random.Generator) -> None:
        span = motion.spans[generator.integers(len(motion.spans))]
        whole = corpus.positions(span)
        chance = generator.random()
        start, past = 0, whole[:0]
        end = len(whole)
        self.goal: NDArray[np.float32] | None = None
        if generator.random() < config.goal and len(whole) > 5:
            start = int(generator.integers(1, len(whole) - 3))
            past = whole[:start]
            end = int(generator.integers(start + 2, min(len(whole), start + config.max_positions + 1)))
            self.goal = corpus.goal(span, start, end)
            if generator.random() < config.goal_pose:
                self.goal[4:] = still(self.goal[4:])
        elif chance < config.history and len(whole) > 4:
            start = int(generator.integers(1, len(whole) - 2))
            past = whole[:start]
        elif chance < config.history + config.foreign_history:
            other = corpus.motion(int(generator.integers(len(corpus))))
            past = corpus.positions(other.spans[0])
            past = past[: int(generator.integers(1, len(past) + 1))]
        self.past = past[-int(generator.integers(1, layout.MAX_HISTORY + 1)) :]
        self.new = whole[start : min(end, start + config.max_positions)]
        self.ends = start + len(self.new) == len(whole)
        told = self.goal is not None or generator.random() >= config.length_dropout
        self.remaining = [layout.remaining_index(end - start - i if told else None) for i in range(len(self.new) + 1)]
        silent = not motion.captions or generator.random() < (config.text_dropout if self.goal is None else config.goal_silence)
        self.text: NDArray[np.float16] = np.empty((0, layout.TEXT_DIM), np.float16)
        self.sentence: NDArray[np.float16] = np.zeros(layout.TEXT_DIM, np.float16)
        self.content = self.style = IGNORED
        if not silent:
            caption = motion.captions[generator.integers(len(motion.captions))]
            self.text, self.sentence = corpus.text(caption), corpus.sentences[caption]
            self.content = len(corpus.contents) if motion.content == IGNORED else motion.content
            self.style = len(corpus.styles) if motion.style == IGNORED else motion.style
        self.vector_told = generator.random() >= config.labels_only
        self.words_told = self.vector_told and generator.random() >= config.words_dropout


def collate(sequences: list[Sequence], codes: int, config: TextToMotionConfig, generator: np.random.Generator) -> Batch:
    """Pad sequences into one batch (see `epoch`)."""
    rows, longest = len(sequences), max(len(s.new) for s in sequences)
    words = max(1, *(len(s.text) for s in sequences))
    groups = sequences[0].new.shape[1]
    text = np.zeros((rows, words, layout.TEXT_DIM), np.float32)
    text_mask = np.zeros((rows, words), bool)
    history = np.zeros((rows, layout.MAX_HISTORY, groups), np.int64)
    history_mask = np.zeros((rows, layout.MAX_HISTORY), bool)
    new = np.zeros((rows, longest + 1, groups), np.int64)
    targets = np.full((rows, longest + 1, groups), IGNORED, np.int64)
    remaining = np.zeros((rows, longest + 1), np.int64)
    goal = np.zeros((rows, layout.GOAL_DIM), np.float32)
    for row, s in enumerate(sequences):
        count, past = len(s.new), len(s.past)
        text[row, : len(s.text)], text_mask[row, : len(s.text)] = s.text, True
        if past:
            history[row, -past:], history_mask[row, -past:] = s.past, True
        new[row, :count] = targets[row, :count] = s.new
        remaining[row, : count + 1] = s.remaining
        if s.goal is not None:
            goal[row] = s.goal
        if s.ends:
            targets[row, count, 0] = codes
    # MiniLM's channels spread by 0.4, those of a sentence of unit length by less. One vector for all words of a sentence.
    text += config.text_noise * 0.4 * generator.standard_normal((rows, 1, layout.TEXT_DIM), dtype=np.float32)
    sentence = np.stack([s.sentence for s in sequences]).astype(np.float32)
    sentence += config.text_noise * layout.TEXT_DIM**-0.5 * generator.standard_normal(sentence.shape, dtype=np.float32)
    inputs = _noised(new[:, :-1], codes, config.code_noise, generator)
    history = _noised(history, codes, config.code_noise, generator)
    arrays = {
        "text": text, "text_mask": text_mask, "sentence": sentence, "history": history, "history_mask": history_mask,
        "inputs": inputs, "codes": new, "targets": targets, "remaining": remaining,
        **{name: np.array([getattr(s, name) for s in sequences]) for name in ("words_told", "vector_told", "content", "style")},
        "goal": goal, "goal_mask": np.array([s.goal is not None for s in sequences]),
    }  # fmt: skip
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def _noised(values: NDArray[np.int64], codes: int, share: float, generator: np.random.Generator) -> NDArray[np.int64]:
    return np.where(generator.random(values.shape) < share, generator.integers(0, codes, values.shape), values)


def _shares(corpus: Corpus, balance: float, even: float) -> NDArray[np.float64]:
    """Probability of each motion: those of a kind with many clips count less, by the power `balance`; a part of the draws falls so on all,
    a part, `even`, evenly on contents, in which they fall so."""
    return partly_by_content(corpus.kind_counts.astype(np.float64) ** -balance, corpus.content, even)
