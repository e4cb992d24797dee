"""Choosing a code from logits: guidance, temperature, nucleus."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError


@dataclass(frozen=True)
class Sampling:
    """guidance: how far beyond the plain prediction the sentence pulls, 1 is not at all (Ho and Salimans 2022);
    temperature: 0 always takes the likeliest code; top_p: codes are drawn from the smallest set of this probability
    (Holtzman et al. 2020)."""

    guidance: float = 2.0
    temperature: float = 1.0
    top_p: float = 0.9

    def __post_init__(self) -> None:
        if not 0 <= self.guidance <= 20:
            raise InputError(f"guidance {self.guidance:g} is not in 0..20")
        if not 0 <= self.temperature <= 5:
            raise InputError(f"temperature {self.temperature:g} is not in 0..5")
        if not 0 < self.top_p <= 1:
            raise InputError(f"top_p {self.top_p:g} is not above 0 and at most 1")


DEFAULT = Sampling()


def guided(logits: NDArray[np.float32], guidance: float) -> NDArray[np.float64]:
    """Logits [V] from the rows with and without the sentence [2, V]."""
    wide = logits.astype(np.float64)
    return wide[1] + guidance * (wide[0] - wide[1])


def draw(logits: NDArray[np.float64], generator: np.random.Generator, sampling: Sampling) -> int:
    """One code from logits [V]; -inf is never drawn. Takes exactly one random number."""
    chance = generator.random()
    if sampling.temperature == 0:
        return int(np.argmax(logits))
    scaled = (logits - logits.max()) / sampling.temperature
    weights = np.exp(scaled)
    weights /= weights.sum()
    order = np.argsort(-weights, kind="stable")
    running = np.cumsum(weights[order])
    kept = int(np.searchsorted(running, sampling.top_p)) + 1
    place = int(np.searchsorted(running[:kept], chance * running[min(kept, len(running)) - 1], side="right"))
    return int(order[min(place, kept - 1, len(order) - 1)])
