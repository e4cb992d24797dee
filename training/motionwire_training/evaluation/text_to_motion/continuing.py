"""Going on from a motion: whether it begins where and as fast as the given one ends, and how near it comes to what really followed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip

Array = NDArray[np.float64]


def start_errors(before: Clip, after: Clip) -> dict[str, float]:
    """Of the first frame of `after` against that which the last two frames of `before` lead to at constant speed; and of its speed.

    start_cm, start_deg: mean over joints of the distance and of the angle between local rotations; step_cm: against the last frame
    itself; speed_change_m_s: of joints, between the last frame before and the first one after.
    """
    last, new = before.slice(-2), after.slice(0, 2)
    old, now = (clip.world()[0].astype(np.float64) for clip in (last, new))
    turn = rot.multiply(rot.inverse(last.rotations[0].astype(np.float64)), last.rotations[1].astype(np.float64))
    expected = rot.multiply(last.rotations[1].astype(np.float64), turn)
    return {
        "start_cm": 100 * float(np.linalg.norm(now[0] - (2 * old[1] - old[0]), axis=-1).mean()),
        "start_deg": float(np.degrees(rot.angle_between(expected, new.rotations[0].astype(np.float64))).mean()),
        "step_cm": 100 * float(np.linalg.norm(now[0] - old[1], axis=-1).mean()),
        "speed_change_m_s": before.fps * float(np.linalg.norm((now[0] - old[1]) - (old[1] - old[0]), axis=-1).mean()),
    }


def displacement(real: Clip, made: Sequence[Clip]) -> dict[str, float]:
    """Average and final displacement error over all joints in the world, cm: of one try, and of the best of all tries (ADE, FDE)."""
    frames = min(len(real), *(len(clip) for clip in made))
    truth = real.world()[0][:frames].astype(np.float64)
    errors = np.array([np.linalg.norm(clip.world()[0][:frames] - truth, axis=-1).mean(axis=-1) for clip in made])
    ade, fde = 100 * errors.mean(axis=1), 100 * errors[:, -1]
    return {"ade_cm": float(ade.mean()), "fde_cm": float(fde.mean()), "best_ade_cm": float(ade.min()), "best_fde_cm": float(fde.min())}


def held_pose(before: Clip, frames: int) -> Clip:
    """The last pose, standing still: what a prediction has to beat."""
    return _repeated(before, frames, np.zeros(3))


def held_speed(before: Clip, frames: int) -> Clip:
    """The last pose, carried on at the root's last speed over the ground."""
    step = before.root_positions[-1].astype(np.float64) - before.root_positions[-2]
    return _repeated(before, frames, step * (1, 0, 1))


def _repeated(before: Clip, frames: int, step: Array) -> Clip:
    roots = before.root_positions[-1] + np.arange(1, frames + 1)[:, None] * step
    return Clip(before.skeleton, before.fps, roots, np.repeat(before.rotations[-1:], frames, axis=0))


def mean_of(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    """Means of figures over clips; their 95th percentiles as NAME_p95."""
    names = rows[0] if rows else ()
    means = {name: float(np.mean([row[name] for row in rows])) for name in names}
    return means | {f"{name}_p95": float(np.percentile([row[name] for row in rows], 95)) for name in names}
