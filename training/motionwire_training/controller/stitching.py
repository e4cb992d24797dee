"""Starts and stops made from walks and standing clips, since recordings of walks are cut before the first and after the last step.

A stop plays the walk slower and slower up to a moment when the swinging foot passes the planted one, and from there blends to
standing with the planted foot held where it is, so that nothing slides: the swinging foot comes down beside it. A start is a
stop run backwards in time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.layout import FPS
from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.kinematics import forward_kinematics
from motionwire.motion.ramp import ramp
from motionwire.motion.skeleton import JOINT_NAMES

LAST_SPEED = 0.35  # playback speed when the blend begins
RUN_IN_FRAMES = 40  # of the walk at its own speed before slowing down, as far as the clip has them
LEAST_SPEED = 0.4  # m/s

ANKLES = tuple(JOINT_NAMES.index(name) for name in ("left_ankle", "right_ankle"))


@dataclass(frozen=True)
class Haste:
    """How soon somebody stands, in frames of the result: from full speed to LAST_SPEED, and from there blending to the stand."""

    slow_down: int = 36
    blend: int = 30


@dataclass(frozen=True)
class Passing:
    """A frame at which one foot swings past the other, planted one; `planted` is the ankle joint of the latter."""

    frame: int
    planted: int


CALM = Haste()


def passings(clip: Clip, least_speed: float = LEAST_SPEED) -> list[Passing]:
    """All passings of a 60 fps canonical clip in which the body travels at `least_speed` (m/s) or more."""
    world, _ = clip.world()
    left, right = world[:, ANKLES[0]], world[:, ANKLES[1]]
    apart = np.linalg.norm(left[:, [0, 2]] - right[:, [0, 2]], axis=1)
    speed = np.linalg.norm(np.gradient(clip.root_positions[:, [0, 2]], axis=0), axis=1) * FPS
    found = []
    for frame in range(6, len(clip) - 6):
        window = apart[frame - 6 : frame + 7]
        lifted = abs(float(left[frame, 1] - right[frame, 1]))
        if apart[frame] == window.min() and lifted > 0.02 and speed[frame] >= least_speed:
            found.append(Passing(frame, ANKLES[0] if left[frame, 1] < right[frame, 1] else ANKLES[1]))
    return found


def stop(walk: Clip, stand: Clip, passing: Passing, haste: Haste = CALM) -> Clip | None:
    """The walk coming to a stand at `passing`, then the whole standing clip; None when the walk is too short before it."""
    times = _slowing_times(passing.frame, haste.slow_down)
    times = times[times >= 0]
    if len(times) < haste.slow_down:
        return None
    before = _at(walk, times)
    weight = ramp(np.arange(1.0, haste.blend + 1), (0, haste.blend))
    rate = LAST_SPEED * (1 - weight)
    walking = _at(walk, np.minimum(passing.frame + np.cumsum(rate), len(walk) - 1))
    turn = float(rot.yaw_of(before.rotations[-1:, 0])[0] - rot.yaw_of(stand.rotations[:1, 0])[0])
    stand = _turned(stand, turn)
    standing = stand.slice(0, haste.blend)
    if len(standing) < haste.blend:
        return None
    rotations = rot.slerp(walking.rotations, standing.rotations, np.broadcast_to(weight[:, None], walking.rotations.shape[:2]))
    root = _held(walking, standing, rotations, weight, before, passing.planted)
    rest = stand.slice(haste.blend) if len(stand) > haste.blend else None
    pieces_rotations, pieces_roots = [before.rotations, rotations], [before.root_positions, root]
    if rest is not None:
        pieces_rotations.append(rest.rotations)
        offset = root[-1] - standing.root_positions[-1]
        pieces_roots.append(rest.root_positions + offset * np.array([1, 0, 1], np.float32))
    return replace(
        walk,
        rotations=np.concatenate(pieces_rotations).astype(np.float32),
        root_positions=np.concatenate(pieces_roots).astype(np.float32),
        name=f"{walk.name} stop",
    )


def start(stand: Clip, walk: Clip, passing: Passing, haste: Haste = CALM) -> Clip | None:
    """The standing clip, then the walk from `passing` on; None when the walk is too short after it."""
    turned = stop(_reversed(walk), _reversed(stand), Passing(len(walk) - 1 - passing.frame, passing.planted), haste)
    return None if turned is None else replace(_reversed(turned), name=f"{walk.name} start")


def _held(
    walking: Clip, standing: Clip, rotations: NDArray[np.float32], weight: NDArray[np.floating], before: Clip, planted: int
) -> NDArray[np.float32]:
    """Root positions [T, 3] that keep the planted ankle where it was on the ground, at the height that both clips give it."""
    anchor = before.slice(len(before) - 1).world()[0][0, planted]
    ankle, _ = forward_kinematics(walking.skeleton, rotations, np.zeros((len(rotations), 3), np.float32))
    heights = (1 - weight) * walking.world()[0][:, planted, 1] + weight * standing.world()[0][:, planted, 1]
    target = np.stack((np.full(len(weight), anchor[0]), heights, np.full(len(weight), anchor[2])), axis=-1)
    return (target - ankle[:, planted]).astype(np.float32)


def _slowing_times(end: int, slow_down: int) -> NDArray[np.float64]:
    """Source frames of the result's frames up to `end`: first at full speed, then slower down to LAST_SPEED."""
    rate = 1 - (1 - LAST_SPEED) * ramp(np.arange(1.0, slow_down + 1), (0, slow_down))
    rate = np.concatenate((np.ones(RUN_IN_FRAMES), rate))
    return end - np.concatenate((np.cumsum(rate[::-1])[::-1], [0.0]))


def _at(clip: Clip, times: Sequence[float] | NDArray[np.float64]) -> Clip:
    """The clip at fractional frames."""
    times = np.asarray(times)
    low = np.floor(times).astype(int)
    high = np.minimum(low + 1, len(clip) - 1)
    weight = (times - low).astype(np.float32)
    return replace(
        clip,
        root_positions=clip.root_positions[low] * (1 - weight[:, None]) + clip.root_positions[high] * weight[:, None],
        rotations=rot.slerp(clip.rotations[low], clip.rotations[high], np.broadcast_to(weight[:, None], (len(times), len(clip.skeleton)))),
    )


def _turned(clip: Clip, yaw: float) -> Clip:
    q = rot.from_yaw(np.float32(yaw)).astype(np.float32)
    rotations = clip.rotations.copy()
    rotations[:, 0] = rot.multiply(np.broadcast_to(q, rotations[:, 0].shape), rotations[:, 0])
    return replace(clip, rotations=rotations, root_positions=rot.rotate(np.broadcast_to(q, (len(clip), 4)), clip.root_positions))


def _reversed(clip: Clip) -> Clip:
    return replace(clip, root_positions=clip.root_positions[::-1], rotations=clip.rotations[::-1])
