"""The graphs that make motion from a sentence, opened together."""

from typing import NamedTuple, Self

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from motionwire.bundle import Bundle
from motionwire.generator.sampling import Settled, own_sampling
from motionwire.generator.sentences import SentenceEncoder

Array = NDArray[np.float32]


class Graphs(NamedTuple):
    """Sessions of one bundle; what each takes and gives stands in its bundle.json. groups: codes of a position; arrives: whether the
    model takes a goal; sampling: where nothing is asked for; plain: prefills of nothing but a length, kept by it (prefill.py)."""

    sentences: SentenceEncoder
    prefill: ort.InferenceSession
    step: ort.InferenceSession
    codes: ort.InferenceSession
    encoder: ort.InferenceSession
    decoder: ort.InferenceSession
    groups: int
    arrives: bool
    sampling: Settled
    plain: dict[int, tuple[Array, Array, Array]]

    @classmethod
    def open(cls, bundle: Bundle, threads: int = 1) -> Self:
        """Open them on `threads` threads each. Raises InputError where the bundle lacks one."""
        sentences = SentenceEncoder(bundle, threads)
        names = ("text_to_motion_prefill", "text_to_motion_step", "text_to_motion_codes", "tokenizer_encoder", "tokenizer_decoder_step")
        prefill, step, codes, encoder, decoder = (bundle.session(name, threads) for name in names)
        arrives = any(node.name == "goal" for node in prefill.get_inputs())
        sampling = own_sampling(bundle.manifest.sampling, bundle.folder / "bundle.json")
        return cls(sentences, prefill, step, codes, encoder, decoder, int(codes.get_inputs()[1].shape[1]), arrives, sampling, {})


def decoder_caches(decoder: ort.InferenceSession, rows: int) -> dict[str, Array]:
    """Zeros for the decoder's inputs `cache_0`, `cache_1` and so on, by name; memory is taken as rows are used."""
    nodes = [node for node in decoder.get_inputs() if node.name.startswith("cache_")]
    return {node.name: np.zeros((rows, *node.shape[1:]), np.float32) for node in nodes}
