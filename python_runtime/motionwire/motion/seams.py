"""A clip's ends made to fit: its start to the motion it goes on from, its end to the motion that it goes over into.

At the start the difference is inertialised: offset and velocity die away as polynomials of the fifth degree (Bollo, GDC 2018), which
do not accelerate at once. At the end it is known beforehand and spread over the whole clip, each part where it shows least: turns and
heights evenly, the way over the ground where the body is moving anyway, since a root that is shifted while someone stands makes
feet slide.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip

Array = NDArray[np.float64]

STANDING = 0.05  # m/s: even who stands takes up this much of a shift
OFFSET_WINDOW = 15  # frames in which an offset at the start dies away
VELOCITY_WINDOW = 10  # frames at either end in which the velocity is brought to the one beyond it
# At the start a joint that was quicker is stopped sooner, in at least SOONEST frames, so that it does not swing past where it would
# have been by much more than SWING; there lie elbows that bend backwards.
SWING, SOONEST = 0.2, 5  # rad, frames
SWUNG = 0.2  # what a velocity of one per frame adds up to on the way, as a share of its window


def joined(clips: Sequence[Clip]) -> Clip:
    """Clips on one skeleton, one after the other."""
    if len(clips) == 1:
        return clips[0]
    return replace(
        clips[0],
        root_positions=np.concatenate([clip.root_positions for clip in clips]),
        rotations=rot.continuous(np.concatenate([clip.rotations for clip in clips])),
    )


def followed(clip: Clip, frames: int) -> Clip:
    """The clip and so many frames after it, each joint turning and the root moving on as in its last two."""
    if len(clip) < 2:
        return _repeated(clip, frames)
    root, turn = clip.root_positions, clip.rotations
    step, spin = root[-1] - root[-2], rot.multiply(turn[-1], rot.inverse(turn[-2]))
    roots, turns = [root], [turn]
    for number in range(1, frames + 1):
        roots.append((root[-1] + number * step)[None])
        turns.append(rot.normalize(rot.multiply(spin, turns[-1][-1]))[None])
    return replace(clip, root_positions=np.concatenate(roots), rotations=np.concatenate(turns))


def going_on(before: Clip, clip: Clip) -> Clip:
    """The canonical clip with its first frame following the last of `before`, position and velocity; both at one rate."""
    if len(clip) < 2:
        return clip
    shown = before.slice(-2) if len(before) > 1 else _repeated(before, 1)
    backwards = replace(clip, root_positions=clip.root_positions[1::-1], rotations=clip.rotations[1::-1])
    root, turns = clip.root_positions.astype(np.float64), clip.rotations.astype(np.float64)
    ago = followed(backwards, 1)  # its last frame is where the clip would have been one before its first
    # Differences one frame before the clip's first, and how much they grow in a frame for the velocities to be the same.
    off = shown.root_positions[1] - ago.root_positions[-1].astype(np.float64)
    faster = np.diff(shown.root_positions.astype(np.float64), axis=0)[0] - (root[1] - root[0])
    frames = np.arange(1.0, len(clip) + 1)
    left = 1 - _smooth(np.minimum(frames / OFFSET_WINDOW, 1))
    turned = _between(ago.rotations[-1], shown.rotations[1])
    # Large turns do not simply add up, so what is missing in the first frame is measured there.
    missing = _near(_between(turns[0], followed(shown, 1).rotations[-1]), turned) - left[0] * turned
    window = np.clip(SWING / np.maximum(SWUNG * np.linalg.norm(missing, axis=-1), 1e-9), SOONEST, VELOCITY_WINDOW)
    early = _velocity_weights(frames[:, None], window)[..., None]
    return replace(
        clip,
        root_positions=(root + left[:, None] * off + _velocity_weights(frames, VELOCITY_WINDOW)[:, None] * faster).astype(np.float32),
        rotations=_turned_by(turns, left[:, None, None] * turned + early / early[0] * missing),
    )


def arriving(clip: Clip, target: Clip) -> Clip:
    """The canonical clip without its last two frames, which go over into the first two of `target` now.

    clip: n frames, at least 3, the last two being what it would have gone on with; target: in the same world; of one frame only, the
    clip's own velocity stays. The frame before the clip's first one is left as it is.
    """
    count = len(clip) - 2
    if len(target) < 2:
        target = _moved_along(target, clip)
    share = np.arange(1, count + 3) / (count + 1)  # 1 at the frame that has to be the target's first
    even = _smooth(np.minimum(share, 1))
    late = np.append(-_velocity_weights(np.arange(float(count), -1, -1), min(count + 1, VELOCITY_WINDOW)), 1.0)
    clip = _turned(clip, target, even, late)
    roots = clip.root_positions.astype(np.float64)
    difference = target.root_positions[:2] - roots[-2:]
    missing, faster = difference[0], difference[1] - difference[0]
    speed = np.linalg.norm(np.diff(roots[:, ::2], axis=0, prepend=roots[:1, ::2]), axis=1) * clip.fps
    way = np.cumsum(speed[: count + 1] + STANDING)
    moving = _smooth(way / way[-1])[:count]
    even, late = even[:count, None], late[:count, None]
    roots[:count, ::2] += moving[:, None] * missing[::2] + late * faster[::2]
    roots[:count, 1:2] += even * missing[1] + late * faster[1]
    off, later = _between(clip.rotations[-2:], target.rotations[:2])
    faster = _near(later, off) - off
    turns = _turned_by(clip.rotations[:count], even[..., None] * off + late[..., None] * faster)
    return replace(clip, root_positions=roots[:count].astype(np.float32), rotations=turns)


def _turned(clip: Clip, target: Clip, even: Array, late: Array) -> Clip:
    """The clip with its way bent so that it ends with the target's heading; steps keep their lengths."""
    headings = np.unwrap(rot.yaw_of(clip.rotations[:, 0].astype(np.float64)))
    wanted = rot.yaw_of(target.rotations[:2, 0].astype(np.float64))
    difference = rot.half_a_turn_at_most(wanted - headings[-2:])
    missing, faster = difference[0], rot.half_a_turn_at_most(difference[1] - difference[0])
    bend = even * missing + late * faster
    steps = np.diff(clip.root_positions.astype(np.float64), axis=0)
    turned = rot.rotate(rot.from_yaw(bend[:-1]), steps)
    roots = np.concatenate((clip.root_positions[:1], clip.root_positions[:1] + np.cumsum(turned, axis=0)))
    rotations = clip.rotations.astype(np.float64)
    rotations[:, 0] = rot.multiply(rot.from_yaw(bend), rotations[:, 0])
    return replace(clip, root_positions=roots.astype(np.float32), rotations=rotations.astype(np.float32))


