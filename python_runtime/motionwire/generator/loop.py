"""Loops: the stretch of a motion that ends as it begins, brought to meet itself to the frame.

1. The sentence is made somewhat longer than asked, and the stretch of about the asked length is looked for whose end is most like
   its beginning in pose and velocity (Kovar et al. 2002, Motion Graphs), measured by how much the body moves in it: a pause is easily
   like itself.
2. A model that can arrive at a pose makes the stretch again with its own first pose as its goal.
3. Of both the better one is taken, and what is still missing is spread over it. The way over the ground of one cycle stays, but where
   a foot stands all the time: it cannot stand in one place and be elsewhere in the next round, so there is no way.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.generator import layout
from motionwire.generator.arrival import goal_of
from motionwire.generator.finish import finish
from motionwire.generator.level import levelled
from motionwire.generator.perform import HISTORY, Steps, Wanted, to_be_made
from motionwire.generator.task import Task
from motionwire.motion import features
from motionwire.motion.clip import Clip
from motionwire.motion.contacts import soft_contacts
from motionwire.motion.moved import ORIGIN, Spot, moved, spot_of
from motionwire.motion.planting import PLANTED
from motionwire.motion.seams import arriving, followed, going_on, joined
from motionwire.motion.skeleton import Skeleton

Array = NDArray[np.float64]

LEAD_IN = 1.0  # s that a motion may take until it is in its stride
SPARE = 1.5  # s beyond the length asked for, to choose from
STRETCH = 0.12  # by which share a loop may be shorter or longer than asked
OWN_SECONDS = (1.0, 5.0)  # of a loop whose length is left to the model
LOOKS_AHEAD = 0.15  # s: how far apart two poses will be by then is how much a difference in velocity counts
QUIET = 0.2  # m/s: bodies that move less than this are taken to move as much
ALWAYS = 0.9  # of the frames: so long no foot of a walk is down
STROLL = 0.3  # m/s: who gets along faster walks, however little the feet are lifted
LIVELY = 0.75  # of the liveliest stretch's mean speed: quieter ones are not what was asked for


def perform_loop(task: Task, skeleton: Skeleton, arrives: bool) -> Steps:
    """The steps of a task that is a loop; arrives: whether the model takes a goal. The clip's frames are one cycle."""
    (leg,) = task.legs
    if leg.seconds is not None:
        to_be_made(leg.seconds, 1)  # the frame that a round begins with
    shortest, longest = OWN_SECONDS if leg.seconds is None else (leg.seconds * (1 - STRETCH), leg.seconds * (1 + STRETCH))
    whole = min(longest + LEAD_IN + SPARE, layout.MAX_MOTION * layout.STRIDE / features.FPS)
    values = levelled((yield Wanted(leg.text or None, whole, task.seed, None, task.sampling)), skeleton)
    start, end = best_stretch(values, shortest, longest)
    clip = features.decode(values, skeleton, features.FPS)
    first = clip.slice(start, start + 2)
    cycle = clip.slice(start, end + 2)
    target = moved(first, spot_of(clip, start), spot_of(clip, end))
    if arrives:
        goal = goal_of(target, *_origin_and_heading(clip, start))
        seconds = (end - start - 1) / features.FPS
        history = values[: start + 1][-HISTORY:]
        values = levelled((yield Wanted(leg.text or None, seconds, task.seed, history, task.sampling, goal)), skeleton)
        again = features.decode(values, skeleton, features.FPS, spot_of(clip, start)[1], _origin_and_heading(clip, start)[0])
        again = followed(joined([clip.slice(start, start + 1), going_on(clip.slice(0, start + 1), again)]), 2)
        cycle = min((cycle, again), key=lambda made: _apart(made.slice(-2), target))
    closed = _closed(cycle, target, spot_of(clip, start))
    if _stays(closed):
        closed = _closed(cycle, first, spot_of(clip, start))
    if task.in_place:
        closed.root_positions[:, ::2] -= _along(*spot_of(closed, -1), len(closed) - 1)
    return replace(closed if task.closed else closed.slice(0, -1), name=task.name)


def _closed(cycle: Clip, target: Clip, began: Spot) -> Clip:
    """The cycle, and two frames behind it, made to end in the target, and cleaned: the closed loop, which begins at the origin."""
    loop = joined([arriving(cycle, target), target.slice(0, 1)])
    return endless(moved(loop, began, ORIGIN), finish)


