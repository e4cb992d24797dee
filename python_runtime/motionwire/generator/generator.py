"""The generation loop: sentence -> prefill -> one position after another -> streaming decoder -> four frames each.

    text encoder       token embeddings of the sentence
    prefill            fills the key/value cache: sentence, past motion, start
    codes              reads a position's codes from its hidden vector, one group after the other, drawing each
    decoder step       the position's codes become four frames of features
    step               the position enters the cache; out comes the next hidden vector

With guidance the network runs on two rows, with the sentence and without it. Everything random comes from one seeded
numpy generator, so a seed gives the same motion again.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire.generator.sampling import Sampling, draw, guided
from motionwire.generator.sentences import SentenceEncoder
from motionwire.motion import features
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.resample import resample
from motionwire.motion.retarget import fit_to

Array = NDArray[np.float32]
Codes = NDArray[np.int64]

DEFAULT = Sampling()
MIN_POSITIONS, OWN_POSITIONS = 8, 75  # about 1 to 10 s, where the model decides the length itself
POSITIONS_PER_SECOND = features.FPS / layout.STRIDE


class Generator:
    """Sentences into motion with one bundle. `stream` may run in several threads at once: it keeps no state here."""

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        self.bundle = bundle
        self._sentences = SentenceEncoder(bundle, threads)
        self._prefill = bundle.session("text_to_motion_prefill", threads)
        self._step = bundle.session("text_to_motion_step", threads)
        self._codes = bundle.session("text_to_motion_codes", threads)
        self._encoder = bundle.session("tokenizer_encoder", threads)
        self._decoder = bundle.session("tokenizer_decoder_step", threads)
        self.groups = int(self._codes.get_inputs()[1].shape[1])

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
        sampling = Sampling(guidance, temperature, top_p)
        frames = _frames(seconds)
        words = self._sentences.encode(text)
        past = self._past(history)
        return self._loop(words, frames, past, np.random.default_rng(seed), sampling)

    def _loop(self, words: Array, frames: int | None, past: Codes, random: np.random.Generator, sampling: Sampling) -> Iterator[Array]:
        wanted = None if frames is None else -(-frames // layout.STRIDE)
        rows = 1 if sampling.guidance == 1 else 2
        hidden, keys, values, mask = self._open_cache(words, wanted, past, rows)
        caches = self._open_decoder(past)
        for position in range(OWN_POSITIONS if wanted is None else wanted):
            may_end = wanted is None and position >= MIN_POSITIONS
            codes = self._draw(hidden, random, sampling, may_end)
            if codes is None:
                return
            chunk, caches = self._decode(codes[None, None], caches)
            yield chunk if frames is None else chunk[: frames - position * layout.STRIDE]
            slot = layout.MOTION + position
            left = None if wanted is None else wanted - position - 1
            hidden, new_keys, new_values = self._step.run(
                None,
                {
                    "codes": np.repeat(codes[None], rows, axis=0),
                    "remaining": np.full(rows, layout.remaining_index(left), np.int64),
                    "slot": np.array([slot], np.int64),
                    "keys": keys,
                    "values": values,
                    "mask": mask,
                },
            )
            keys[:, :, :, slot], values[:, :, :, slot] = new_keys[:, :, :, 0], new_values[:, :, :, 0]
            mask[:, slot] = True

    def _open_cache(self, words: Array, wanted: int | None, past: Codes, rows: int) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
        """Hidden vector at the start [rows, C], static cache [layers, rows, H, 256, D] twice, its mask [rows, 256].

        Row 0 has the sentence, row 1 (for guidance) has not.
        """
        text = np.zeros((rows, layout.MAX_TEXT, layout.TEXT_DIM), np.float32)
        text[:, : len(words)] = words
        mask = np.zeros((rows, layout.SLOTS), bool)
        mask[:, 0] = mask[:, layout.START] = True
        mask[0, layout.TEXT : layout.TEXT + len(words)] = True
        mask[:, layout.START - len(past) : layout.START] = True
        history = np.zeros((rows, layout.MAX_HISTORY, self.groups), np.int64)
        history[:, layout.MAX_HISTORY - len(past) :] = past
        hidden, first_keys, first_values = self._prefill.run(
            None,
            {
                "text": text,
                "text_mask": mask[:, layout.TEXT : layout.HISTORY],
                "history": history,
                "history_mask": mask[:, layout.HISTORY : layout.START],
                "remaining": np.full(rows, layout.remaining_index(wanted), np.int64),
            },
        )
        layers, _, heads, filled, size = first_keys.shape
        keys = np.zeros((layers, rows, heads, layout.SLOTS, size), np.float32)
        values = np.zeros_like(keys)
        keys[:, :, :, :filled], values[:, :, :, :filled] = first_keys, first_values
        return hidden, keys, values, mask

    def _draw(self, hidden: Array, random: np.random.Generator, sampling: Sampling, may_end: bool) -> Codes | None:
        """Codes [G] of the position that `hidden` [rows, C] predicts, None for the end."""
        codes = np.zeros(self.groups, np.int64)
        for group in range(self.groups):
            (logits,) = self._codes.run(None, {"hidden": hidden, "codes": np.repeat(codes[None], len(hidden), axis=0)})
            choice = guided(logits[:, group], sampling.guidance)
            end = len(choice) - 1
            if group or not may_end:
                choice[end] = -np.inf
            codes[group] = draw(choice, random, sampling)
            if codes[group] == end:
                return None
        return codes

    def _past(self, history: Clip | Array | None) -> Codes:
        """The last second of the motion before as codes [n, G], n at most 8; empty without one."""
        if history is None:
            return np.zeros((0, self.groups), np.int64)
        if isinstance(history, Clip):
            clip = fit_to(history, self.bundle.skeleton)
            if clip.fps != features.FPS:
                clip = resample(clip, features.FPS)
            # One frame more than is encoded, so that the first encoded one has its velocity.
            frames = features.encode(clip.slice(max(0, len(clip) - layout.MAX_HISTORY * layout.STRIDE - 1)))
        else:
            frames = np.asarray(history, dtype=np.float32)
            if frames.ndim != 2 or frames.shape[1] != features.DIM or not np.isfinite(frames).all():
                raise InputError(f"history {frames.shape} is not finite features [frames, {features.DIM}]")
        count = min(len(frames) // layout.STRIDE, layout.MAX_HISTORY)
        if count == 0:
            return np.zeros((0, self.groups), np.int64)
        (codes,) = self._encoder.run(None, {"features": frames[None, len(frames) - count * layout.STRIDE :]})
        return np.asarray(codes[0], dtype=np.int64)

    def _open_decoder(self, past: Codes) -> list[Array]:
        """The decoder's caches after the past motion."""
        caches = [np.zeros((1, *node.shape[1:]), np.float32) for node in self._decoder.get_inputs()[1:]]
        for codes in past:
            _, caches = self._decode(codes[None, None], caches)
        return caches

    def _decode(self, codes: Codes, caches: list[Array]) -> tuple[Array, list[Array]]:
        """Features [4, 276] of one position's codes [1, 1, G], and the next caches."""
        values, *new = self._decoder.run(None, {"codes": codes, **{f"cache_{index}": cache for index, cache in enumerate(caches)}})
        return values[0], new


def _frames(seconds: float | None) -> int | None:
    """Length in frames; raises InputError beyond what the cache holds."""
    if seconds is None:
        return None
    longest = layout.MAX_MOTION / POSITIONS_PER_SECOND
    if not 0.1 <= seconds <= longest:
        raise InputError(f"{seconds:g} seconds is not between 0.1 and {longest:.1f}")
    return min(round(seconds * features.FPS), layout.MAX_MOTION * layout.STRIDE)
