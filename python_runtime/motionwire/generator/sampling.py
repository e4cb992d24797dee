"""Choosing codes from logits: guidance, temperature, nucleus; many rows at once, each with settings and luck of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError


@dataclass(frozen=True)
class Sampling:
    """guidance: how far beyond the plain prediction the sentence pulls, 1 is not at all (Ho and Salimans 2022);
    temperature: 0 always takes the likeliest code; top_p: codes are drawn from the smallest set of this probability
    (Holtzman et al. 2020). None: as the bundle's model is best sampled."""

    guidance: float | None = None
    temperature: float | None = None
    top_p: float | None = None

    def __post_init__(self) -> None:
        if self.guidance is not None and not 0 <= self.guidance <= 20:
            raise InputError(f"guidance {self.guidance:g} is not in 0..20")
        if self.temperature is not None and not 0 <= self.temperature <= 5:
            raise InputError(f"temperature {self.temperature:g} is not in 0..5")
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise InputError(f"top_p {self.top_p:g} is not above 0 and at most 1")


class Settled(NamedTuple):
    """A sampling without gaps."""

    guidance: float
    temperature: float
    top_p: float

    def but(self, asked: Sampling) -> Self:
        """With what is asked for in place of its own."""
        return self._replace(**{name: value for name, value in vars(asked).items() if value is not None})


DEFAULT = Sampling()
STANDARD = Settled(guidance=2.0, temperature=0.7, top_p=0.9)  # of a bundle that does not say


def own_sampling(said: Mapping[str, float], file: Path) -> Settled:
    """How a model is sampled where nothing is asked for, by what its bundle says of it in this file; raises InputError where that
    cannot be."""
    try:
        return STANDARD.but(Sampling(**said))
    except TypeError:
        known = ", ".join(Settled._fields)
        raise InputError(f"sampling says {', '.join(said)[:80]}; known are {known}", file) from None
    except InputError as error:
        raise InputError(str(error), file) from None


def guided(with_text: NDArray[np.float32], without: NDArray[np.float32], guidance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logits [n, V] of n sentences from those with and without the sentence [n, V]; guidance [n]."""
    plain = without.astype(np.float64)
    return plain + guidance[:, None] * (with_text.astype(np.float64) - plain)


def draw(logits: NDArray[np.float64], chances: NDArray[np.float64], samplings: Sequence[Settled]) -> NDArray[np.int64]:
    """One code for each row of logits [n, V]; -inf is never drawn. chances [n]: a random number in [0, 1) for each. Rows do not
    depend on each other, to the bit."""
    temperature = np.array([sampling.temperature for sampling in samplings])[:, None]
    top_p = np.array([sampling.top_p for sampling in samplings])[:, None]
    weights = np.exp((logits - logits.max(axis=1, keepdims=True)) / np.where(temperature == 0, 1, temperature))
    weights /= weights.sum(axis=1, keepdims=True)
    order = np.argsort(-weights, axis=1, kind="stable")
    running = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    last = np.minimum((running < top_p).sum(axis=1), logits.shape[1] - 1)  # of the nucleus
    reached = np.take_along_axis(running, last[:, None], axis=1) * chances[:, None]
    place = np.where(temperature[:, 0] == 0, 0, np.minimum((running <= reached).sum(axis=1), last))
    return np.take_along_axis(order, place[:, None], axis=1)[:, 0]
