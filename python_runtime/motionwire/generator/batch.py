"""Continuous batching: sentences join and leave a running batch between two positions (Yu et al., Orca, OSDI 2022).

    begin     text encoder, prefill (sentence, past motion, start), decoder brought up to the past motion
    advance   step      the position drawn before enters the cache; out comes the next hidden vector
              codes     reads a position's codes from it, one group after the other, drawing each
              decoder   the codes become four frames of features
    end       the lane is free

Each sentence has a lane of the caches: two rows of the network, with the sentence and without it (guidance), and one of the decoder.
Everything random comes from the sentence's own seeded generator, and a row's result does not depend on the rows beside it, so a
seed gives the same motion alone and in a crowd.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire.generator.graphs import Graphs
from motionwire.generator.sampling import DEFAULT, Sampling, draw, guided
from motionwire.motion import features

Array = NDArray[np.float32]
Codes = NDArray[np.int64]

ROWS = 2  # of a lane: with the sentence, without it
MIN_POSITIONS, OWN_POSITIONS = 8, 75  # about 1 to 10 s, where the model decides the length itself


@dataclass(eq=False)
class Take:
    """A sentence on its way. frames: its length, None where the model decides; hidden [2, C] predicts the coming position;
    position: how many are drawn; codes [G]: of the one drawn last, which is not in the cache yet."""

    lane: int
    frames: int | None
    sampling: Sampling
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
        self._keys, self._values = (_caches(graphs.step, kind, lanes * ROWS) for kind in ("keys", "values"))
        self._mask = np.zeros((lanes * ROWS, layout.SLOTS), bool)
        self._decoder = _caches(graphs.decoder, "cache", lanes)

    @property
    def free(self) -> int:
        """How many sentences may begin."""
        return len(self._free)

    def begin(self, text: str, seconds: float | None, seed: int, history: Array | None, sampling: Sampling = DEFAULT) -> Take:
        """A sentence joins; there has to be a free lane. history: features [h, 276] of the motion before, of which the last second counts.

        Raises InputError for a bad sentence, length or history; the lane then stays free.
        """
        frames = _frames(seconds)
        words = self._graphs.sentences.encode(text)
        past = self._past(history)
        nothing = np.zeros(0, np.int64)
        take = Take(self._free[0], frames, sampling, np.random.default_rng(seed), np.zeros((ROWS, 0), np.float32), nothing)
        self._prefill(take, words, past)
        lane = slice(take.lane, take.lane + 1)
        for cache in self._decoder.values():
            cache[lane] = 0
        for codes in past:
            self._decode(lane, codes[None])
        del self._free[0]
        return take

    def advance(self, takes: Sequence[Take]) -> list[Array | InputError | None]:
        """The next frames of each take: features [n, 276], n at most 4; None: it has ended; InputError: it failed, the others go on."""
        going = [take for take in takes if take.position < take.positions]
        for run in _neighbours([take for take in going if take.position]):
            self._step(run)
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
        """The take leaves, complete or not; its lane is as before it came: what is masked must still be finite."""
        for cache in (*self._keys.values(), *self._values.values()):
            cache[take.lane * ROWS : (take.lane + 1) * ROWS] = 0
        self._free = sorted((*self._free, take.lane))

    def _prefill(self, take: Take, words: Array, past: Codes) -> None:
        """Lay the sentence, the past motion [n, G] and the start into the lane's cache."""
        rows = slice(take.lane * ROWS, (take.lane + 1) * ROWS)
        text = np.zeros((ROWS, layout.MAX_TEXT, layout.TEXT_DIM), np.float32)
        text[:, : len(words)] = words
        history = np.zeros((ROWS, layout.MAX_HISTORY, self._graphs.groups), np.int64)
        history[:, layout.MAX_HISTORY - len(past) :] = past
        mask = self._mask[rows]
        mask[:] = False
        mask[:, 0] = mask[:, layout.START] = True
        mask[0, layout.TEXT : layout.TEXT + len(words)] = True
        mask[:, layout.START - len(past) : layout.START] = True
        take.hidden, keys, values = self._graphs.prefill.run(
            None,
            {
                "text": text,
                "text_mask": mask[:, layout.TEXT : layout.HISTORY],
                "history": history,
                "history_mask": mask[:, layout.HISTORY : layout.START],
                "remaining": np.full(ROWS, take.remaining, np.int64),
            },
        )
        for caches, filled in ((self._keys, keys), (self._values, values)):
            for cache, layer in zip(caches.values(), filled, strict=True):
                cache[rows, :, : layout.MOTION] = layer

    def _step(self, run: list[Take]) -> None:
        """Neighbouring takes' last positions enter their caches."""
        rows = slice(run[0].lane * ROWS, (run[-1].lane + 1) * ROWS)
        slots = np.repeat([layout.MOTION + take.position - 1 for take in run], ROWS)
        hidden, keys, values = self._graphs.step.run(
            None,
            {
                "codes": np.repeat(np.stack([take.codes for take in run]), ROWS, axis=0),
                "remaining": np.repeat([take.remaining for take in run], ROWS),
                "slot": slots,
                "mask": self._mask[rows],
                **{name: cache[rows] for name, cache in (self._keys | self._values).items()},
            },
        )
        index = np.arange(rows.start, rows.stop)
        for caches, new in ((self._keys, keys), (self._values, values)):
            for cache, layer in zip(caches.values(), new, strict=True):
                cache[index, :, slots] = layer[:, :, 0]
        self._mask[index, slots] = True
        for number, take in enumerate(run):
            take.hidden = hidden[number * ROWS : (number + 1) * ROWS]

    def _draw(self, takes: list[Take]) -> tuple[dict[Take, Codes], dict[Take, InputError]]:
        """Codes [G] of each take's coming position, and the takes whose values are not finite; those in neither have ended."""
        drawn = {take: np.zeros(self._graphs.groups, np.int64) for take in takes}
        failed: dict[Take, InputError] = {}
        for group in range(self._graphs.groups):
            if not drawn:
                break
            hidden = np.concatenate([take.hidden for take in drawn])
            (logits,) = self._graphs.codes.run(None, {"hidden": hidden, "codes": np.repeat(np.stack(list(drawn.values())), ROWS, axis=0)})
            for take, rows in zip(list(drawn), logits[:, group].reshape(len(drawn), ROWS, -1), strict=True):
                choice = guided(rows, take.sampling.guidance)
                if not np.isfinite(choice).all():
                    failed[take] = InputError("the model returned values that are not finite")
                    del drawn[take]
                    continue
                end = len(choice) - 1
                if group or not take.may_end:
                    choice[end] = -np.inf
                drawn[take][group] = draw(choice, take.random, take.sampling)
                if drawn[take][group] == end:
                    del drawn[take]
        return drawn, failed

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


def _caches(session: ort.InferenceSession, kind: str, rows: int) -> dict[str, Array]:
    """Zeros for the inputs of a graph that are called `kind_0`, `kind_1` and so on, by name; memory is taken as lanes are used."""
    nodes = [node for node in session.get_inputs() if node.name.startswith(f"{kind}_")]
    return {node.name: np.zeros((rows, *node.shape[1:]), np.float32) for node in nodes}


def _neighbours(takes: list[Take]) -> Iterator[list[Take]]:
    """Runs of takes in adjacent lanes: their rows are one piece of the caches."""
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
    longest = layout.MAX_MOTION * layout.STRIDE / features.FPS
    if not 0.1 <= seconds <= longest:
        raise InputError(f"{seconds:g} seconds is not between 0.1 and {longest:.1f}")
    return min(round(seconds * features.FPS), layout.MAX_MOTION * layout.STRIDE)
