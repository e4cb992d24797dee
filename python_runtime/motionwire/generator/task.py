"""What can be asked of the generator: sentences one after the other, from a motion, to a motion, as a loop, in place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from motionwire.errors import InputError
from motionwire.generator.sampling import DEFAULT, Sampling
from motionwire.motion.clip import Clip


class Leg(NamedTuple):
    """A sentence and its length. text: empty lets the model go on as it likes; seconds: None lets it end the motion itself."""

    text: str = ""
    seconds: float | None = None


@dataclass(frozen=True, eq=False)
class Task:
    """One clip to make.

    legs: sentences, each going on from the end of the one before; seed: another one, another motion; past: canonical motion or pose
    that the clip goes on from (None: it starts at the origin, facing +Z); target: canonical motion or pose, in the same world, whose
    first frame follows the clip's last; with_ends: the clip begins with the last frame of `past` and ends with the first of `target`,
    both within its length; loop: pose and velocity meet where the clip ends and begins again, and its length is the one near the asked
    where they do best; closed: a loop ends with the first frame of its next round, for who goes on working on it; in_place: without the
    way over the ground. Raises InputError for what excludes each other.
    """

    legs: Sequence[Leg] = field(default=(Leg(),))
    seed: int = 0
    past: Clip | None = None
    target: Clip | None = None
    with_ends: bool = False
    loop: bool = False
    closed: bool = False
    in_place: bool = False
    sampling: Sampling = DEFAULT

    def __post_init__(self) -> None:
        if not self.legs:
            raise InputError("there is no sentence to make")
        if self.seed < 0:
            raise InputError(f"seed {self.seed} is negative")
        if self.loop and (len(self.legs) > 1 or self.past is not None or self.target is not None):
            raise InputError("a loop is one sentence that goes on from itself, not from or to another motion, and no timeline")
        if self.target is not None and self.legs[-1].seconds is None:
            raise InputError("arriving at a motion takes a time: give its seconds")
        if self.in_place and self.target is not None:
            raise InputError("a clip that stays in place arrives nowhere")
        for side, clip in (("past", self.past), ("target", self.target)):
            if clip is not None and (not clip.skeleton.is_canonical or clip.translations is not None):
                raise InputError(f"the {side} motion is not canonical (retarget it first)", clip.name or None)

    @property
    def name(self) -> str:
        """The sentences in one line, at most 60 characters."""
        return " ".join(" ".join(leg.text for leg in self.legs).split())[:60]
