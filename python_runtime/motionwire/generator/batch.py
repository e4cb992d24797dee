"""Continuous batching: sentences join and leave a running batch between two positions (Yu et al., Orca, OSDI 2022).

    begin     text encoder, prefill (sentence, past motion, goal, start), decoder brought up to the past motion
    advance   step      the position drawn before enters the cache; out comes the next hidden vector
              codes     reads a position's codes from it, one group after the other, drawing each
              decoder   the codes become four frames of features
    end       the lane is free

Each sentence has a lane of the decoder and rows of the network: one with the sentence and one without it where guidance compares
them, else only the one that counts. Everything random comes from the sentence's own seeded generator, and a row's result does not
depend on the rows beside it, so a seed gives the same motion alone and in a crowd.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire.generator.graphs import Graphs, decoder_caches
from motionwire.generator.prefill import Prefill
from motionwire.generator.rows import Rows
from motionwire.generator.sampling import DEFAULT, Sampling, Settled, draw, guided
from motionwire.motion import features

Array = NDArray[np.float32]
Codes = NDArray[np.int64]

ROWS = 2  # of a lane at most
MIN_POSITIONS, OWN_POSITIONS = 8, 75  # about 1 to 10 s, where the model decides the length itself


@dataclass(eq=False)
class Take:
    """A sentence on its way. rows: of the network, with the sentence first; frames: its length, None where the model decides;
    hidden [rows, C] predicts the coming position; position: how many are drawn; codes [G]: of the one drawn last, which is not in the
    cache yet."""

    lane: int
    rows: Codes
    frames: int | None
    sampling: Settled
    random: np.random.Generator
    hidden: Array
    codes: Codes
    position: int = 0

    @property
    def positions(self) -> int:
        """How many there will be at most."""
        return OWN_POSITIONS if self.frames is None else -(-self.frames // layout.STRIDE)

    @property
    def remaining(self) -> int:
        """What the network is told of how many positions are still to come."""
        return layout.remaining_index(None if self.frames is None else self.positions - self.position)

    @property
    def may_end(self) -> bool:
        """Whether the model may draw the end now."""
        return self.frames is None and self.position >= MIN_POSITIONS


class Batch:
    """Room for `lanes` sentences at a time; used from one thread."""

    def __init__(self, graphs: Graphs, lanes: int) -> None:
        self._graphs = graphs
        self._free = list(range(lanes))
        self._rows = Rows(graphs.step, lanes * ROWS)
        self._decoder = decoder_caches(graphs.decoder, lanes)

    @property
    def free(self) -> int:
        """How many sentences may begin."""
        return len(self._free)

    def begin(
        self,
        text: str | None,
        seconds: float | None,
        seed: int | Sequence[int],
        history: Array | None,
        sampling: Sampling = DEFAULT,
        goal: Array | None = None,
    ) -> Take:
        """A sentence joins, or without one (None) what the model makes of the motion before; there has to be a free lane.

        history: features [h, 276] of the motion before, of which the last second counts; goal [280]: where the motion arrives (arrival.py),
        for a told length. Raises InputError for a bad sentence, length, history or goal; the lane then stays free.
        """
        frames = _frames(seconds)
        settled = self._graphs.sampling.but(sampling)
        sentence = None if text is None else self._graphs.sentences.encode(text)
        past = self._past(history)
        goal = self._goal(goal, frames)
        told = sentence is not None
        which = [True, False] if settled.guidance not in (0, 1) and told else [told and settled.guidance != 0]
        nothing = np.zeros(0, np.int64)
        take = Take(self._free[0], nothing, frames, settled, np.random.default_rng(seed), np.zeros((0, 0), np.float32), nothing)
        prefill = Prefill(sentence, past, take.remaining, goal).run(self._graphs, which)
        lane = slice(take.lane, take.lane + 1)
        for cache in self._decoder.values():
            cache[lane] = 0
        for codes in past:
            self._decode(lane, codes[None])
        take.hidden, take.rows = prefill.hidden, self._rows.take(len(which))
        try:
            self._rows.fill(take.rows, prefill.keys, prefill.values, prefill.valid)
        except BaseException:
            self._rows.give_back(take.rows)
            raise
        del self._free[0]
        return take

    def advance(self, takes: Sequence[Take]) -> list[Array | InputError | None]:
        """The next frames of each take: features [n, 276], n at most 4; None: it has ended; InputError: it failed, the others go on."""
        going = [take for take in takes if take.position < take.positions]
        self._step([take for take in going if take.position])
        drawn, failed = self._draw(going)
        made: dict[Take, Array | InputError] = {**failed}
        for run in _neighbours(list(drawn)):
            codes = np.stack([drawn[take] for take in run])
            for take, own, chunk in zip(run, codes, self._decode(slice(run[0].lane, run[-1].lane + 1), codes), strict=True):
                made[take] = chunk if take.frames is None else chunk[: take.frames - take.position * layout.STRIDE]
                take.codes = own
                take.position += 1
        return [made.get(take) for take in takes]

    def end(self, take: Take) -> None:
        """The take leaves, complete or not; its lane is as before it came."""
        self._rows.give_back(take.rows)
        self._free = sorted((*self._free, take.lane))

    def _step(self, takes: list[Take]) -> None:
        """The takes' last positions enter their caches."""
        if not takes:
            return
        counts = [len(take.rows) for take in takes]
        hidden = self._rows.step(
            np.concatenate([take.rows for take in takes]),
            np.repeat(np.stack([take.codes for take in takes]), counts, axis=0),
            np.repeat([take.remaining for take in takes], counts),
            np.repeat([layout.MOTION + take.position - 1 for take in takes], counts),
        )
        for take, own in zip(takes, np.split(hidden, np.cumsum(counts)[:-1]), strict=True):
            take.hidden = own

    def _draw(self, takes: list[Take]) -> tuple[dict[Take, Codes], dict[Take, InputError]]:
        """Codes [G] of each take's coming position, and the takes whose values are not finite; those in neither have ended."""
        drawn = {take: np.zeros(self._graphs.groups, np.int64) for take in takes}
        failed: dict[Take, InputError] = {}
        for group in range(self._graphs.groups):
            if not drawn:
                break
            going = list(drawn)
            choices, ends = self._logits(going, np.stack(list(drawn.values())), group)
            finite = np.isfinite(choices).all(axis=1)
            for number in np.flatnonzero(~finite).tolist():
                failed[going[number]] = InputError("the model returned values that are not finite")
                del drawn[going[number]]
            going, choices = list(drawn), choices[finite]
            if not going:
                break
            # The end is drawn as likely as the model takes it to be: a nucleus or a low temperature would leave it out for ever.
            ends = np.where([group == 0 and take.may_end for take in going], ends[finite], 0.0)
            chances = np.array([take.random.random() for take in going])
            over = chances < ends
            left = np.where(over, 0.0, (chances - ends) / np.where(over, 1.0, 1 - ends))
            choices[:, -1] = -np.inf
            codes = draw(choices, left, [take.sampling for take in going])
            for take, code, ended in zip(going, codes.tolist(), over.tolist(), strict=True):
                drawn[take][group] = code
                if ended:
                    del drawn[take]
        return drawn, failed

    def _logits(self, takes: list[Take], codes: Codes, group: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Guided logits [n, V] of a group of n takes' coming positions, whose earlier groups are drawn: codes [n, G]; and how probable
        the end is without guidance [n], which only the first group can say."""
        counts = np.array([len(take.rows) for take in takes])
        given = {"hidden": np.concatenate([take.hidden for take in takes]), "codes": np.repeat(codes, counts, axis=0)}
        (logits,) = self._graphs.codes.run(None, given)
        last = np.cumsum(counts) - 1
        logits = logits[:, group]
        guidance = np.array([take.sampling.guidance if len(take.rows) == ROWS else 0.0 for take in takes])
        plain = logits[last - counts + 1]
        ends = np.zeros(len(plain)) if group else softmax(plain.astype(np.float64), axis=1)[:, -1]
        return guided(plain, logits[last], guidance), ends

    def _decode(self, lanes: slice, codes: Codes) -> Array:
        """Features [n, 4, 276] of the codes [n, G] of neighbouring lanes."""
        values, *new = self._graphs.decoder.run(
            None, {"codes": codes[:, None], **{name: cache[lanes] for name, cache in self._decoder.items()}}
        )
        for cache, after in zip(self._decoder.values(), new, strict=True):
            cache[lanes] = after
        return np.asarray(values, dtype=np.float32)

    def _past(self, history: Array | None) -> Codes:
        """The last second of the motion before as codes [n, G], n at most 8; empty without one."""
        if history is None:
            return np.zeros((0, self._graphs.groups), np.int64)
        if history.ndim != 2 or history.shape[1] != features.DIM or not np.isfinite(history).all():
            raise InputError(f"history {history.shape} is not finite features [frames, {features.DIM}]")
        count = min(len(history) // layout.STRIDE, layout.MAX_HISTORY)
        if count == 0:
            return np.zeros((0, self._graphs.groups), np.int64)
        recent = history[None, len(history) - count * layout.STRIDE :].astype(np.float32)
        (codes,) = self._graphs.encoder.run(None, {"features": recent})
        return np.asarray(codes[0], dtype=np.int64)

    def _goal(self, goal: Array | None, frames: int | None) -> Array | None:
        """The goal, checked."""
        if goal is None:
            return None
        if not self._graphs.arrives:
            raise InputError("this bundle's model cannot arrive at a pose: its text_to_motion_prefill has no input 'goal'")
        if goal.shape != (layout.GOAL_DIM,) or not np.isfinite(goal).all():
            raise InputError(f"goal {goal.shape} is not {layout.GOAL_DIM} finite numbers")
        if frames is None:
            raise InputError("a goal is arrived at after a time: a length is needed")
        return goal


def _neighbours(takes: list[Take]) -> Iterator[list[Take]]:
    """Runs of takes in adjacent lanes: their part of the decoder's caches is one piece."""
    run: list[Take] = []
    for take in sorted(takes, key=lambda take: take.lane):
        if run and take.lane != run[-1].lane + 1:
            yield run
            run = []
        run.append(take)
    if run:
        yield run


def _frames(seconds: float | None) -> int | None:
    """Length in frames; raises InputError beyond what the cache holds."""
    if seconds is None:
        return None
    if not layout.SHORTEST <= seconds <= layout.LONGEST:
        raise InputError(f"{seconds:g} seconds is not between {layout.SHORTEST:g} and {layout.LONGEST:.1f}")
    return min(round(seconds * features.FPS), layout.MAX_MOTION * layout.STRIDE)
