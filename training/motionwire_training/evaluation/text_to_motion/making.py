"""Many tasks for the generator at once, with what comes of them as clips and features."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from motionwire.errors import InputError
from motionwire.generator.generate import generate_all
from motionwire.generator.generator import Generator
from motionwire.generator.task import Leg, Task
from motionwire.motion import features
from motionwire.motion.clip import Clip

LANES = 32
LONGEST = 10.0  # s that are told; the evaluator that comes along sees the first 8 of a clip
SHORTEST = 0.5


@dataclass(frozen=True, eq=False)
class Made:
    """A generated clip at 30 fps and its features [T, 276]."""

    clip: Clip
    features: NDArray[np.float32]


def make(generator: Generator, tasks: Mapping[Any, Task], what: str) -> dict[Any, Made]:
    """The clip of every task, by its key, in the tasks' order. Raises InputError when one fails."""
    made = {}
    running = generate_all(generator, tasks.items(), LANES)
    for key, clip in track(running, description=what, total=len(tasks), console=Console(stderr=True), transient=True):
        if isinstance(clip, InputError):
            raise clip
        made[key] = Made(clip, features.encode(clip))
    return {key: made[key] for key in tasks}


def sentence(text: str, seconds: float | None, seed: int) -> Task:
    """The task of one sentence; seconds None: the model ends it."""
    told = None if seconds is None else min(max(seconds, SHORTEST), LONGEST)
    return Task([Leg(text, told)], seed=seed)
