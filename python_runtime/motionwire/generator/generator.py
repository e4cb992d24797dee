"""Sentences into motion with one bundle: streams of features, and the batch in which many are made at once (whole clips: generate.py)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator.batch import Batch, Take
from motionwire.generator.graphs import Graphs
from motionwire.generator.perform import history_of, known
from motionwire.generator.sampling import Sampling
from motionwire.motion.clip import Clip

Array = NDArray[np.float32]


class Generator:
    """A bundle's graphs of text-to-motion. What it makes depends on text, length, seed and history alone."""

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        self.bundle = bundle
        self._graphs = Graphs.open(bundle, threads)

    def batch(self, lanes: int) -> Batch:
        """Room for so many sentences at a time."""
        return Batch(self._graphs, lanes)

    @property
    def arrives(self) -> bool:
        """Whether the model can be given a goal."""
        return self._graphs.arrives

    def forget(self) -> None:
        """Drop what is kept from one sentence to the next; only what is timed notices."""
        self._graphs.plain.clear()

    def stream(
        self,
        text: str,
        seconds: float | None = None,
        seed: int = 0,
        history: Clip | Array | None = None,
        *,
        guidance: float | None = None,
        temperature: float | None = None,
        top_p: float | None = None,
    ) -> Iterator[Array]:
        """Features float32 [4, 276] (the last chunk may be shorter), as they are made. history: a canonical clip, or its features [h, 276].

        Raises InputError at once, before the first chunk, for a bad sentence, length or history.
        """
        past = history_of(known(history, self.bundle.skeleton, keep_last=True)) if isinstance(history, Clip) else history
        batch = self.batch(1)
        return _chunks(batch, batch.begin(text, seconds, seed, past, Sampling(guidance, temperature, top_p)))


def _chunks(batch: Batch, take: Take) -> Iterator[Array]:
    while (chunk := batch.advance([take])[0]) is not None:
        if isinstance(chunk, InputError):
            raise chunk
        yield chunk