def _smooth(share: Array) -> Array:
    """From 0 to 1 with neither speed nor acceleration at the ends."""
    return share**3 * (10 + share * (6 * share - 15))


def _velocity_weights(frames: Array, window: float | Array) -> Array:
    """Weights of a change of velocity (per frame), so many frames from where nothing is added but a frame further all of it: it grows
    from there to about SWUNG * window, and is nothing again after `window` frames."""
    share = np.clip(frames / window, 0, 1)
    return window * share * (1 - share) ** 3 * (1 + 3 * share)


def _moved_along(target: Clip, clip: Clip) -> Clip:
    """The target's one frame, and the next as far from it as the last frame of `clip` is from the one before."""
    spin = rot.multiply(clip.rotations[-1], rot.inverse(clip.rotations[-2]))
    step = clip.root_positions[-1] - clip.root_positions[-2]
    return replace(
        target,
        root_positions=np.stack((target.root_positions[0], target.root_positions[0] + step)),
        rotations=np.stack((target.rotations[0], rot.normalize(rot.multiply(spin, target.rotations[0])))),
    )


def _repeated(clip: Clip, frames: int) -> Clip:
    """The clip with its last frame held."""
    rows = np.minimum(np.arange(len(clip) + frames), len(clip) - 1)
    return replace(clip, root_positions=clip.root_positions[rows], rotations=clip.rotations[rows])


def _between(a: NDArray[np.floating], b: NDArray[np.floating]) -> Array:
    """Rotation vectors [..., 3] that turn a [..., 4] into b."""
    return rot.log(rot.multiply(b.astype(np.float64), rot.inverse(a.astype(np.float64)))).astype(np.float64)


def _near(vectors: Array, others: Array) -> Array:
    """The same rotations as vectors [..., 3], the long way round where that is nearer to the others."""
    angle = np.linalg.norm(vectors, axis=-1, keepdims=True)
    long_way = vectors * (1 - 2 * np.pi / np.maximum(angle, 1e-9))
    nearer = np.linalg.norm(long_way - others, axis=-1) < np.linalg.norm(vectors - others, axis=-1)
    return np.where(nearer[..., None], long_way, vectors)


def _turned_by(rotations: NDArray[np.floating], vectors: Array) -> NDArray[np.float32]:
    """Rotations [T, 22, 4] turned by rotation vectors [T, 22, 3]."""
    return rot.normalize(rot.multiply(rot.exp(vectors), rotations.astype(np.float64))).astype(np.float32)
