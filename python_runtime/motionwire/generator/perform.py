"""A task on its way: what it wants of the model next, and the clip that comes of it.

`perform_line` (and loop.py for loops) is a generator in Python's sense: it yields one `Wanted` after the other, is sent the features
that were made of it, and returns the clip. So the same few lines serve a clip alone and a thousand in one batch (generate.py).
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire.generator.arrival import goal_of
from motionwire.generator.finish import finish
from motionwire.generator.level import levelled
from motionwire.generator.sampling import Sampling
from motionwire.generator.task import Task
from motionwire.motion import features
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.resample import resample
from motionwire.motion.retarget import fit_to, leg_height
from motionwire.motion.seams import arriving, followed, joined
from motionwire.motion.skeleton import Skeleton
from motionwire.motion.trajectory import in_place

Array = NDArray[np.float32]
HISTORY = layout.MAX_HISTORY * layout.STRIDE  # frames that the model sees of the motion before


class Wanted(NamedTuple):
    """What `Batch.begin` is to be given."""

    text: str | None
    seconds: float | None
    seed: int | Sequence[int]
    history: Array | None
    sampling: Sampling
    goal: Array | None = None


Steps = Generator[Wanted, Array, Clip]


@dataclass(eq=False)
class Place:
    """Where the motion has come to: what was before, features of the last second, x and z, heading."""

    before: Clip | None
    recent: Array | None
    origin: tuple[float, float] = (0.0, 0.0)
    heading: float = 0.0

    @classmethod
    def after(cls, clip: Clip, recent: Array) -> "Place":
        """At the end of a canonical clip at 30 fps."""
        end = clip.root_positions[-1]
        return cls(clip, recent[-HISTORY:], (float(end[0]), float(end[2])), float(rot.yaw_of(clip.rotations[-1, 0])))


def perform_line(task: Task, skeleton: Skeleton) -> Steps:
    """The steps of a task that is no loop; skeleton: the one that the model moves. The clip is at 30 fps, on the bones of `past` if any."""
    past = None if task.past is None else known(task.past, skeleton, keep_last=True)
    bones = skeleton if task.past is None else task.past.skeleton
    target = None if task.target is None else _met_on(bones, task.target, known(task.target, skeleton))
    place = Place(None, None) if past is None else Place.after(past, history_of(past))
    made = []
    for number, leg in enumerate(task.legs):
        seconds = leg.seconds
        if seconds is not None:
            there = (past is not None and number == 0) + (target is not None and number == len(task.legs) - 1)
            seconds = to_be_made(seconds, there if task.with_ends else 0)
        goal = goal_of(target, place.origin, place.heading) if target is not None and number == len(task.legs) - 1 else None
        wanted = Wanted(leg.text or None, seconds, (task.seed, number) if number else task.seed, place.recent, task.sampling, goal)
        values = levelled((yield wanted), skeleton)
        clip = finish(features.decode(values, skeleton, features.FPS, place.heading, place.origin), place.before)
        made.append(clip)
        place = Place.after(clip, values if place.recent is None else np.concatenate((place.recent, values)))
    whole = joined(made)
    if target is not None:
        whole = arriving(followed(whole, 2), target)
    if task.with_ends:
        ends = [None if past is None else past.slice(-1), whole, None if target is None else target.slice(0, 1)]
        whole = joined([clip for clip in ends if clip is not None])
    if task.in_place:
        whole = in_place(whole)
    return replace(whole if task.past is None else fit_to(whole, bones), name=task.name)


def _met_on(bones: Skeleton, target: Clip, fitted: Clip) -> Clip:
    """`fitted`, which is the target on the model's bones, moved over the ground to where it begins over the target's own spot once the clip
    is on `bones`: paths scale with the legs about the origin, so legs of another length would arrive elsewhere."""
    off = (target.root_positions[0] - fit_to(fitted, bones).root_positions[0]) * np.array([1, 0, 1], np.float32)
    return replace(fitted, root_positions=fitted.root_positions + off * (leg_height(fitted.skeleton) / leg_height(bones)))


def to_be_made(seconds: float, frames: int) -> float:
    """What is left to make of an asked length of which so many frames are there; raises InputError where the model cannot make it."""
    there = frames / features.FPS
    if not layout.SHORTEST <= seconds - there <= layout.LONGEST:
        raise InputError(f"{seconds:g} seconds is not between {layout.SHORTEST + there:.3g} and {layout.LONGEST + there:.1f}")
    return seconds - there


def known(clip: Clip, skeleton: Skeleton, keep_last: bool = False) -> Clip:
    """A canonical clip as the model knows motion: its skeleton, 30 fps; keep_last: what goes on from it does so from its very end."""
    return resample(fit_to(clip, skeleton), features.FPS, keep_last)


def history_of(clip: Clip) -> Array:
    """Features [n, 276] of the last second of a canonical clip at 30 fps; of a pose: that it is held for a moment."""
    if len(clip) <= layout.STRIDE:
        rows = np.maximum(np.arange(len(clip) - layout.STRIDE - 1, len(clip)), 0)
        clip = replace(clip, root_positions=clip.root_positions[rows], rotations=clip.rotations[rows])
    # One frame more than is encoded, so that the first encoded one has its velocity.
    return features.encode(clip.slice(-HISTORY - 1))[1:]
