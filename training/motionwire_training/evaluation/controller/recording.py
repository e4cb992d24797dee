"""Driving characters through the run time's own loop and keeping what happened; many drives share one batched state."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.controller import Controller
from motionwire.controller.intent import Intent
from motionwire.controller.layout import FPS
from motionwire.motion.clip import Clip
from motionwire.motion.kinematics import forward_kinematics
from motionwire.motion.skeleton import REFERENCE, Skeleton
from motionwire_training.evaluation.controller.path import Path
from motionwire_training.evaluation.controller.players import MakePlayer

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Drive:
    """One test: `player` drives characters for `seconds` in `style` (index); speed: m/s asked while the stick is out;
    path: what the places are compared with, None where there is none."""

    name: str
    seconds: float
    speed: float
    player: MakePlayer
    path: Path | None = None
    style: int = 0


@dataclass(frozen=True, eq=False)
class Motion:
    """T frames of B figures of one skeleton: roots [T, B, 3] m and local rotations [T, B, 22, 4]."""

    roots: NDArray[np.float32]
    rotations: NDArray[np.float32]
    skeleton: Skeleton = REFERENCE
    fps: float = FPS

    @cached_property
    def world(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Joint positions [T, B, 22, 3] and rotations [T, B, 22, 4] in the world."""
        return forward_kinematics(self.skeleton, self.rotations, self.roots)

    @property
    def positions(self) -> NDArray[np.float32]:
        """Joint positions [T, B, 22, 3] in the world."""
        return self.world[0]

    def clip(self, character: int = 0, name: str = "") -> Clip:
        """One figure's motion."""
        return Clip(self.skeleton, float(self.fps), self.roots[:, character], self.rotations[:, character], name=name)


@dataclass(frozen=True, eq=False)
class Recording:
    """T frames of the B characters of a drive: what is shown and the network's own pose before feet are locked or lifted (`raw`),
    the network's contacts [T, B, 4] and those `told` with what is shown, which call a foot up that the lock let go, places [T, B, 2] and
    headings [T, B] of the ground root, asked velocity [T, B, 2] and facing [T, B]."""

    drive: Drive
    shown: Motion
    raw: Motion
    contacts: Array
    told: Array
    places: Array
    headings: Array
    asked: Array
    facing: Array

    @cached_property
    def velocities(self) -> Array:
        """Of the ground root [T, B, 2], m/s."""
        return np.gradient(self.places, axis=0) * FPS


def record(controller: Controller, drives: Sequence[Drive], seeds: int, ticked: Callable[[], object] = lambda: None) -> Iterator[Recording]:
    """Drive `seeds` characters per drive, which begin at the origin facing +Z in different phases, all in one state.

    Drives must last equally long. `ticked` is called once a frame.
    """
    players = [drive.player(seeds) for drive in drives]
    styles = np.repeat([drive.style for drive in drives], seeds)
    frames, count = round(drives[0].seconds * FPS), len(styles)
    state = controller.create(np.zeros((count, 3)), np.zeros(count))
    shown, raw = (
        Motion(np.empty((frames, count, 3), np.float32), np.empty((frames, count, len(REFERENCE), 4), np.float32)) for _ in range(2)
    )
    contacts, told = (np.empty((frames, count, 4), np.float32) for _ in range(2))
    places: Array
    places, asked = np.empty((frames, count, 2)), np.empty((frames, count, 2))
    headings, facing = np.empty((frames, count)), np.empty((frames, count))
    groups = [slice(index * seeds, (index + 1) * seeds) for index in range(len(drives))]
    for frame in range(frames):
        for group, player in zip(groups, players, strict=True):
            asked[frame, group], facing[frame, group] = player(frame / FPS, state.positions[group])
        poses = controller.step(state, Intent(asked[frame].astype(np.float32), facing[frame].astype(np.float32), styles))
        shown.roots[frame], shown.rotations[frame] = poses.root_positions, poses.rotations
        contacts[frame], told[frame] = state.contacts, poses.contacts
        raw.roots[frame], raw.rotations[frame] = controller.raw(state)
        places[frame], headings[frame] = state.positions, state.headings
        ticked()
    for group, drive in zip(groups, drives, strict=True):
        own, network = (Motion(motion.roots[:, group], motion.rotations[:, group]) for motion in (shown, raw))
        yield Recording(drive, own, network, *(rows[:, group] for rows in (contacts, told, places, headings, asked, facing)))