def _stays(closed: Clip) -> bool:
    """Whether a foot never leaves the ground in the loop, and it is not a shuffling gait."""
    down = soft_contacts(closed).reshape(len(closed), -1, 2).max(axis=2) > PLANTED
    way = np.linalg.norm(closed.root_positions[-1, ::2] - closed.root_positions[0, ::2])
    return bool(down.mean(axis=0).max() > ALWAYS and way * closed.fps < STROLL * len(closed))


def _along(way: NDArray[np.floating], turn: float, frames: int) -> NDArray[np.float32]:
    """How far along its way (x, z) each frame [frames + 1] of a closed round is at an even pace, on the arc on which the next rounds go
    on: each is turned by `turn` rad against the one before."""
    share = np.arange(frames + 1) / frames
    if abs(turn) > 1e-4:
        share = (np.exp(1j * turn * share) - 1) / (np.exp(1j * turn) - 1)
    place = complex(way[1], way[0]) * share  # z + ix turns by e^(i turn)
    return np.stack((place.imag, place.real), axis=1).astype(np.float32)


def rounds_of(closed: Clip) -> Clip:
    """The round before, the closed loop's own, and the round after, one behind the other."""
    loop, after = closed.slice(0, -1), spot_of(closed, -1)
    return joined([moved(loop, after, ORIGIN), loop, moved(loop, ORIGIN, after)])


def endless(closed: Clip, change: Callable[[Clip], Clip]) -> Clip:
    """The closed loop (Task.closed) changed as if it went on for ever."""
    frames = len(closed) - 1
    middle = change(rounds_of(closed)).slice(frames, 2 * frames + 1)
    return moved(middle, spot_of(middle, 0), ORIGIN)


def best_stretch(values: NDArray[np.float32], shortest: float, longest: float) -> tuple[int, int]:
    """First frame of the stretch of features [T, 276] that ends most as it begins, and the frame after its last; lengths in s.

    Raises InputError where the motion is too short to choose from.
    """
    last = len(values) - 2  # one more frame has to follow, for its velocity
    begin = min(round(LEAD_IN * features.FPS), max(1, last - round(shortest * features.FPS)))
    likeness, speed = _likeness(values)
    so_far = np.concatenate(([0.0], np.cumsum(speed)))
    stretches: list[tuple[NDArray[Any], ...]] = []
    for length in range(max(2, round(shortest * features.FPS)), min(round(longest * features.FPS), last - begin) + 1):
        from_, to = np.arange(begin, last - length + 1), np.arange(begin + length, last + 1)
        distance = np.sqrt(3 * np.mean((likeness[from_] - likeness[to]) ** 2, axis=1))
        stretches.append((from_, to, distance, (so_far[to] - so_far[from_]) / length))
    if not stretches:
        raise InputError(f"a loop of {shortest:.1f} s does not fit into a motion of {len(values) / features.FPS:.1f} s")
    starts, ends, apart, moving = (np.concatenate(column) for column in zip(*stretches, strict=True))
    cost = np.where(moving >= LIVELY * moving.max(), apart / np.maximum(moving, QUIET), np.inf)
    best = int(np.argmin(cost))
    return int(starts[best]), int(ends[best])


def _likeness(values: NDArray[np.float32]) -> tuple[Array, Array]:
    """What makes frames alike [T, 132], m: joints' places and where they will be soon; and the joints' mean speed [T], m/s."""
    wide = values.astype(np.float64)
    step = features.joint_steps(wide)
    speed = np.linalg.norm(step, axis=2).mean(axis=1) * features.FPS
    soon = step.reshape(len(wide), -1) * (features.FPS * LOOKS_AHEAD)
    return np.concatenate((wide[:, features.POSITIONS], soon), axis=1), speed


def _apart(clip: Clip, other: Clip) -> float:
    """How unlike the two frames of one clip are to the two of another."""
    one, two = (_likeness(features.encode(each))[0][1] for each in (clip, other))
    return float(np.mean((one - two) ** 2))


def _origin_and_heading(clip: Clip, frame: int) -> tuple[tuple[float, float], float]:
    place, heading = spot_of(clip, frame)
    return (float(place[0]), float(place[1])), heading
