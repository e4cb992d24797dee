"""Cleaning of finished clips: steadied against jitter, put on the ground, feet kept where they stand. Nothing is done unasked.

The order is fixed: a filter moves feet, so it comes before they are put on the ground, and that before they are locked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from motionwire.errors import InputError
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import soft_contacts
from motionwire.motion.dips import out_of_the_ground
from motionwire.motion.ground import levelled, on_the_ground, toe_height
from motionwire.motion.planting import keep_planted
from motionwire.motion.smoothing import one_euro, savitzky_golay

CONFIDENT = 0.8  # contact probability that a stance must reach once for its foot to be locked


class Smoothing(StrEnum):
    """Filters against jitter, see motion/smoothing.py."""

    ONE_EURO = "one-euro"
    SAVITZKY_GOLAY = "savitzky-golay"


_FILTERS: dict[Smoothing, Callable[[Clip], Clip]] = {Smoothing.ONE_EURO: one_euro, Smoothing.SAVITZKY_GOLAY: savitzky_golay}


@dataclass(frozen=True)
class Cleaning:
    """What is done to a clip.

    smooth: a filter against jitter; ground: the feet's lowest stance is put on y = 0; level: every stance is, where the floor of a
    capture tilts or a figure drifts; lock_feet: feet in confident contact stay put, and none dips into the ground.
    """

    smooth: Smoothing | None = None
    ground: bool = False
    level: bool = False
    lock_feet: bool = False

    def __bool__(self) -> bool:
        return self != Cleaning()


def clean(clip: Clip, cleaning: Cleaning) -> Clip:
    """The canonical clip cleaned; raises InputError for any other clip."""
    if not clip.skeleton.is_canonical or clip.translations is not None:
        raise InputError("only canonical clips can be cleaned (retarget it first)", clip.name or None)
    if cleaning.smooth is not None:
        clip = _FILTERS[cleaning.smooth](clip)
    if cleaning.ground:
        clip = on_the_ground(clip, toe_height(clip.skeleton))
    if cleaning.level:
        clip = levelled(clip)
    if cleaning.lock_feet:
        clip = out_of_the_ground(keep_planted(clip, soft_contacts(clip), confident=CONFIDENT))
    return clip
