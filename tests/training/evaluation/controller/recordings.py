"""Recordings made by formula, of which the scorecard's figures are known."""

from dataclasses import replace

import numpy as np
from scipy.ndimage import minimum_filter1d

from motionwire.controller.layout import FPS
from motionwire.motion.contacts import CONTACT_JOINTS
from motionwire_training.evaluation.controller import players
from motionwire_training.evaluation.controller.recording import Drive, Motion, Recording
from synthetic import walking_clip


def drive(**changes) -> Drive:
    """A drive along +Z at 1 m/s; `changes` replace its fields."""
    return replace(Drive("made", 6.0, 1.0, players.hold(1.0)), **changes)


def walking(seconds: float = 6.0, slide: float = 0.0, **changes) -> Recording:
    """A made walk at 1 m/s along +Z; `slide` m/s are added to it sideways; `changes` replace fields of the recording."""
    clip = walking_clip(seconds, fps=float(FPS), speed=1.0)
    roots = clip.root_positions[:, None].copy()
    roots[:, 0, 0] += slide * np.arange(len(clip)) / FPS
    motion = Motion(roots, clip.rotations[:, None])
    return replace(
        Recording(
            drive(seconds=seconds),
            shown=motion,
            raw=motion,
            contacts=planted(motion),
            told=planted(motion),
            places=roots[..., ::2].astype(float),
            headings=np.zeros((len(clip), 1)),
            asked=np.tile([0.0, 1.0], (len(clip), 1, 1)),
            facing=np.full((len(clip), 1), np.nan),
        ),
        **changes,
    )


def planted(motion: Motion) -> np.ndarray:
    """Contacts [T, B, 4] of the made walk: both channels of a foot are down while its ankle is within a centimetre of its lowest, but
    for two frames at either end, whose speeds already hold some of the swing."""
    height = motion.positions[:, :, CONTACT_JOINTS][..., 1]
    down = height < height.min(axis=0) + 0.01
    return np.repeat(minimum_filter1d(down[..., ::2].astype(float), 5, axis=0), 2, axis=-1)
