"""Features chunk after chunk into poses that go on from each other: heading and root are integrated over the chunks, and standing feet
kept on the ground."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionwire.generator.level import Levelling
from motionwire.motion.features import CONTACTS, FPS, decode, heading_changes, raised
from motionwire.motion.skeleton import REFERENCE

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Motion:
    """n frames at 30 fps: root positions [n, 3] m, local rotations [n, 22, 4], contacts [n, 4], and the features [n, 276] that say so."""

    root_positions: Array
    rotations: Array
    contacts: Array
    features: Array

    def __len__(self) -> int:
        return len(self.rotations)

    def first(self, frames: int) -> "Motion":
        """At most this many frames."""
        return Motion(self.root_positions[:frames], self.rotations[:frames], self.contacts[:frames], self.features[:frames])


class Integrator:
    """Starts at the origin, facing +Z."""

    def __init__(self) -> None:
        self._heading = 0.0
        self._origin = (0.0, 0.0)
        self._levelling = Levelling()

    def add(self, features: Array) -> Motion:
        """The poses of the next features [n, 276], n at least 1. Raises InputError where they are not finite."""
        clip = decode(features, REFERENCE, FPS, self._heading, self._origin)
        self._heading += float(heading_changes(features).sum())
        self._origin = (float(clip.root_positions[-1, 0]), float(clip.root_positions[-1, 2]))
        before = self._levelling.off
        lowered = self._levelling.add(clip)
        roots = (clip.root_positions - lowered[:, None] * [0, 1, 0]).astype(np.float32)
        contacts = np.clip(features[:, CONTACTS], 0, 1).astype(np.float32)
        return Motion(roots, clip.rotations, contacts, raised(features, -lowered, -before))
