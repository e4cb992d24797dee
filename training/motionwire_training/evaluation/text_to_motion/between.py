"""In-betweening: measures of Harvey et al. 2020 (Robust Motion In-betweening, https://arxiv.org/abs/2102.04942), and interpolation.

L2P and L2Q are of world positions and rotations; positions are in metres rather than normalised, so L2P is the length of all
joints' error vectors together.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicHermiteSpline

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip

Array = NDArray[np.floating]


def errors(truth: Sequence[Clip], made: Sequence[Clip]) -> dict[str, float]:
    """L2P (m), L2Q and NPSS of transitions of one length against what was recorded."""
    lengths, signals = [], []
    for real, found in zip(truth, made, strict=True):
        (places, turns), (found_places, found_turns) = (tuple(part.astype(np.float64) for part in clip.world()) for clip in (real, found))
        true_turns = rot.continuous(turns)
        found_turns = np.where((true_turns * found_turns).sum(-1, keepdims=True) < 0, -found_turns, found_turns)  # q and -q turn alike
        lengths.append(np.linalg.norm((places - found_places).reshape(len(places), -1), axis=1).mean())
        signals.append(np.stack((true_turns.reshape(len(turns), -1), found_turns.reshape(len(turns), -1))))
    real_turns, made_turns = np.stack(signals, axis=1)
    l2q = np.linalg.norm(real_turns - made_turns, axis=-1).mean()
    return {"l2p": float(np.mean(lengths)), "l2q": float(l2q), "npss": npss(real_turns, made_turns)}


def npss(truth: Array, made: Array) -> float:
    """Normalised power spectrum similarity (Gopalakrishnan et al. 2019) of signals [N, T, D]; 0 is alike.

    The earth mover's distance of each channel's normalised power spectrum, weighted by the channel's power in the truth.
    """
    power = [np.abs(np.fft.fft(signal, axis=1)) ** 2 for signal in (truth, made)]
    totals = [np.maximum(part.sum(axis=1, keepdims=True), 1e-12) for part in power]
    walks = [np.cumsum(part / total, axis=1) for part, total in zip(power, totals, strict=True)]
    moved = np.abs(walks[0] - walks[1]).sum(axis=1)
    return float((moved * totals[0][:, 0]).sum() / totals[0].sum())


def interpolated(before: Clip, after: Clip, frames: int) -> Clip:
    """Local rotations by slerp, the root by a cubic Hermite spline with the speeds of both ends."""
    times = np.arange(1, frames + 1) / (frames + 1)
    a, b = (clip.rotations[index].astype(np.float64) for clip, index in ((before, -1), (after, 0)))
    turned = rot.slerp(a[None], b[None], times[:, None])
    ends = np.stack((before.root_positions[-1], after.root_positions[0])).astype(np.float64)
    speeds = np.stack(
        (
            before.root_positions[-1].astype(np.float64) - before.root_positions[-2],
            after.root_positions[1].astype(np.float64) - after.root_positions[0],
        )
    )
    roots = CubicHermiteSpline([0, 1], ends, speeds * (frames + 1))(times)
    return Clip(before.skeleton, before.fps, roots, turned)
