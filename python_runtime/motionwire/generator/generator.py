"""Sentences into motion with one bundle: whole clips, streams of features, and the batch in which many are made at once."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire.generator.batch import Batch, Take
from motionwire.generator.graphs import Graphs
from motionwire.generator.sampling import DEFAULT, Sampling
from motionwire.motion import features
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.resample import resample
from motionwire.motion.retarget import fit_to

Array = NDArray[np.float32]


class Generator:
    """A bundle's graphs of text-to-motion. What it makes depends on text, length, seed and history alone."""

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        self.bundle = bundle
        self._graphs = Graphs.open(bundle, threads)

    def batch(self, lanes: int) -> Batch:
        """Room for so many sentences at a time."""
        return Batch(self._graphs, lanes)

    def generate(
        self,
        text: str,
        seconds: float | None = None,
        seed: int = 0,
        history: Clip | None = None,
        *,
        guidance: float = DEFAULT.guidance,
        temperature: float = DEFAULT.temperature,
        top_p: float = DEFAULT.top_p,
    ) -> Clip:
        """The sentence as a canonical clip at 30 fps.

        seconds: its length, None lets the model end it within 1 to 10 s; history: canonical motion that the clip goes on from, where it
        ended (None: the clip starts at the origin, facing +Z).
        """
        chunks = self.stream(text, seconds, seed, history, guidance=guidance, temperature=temperature, top_p=top_p)
        return self.to_clip(np.concatenate(list(chunks)), history, text)

    def to_clip(self, values: Array, history: Clip | None, text: str) -> Clip:
        """The clip of streamed features [T, 276], standing where the history ended."""
        heading, origin = 0.0, (0.0, 0.0)
        if history is not None:
            heading = float(rot.yaw_of(history.rotations[-1, 0]))
            origin = (float(history.root_positions[-1, 0]), float(history.root_positions[-1, 2]))
        return features.decode(values, self.bundle.skeleton, features.FPS, heading, origin, name=" ".join(text.split())[:60])

    def stream(
        self,
        text: str,
        seconds: float | None = None,
        seed: int = 0,
        history: Clip | Array | None = None,
        *,
        guidance: float = DEFAULT.guidance,
        temperature: float = DEFAULT.temperature,
        top_p: float = DEFAULT.top_p,
    ) -> Iterator[Array]:
        """Features float32 [4, 276] (the last chunk may be shorter), as they are made. history: a canonical clip, or its features [h, 276].

        Raises InputError at once, before the first chunk, for a bad sentence, length or history.
        """
        past = self._features(history) if isinstance(history, Clip) else history
        batch = self.batch(1)
        return _chunks(batch, batch.begin(text, seconds, seed, past, Sampling(guidance, temperature, top_p)))

    def _features(self, history: Clip) -> Array:
        """Features of the last second of a canonical clip."""
        clip = fit_to(history, self.bundle.skeleton)
        if clip.fps != features.FPS:
            clip = resample(clip, features.FPS)
        # One frame more than is encoded, so that the first encoded one has its velocity.
        return features.encode(clip.slice(max(0, len(clip) - layout.MAX_HISTORY * layout.STRIDE - 1)))


def _chunks(batch: Batch, take: Take) -> Iterator[Array]:
    while (chunk := batch.advance([take])[0]) is not None:
        if isinstance(chunk, InputError):
            raise chunk
        yield chunk
