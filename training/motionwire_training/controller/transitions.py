"""Which starts, stops and turns on the spot are made: of each style as many, of its own walks and, where it has any, its own stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from motionwire.motion.clip import Clip
from motionwire_training.controller import stitching
from motionwire_training.controller.clips import Take
from motionwire_training.controller.turning import turn_on_the_spot

KINDS = ("start", "stop", "turn")
HASTE = (0.45, 1.0)  # of the time that a calm start or stop takes
LONGEST_STAND = 240  # frames of a standing clip put before or after a walk


@dataclass(frozen=True, eq=False)
class Transition:
    """One to be made: of `kind`, from the 60 fps clips `walk` and `stand`, which both are mirror_ok or not."""

    kind: str
    style: str
    walk: Clip
    stand: Clip
    seed: int
    mirror_ok: bool


def transitions(
    walks: Mapping[str, Sequence[Take]], stands: Mapping[str, Sequence[Take]], count: int, rng: np.random.Generator
) -> Iterator[Transition]:
    """About `count` of each kind over all styles of `walks`; none where nobody stands."""
    everybody = list(chain(*stands.values()))
    for style, own in sorted(walks.items()):
        standing = stands.get(style) or everybody
        for attempt in range(3 * count // len(walks) if standing else 0):
            walk, stand = (some[int(rng.integers(len(some)))] for some in (own, standing))
            part, seed = _part(stand.clip, rng), int(rng.integers(2**32))
            yield Transition(KINDS[attempt % 3], style, walk.clip, part, seed, walk.mirror_ok and stand.mirror_ok)


def joined(wanted: Transition) -> Clip | None:
    """The clip; None where its parts do not lend themselves."""
    rng = np.random.default_rng(wanted.seed)
    if wanted.kind == "turn":
        return turn_on_the_spot(wanted.walk, wanted.stand, rng)
    found = stitching.passings(wanted.walk)
    if not found:
        return None
    passing, haste = found[rng.integers(len(found))], _haste(rng)
    if wanted.kind == "stop":
        return stitching.stop(wanted.walk, wanted.stand, passing, haste)
    return stitching.start(wanted.stand, wanted.walk, passing, haste)


def _haste(rng: np.random.Generator) -> stitching.Haste:
    share = rng.uniform(*HASTE)
    return stitching.Haste(round(share * stitching.CALM.slow_down), round(share * stitching.CALM.blend))


def _part(clip: Clip, rng: np.random.Generator) -> Clip:
    first = int(rng.integers(max(1, len(clip) - LONGEST_STAND)))
    return clip.slice(first, first + LONGEST_STAND)
