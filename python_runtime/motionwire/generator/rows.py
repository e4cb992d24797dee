"""The rows of the transformer's key/value cache: who has which, what is in them, one position more for many at once."""

import math
import mmap
from collections.abc import Iterator

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

Array = NDArray[np.float32]
Indices = NDArray[np.int64]
Span = tuple[int, int]  # the first of some neighbouring rows, and the one after the last


class Rows:
    """Caches of `count` rows. A row is a sequence of the network: a sentence, or the same motion without its sentence.

    A row's keys and values lie side by side from the start of its cache, without the slots that hold nothing: attention reads what is
    there and no more. The graph reads and writes the caches where they are.
    """

    def __init__(self, step: ort.InferenceSession, count: int) -> None:
        self._step = step
        self._shapes = {node.name: (count, *node.shape[1:]) for node in step.get_inputs()}
        self._free = np.ones(count, bool)
        self._length = np.zeros(count, np.int64)
        self._clear()

    def take(self, count: int) -> Indices:
        """The first free rows; there have to be as many."""
        rows = np.flatnonzero(self._free)[:count]
        self._free[rows] = False
        return rows

    def give_back(self, rows: Indices) -> None:
        """Free the rows; with the last of them goes the memory."""
        self._length[rows] = 0
        self._free[rows] = True
        if self._free.all():
            self._clear()

    def fill(self, rows: Indices, keys: Array, values: Array, valid: NDArray[np.bool_]) -> None:
        """Lay a prefill's keys and values [layers, n, H, L, D] into n rows; valid [n, L]: slots that hold something."""
        for number, (row, held) in enumerate(zip(rows, valid, strict=True)):
            self._length[row] = length = int(held.sum())
            for kind, filled in (("keys", keys), ("values", values)):
                for layer, part in enumerate(filled[:, number][:, :, held]):
                    self._given[f"{kind}_{layer}"][row, :, :length] = part

    def step(self, rows: Indices, codes: NDArray[np.int64], remaining: Indices, slots: Indices) -> Array:
        """Positions with these codes [n, G] enter n rows, each at its slot; hidden vectors [n, C] of what comes after them."""
        for name, value in (("codes", codes), ("remaining", remaining), ("slot", slots), ("length", self._length[rows])):
            self._given[name][rows] = value
        for span in _spans(np.sort(rows)):
            self._step.run_with_iobinding(self._bound(span))
        self._length[rows] += 1
        return self._hidden[rows]

    def _clear(self) -> None:
        """Caches that no memory was spent on yet."""
        self._given = {name: _untouched(shape) if len(shape) == 4 else np.zeros(shape, np.int64) for name, shape in self._shapes.items()}
        (width,) = (node.shape[1] for node in self._step.get_outputs() if node.name == "hidden")
        self._hidden = np.zeros((len(self._free), width), np.float32)
        self._bindings: dict[Span, ort.IOBinding] = {}

    def _bound(self, span: Span) -> ort.IOBinding:
        """The graph's inputs and outputs tied to a span of rows: each cache comes out where it goes in."""
        binding = self._bindings.get(span)
        if binding is None:
            binding = self._bindings[span] = self._step.io_binding()
            for name, whole in self._given.items():
                part = whole[span[0] : span[1]]
                binding.bind_input(name, "cpu", 0, part.dtype.type, part.shape, part.ctypes.data)
                if part.ndim == 4:
                    binding.bind_output(f"next_{name}", "cpu", 0, part.dtype.type, part.shape, part.ctypes.data)
            hidden = self._hidden[span[0] : span[1]]
            binding.bind_output("hidden", "cpu", 0, np.float32, hidden.shape, hidden.ctypes.data)
        return binding


def _untouched(shape: tuple[int, ...]) -> Array:
    """Zeros that take memory by small pages as they are written to: numpy's would by huge ones, though most rows stay short."""
    return np.frombuffer(mmap.mmap(-1, 4 * math.prod(shape)), np.float32).reshape(shape)


def _spans(rows: Indices) -> Iterator[Span]:
    """Of ascending rows the runs of neighbours: they are one piece of the caches."""
    for run in np.split(rows, np.flatnonzero(np.diff(rows) != 1) + 1):
        yield int(run[0]), int(run[-1]) + 1
