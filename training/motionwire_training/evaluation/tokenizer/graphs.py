"""A bundle's tokenizer through onnxruntime: what the runtime runs, not the network it was exported from."""

import numpy as np
from numpy.typing import NDArray

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire.generator.graphs import decoder_caches
from motionwire.motion import features
from motionwire_training.tokenizer.data import whole_positions

Array = NDArray[np.float32]
Codes = NDArray[np.int64]


class TokenizerGraphs:
    """groups: codes of a position; codes: how many a group can take, by the bundle's codebook."""

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        names = ("tokenizer_encoder", "tokenizer_decoder", "tokenizer_decoder_step")
        self._encoder, self._decoder, self._step = (bundle.session(name, threads) for name in names)
        try:
            self.groups, self.codes = (int(bundle.manifest.codebook[name]) for name in ("groups", "codes"))
        except (KeyError, TypeError, ValueError):
            raise InputError("its codebook does not say how many groups and codes a position has", bundle.folder / "bundle.json") from None

    def encode(self, values: Array) -> Codes:
        """Codes [N, G] of features [T, 276], of as many whole positions as there are."""
        return np.asarray(self._encoder.run(None, {"features": whole_positions(values, layout.STRIDE)[None]})[0][0])

    def decode(self, codes: Codes) -> Array:
        """Features [4N, 276] of a whole clip's codes [N, G] at once."""
        return np.asarray(self._decoder.run(None, {"codes": codes[None]})[0][0])

    def caches(self, rows: int) -> dict[str, Array]:
        """The decoder's caches before the first position, by name."""
        return decoder_caches(self._step, rows)

    def step(self, codes: Codes, caches: dict[str, Array]) -> tuple[Array, dict[str, Array]]:
        """Features [n, 4, 276] of the next position's codes [n, G], and the caches after it."""
        made, *after = self._step.run(None, {"codes": codes[:, None], **caches})
        return np.asarray(made), dict(zip(caches, after, strict=True))

    def stream(self, codes: Codes) -> Array:
        """The same position by position, as the runtime plays it."""
        caches = self.caches(1)
        out = np.empty((len(codes) * layout.STRIDE, features.DIM), np.float32)
        for position, own in enumerate(codes):
            made, caches = self.step(own[None], caches)
            out[position * layout.STRIDE : (position + 1) * layout.STRIDE] = made[0]
        return out

    def replay(self, values: Array) -> Array:
        """A clip as the tokenizer gives it back."""
        return self.decode(self.encode(values))
