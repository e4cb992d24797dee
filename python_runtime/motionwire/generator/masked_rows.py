"""Rows (rows.py) of the step graphs that were exported before caches were changed in place: they take a mask and give new entries out."""

from collections.abc import Iterator

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from motionwire.generator import layout

Array = NDArray[np.float32]
Indices = NDArray[np.int64]
WINDOW = 64  # slots that a cache grows by where the graph lets it: a multiple of what kernels sum up in one go, so that sums stay the same


class MaskedRows:
    """Caches of `count` rows. A row is a sequence of the network: a sentence, or the same motion without its sentence.

    A graph whose slots are a named axis is given no more of them than are in use, since attention reads them all.
    """

    def __init__(self, step: ort.InferenceSession, count: int) -> None:
        self._step = step
        nodes = {node.name: node.shape for node in step.get_inputs()}
        self._grows = isinstance(nodes["mask"][1], str)
        self._fewest = -(-layout.MOTION // WINDOW) * WINDOW
        slots = self._fewest if self._grows else layout.SLOTS
        self._free = np.ones(count, bool)
        self._mask = np.zeros((count, slots), bool)
        self._keys, self._values = (
            {name: np.zeros((count, shape[1], slots, shape[3]), np.float32) for name, shape in nodes.items() if name.startswith(f"{kind}_")}
            for kind in ("keys", "values")
        )

    def take(self, count: int) -> Indices:
        """The first free rows; there have to be as many."""
        rows = np.flatnonzero(self._free)[:count]
        self._free[rows] = False
        return rows

    def give_back(self, rows: Indices) -> None:
        """Free the rows and clear what is in them: what is masked must still be finite."""
        used = int(np.flatnonzero(self._mask[rows].any(axis=0)).max(initial=-1)) + 1
        for cache in (*self._keys.values(), *self._values.values()):
            cache[rows, :, :used] = 0
        self._mask[rows] = False
        self._free[rows] = True
        if self._grows and self._free.all():
            self._resize(self._fewest)

    def fill(self, rows: Indices, keys: Array, values: Array, valid: NDArray[np.bool_]) -> None:
        """Lay a prefill's keys and values [layers, n, H, L, D] into n rows; valid [n, L]: slots that hold something."""
        length = valid.shape[1]
        self._mask[rows, :length] = valid
        for caches, filled in ((self._keys, keys), (self._values, values)):
            for cache, layer in zip(caches.values(), filled, strict=True):
                cache[rows, :, :length] = layer

    def step(self, rows: Indices, codes: NDArray[np.int64], remaining: Indices, slots: Indices) -> Array:
        """Positions with these codes [n, G] enter n rows, each at its slot; hidden vectors [n, C] of what comes after them."""
        if slots.max() >= self._mask.shape[1]:
            self._resize((int(slots.max()) // WINDOW + 1) * WINDOW)
        hidden: Array | None = None
        for places in _runs(rows):
            chosen, at = rows[places], slots[places]
            here = slice(int(chosen[0]), int(chosen[-1]) + 1)
            caches = {name: cache[here] for name, cache in (self._keys | self._values).items()}
            given = {"codes": codes[places], "remaining": remaining[places], "slot": at, "mask": self._mask[here]}
            made, keys, values = self._step.run(None, {**given, **caches})
            for kind, new in ((self._keys, keys), (self._values, values)):
                for cache, layer in zip(kind.values(), new, strict=True):
                    cache[chosen, :, at] = layer[:, :, 0]
            self._mask[chosen, at] = True
            if hidden is None:
                hidden = np.empty((len(rows), made.shape[1]), np.float32)
            hidden[places] = made
        assert hidden is not None, "someone takes the step"
        return hidden

    def _resize(self, slots: int) -> None:
        """Room for so many slots."""
        kept, used = min(slots, self._mask.shape[1]), ~self._free
        if slots == self._mask.shape[1]:
            return
        self._mask = np.pad(self._mask[:, :kept], ((0, 0), (0, slots - kept)))
        for caches in (self._keys, self._values):
            for name, cache in caches.items():
                caches[name] = np.zeros((*cache.shape[:2], slots, cache.shape[3]), np.float32)
                caches[name][used, :, :kept] = cache[used, :, :kept]  # the others stay zeros that no memory was spent on yet


def _runs(rows: Indices) -> Iterator[Indices]:
    """Places in `rows` of neighbouring ones, in their order: they are one piece of the caches, which nothing has to copy."""
    order = np.argsort(rows)
    yield from np.split(order, np.flatnonzero(np.diff(rows[order]) != 1) + 1)
