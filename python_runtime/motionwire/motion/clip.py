"""A clip: one skeleton moving over time at a fixed frame rate."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.motion.kinematics import forward_kinematics
from motionwire.motion.skeleton import Skeleton


@dataclass(frozen=True, eq=False)
class Clip:
    """Motion of one character.

    skeleton: J joints; fps: frames a second, > 0; root_positions: float32 [T, 3], world position of the root joint;
    rotations: float32 [T, J, 4], local, xyzw, unit; translations: float32 [T, J, 3] or None, local joint offsets frame by
    frame where a file animates them (None: the skeleton's rest offsets hold); name: for messages and file names.
    Canonical clips are in metres, Y up, facing +Z, with T-pose-relative rotations; a clip fresh from a file is in its units.
    Raises InputError on wrong shapes, zero frames, non-finite values or an impossible frame rate.
    """

    skeleton: Skeleton
    fps: float
    root_positions: NDArray[np.float32]
    rotations: NDArray[np.float32]
    translations: NDArray[np.float32] | None = None
    name: str = ""

    def __post_init__(self) -> None:
        joints = len(self.skeleton)
        for attribute in ("root_positions", "rotations", "translations"):
            value = getattr(self, attribute)
            if value is not None:
                object.__setattr__(self, attribute, np.asarray(value, dtype=np.float32))
        frames = len(self.rotations)
        where = self.name or None
        if frames == 0:
            raise InputError("a clip needs at least one frame", where)
        if not (np.isfinite(self.fps) and 0 < self.fps <= 10_000):
            raise InputError(f"frame rate {self.fps} is not between 0 and 10,000", where)
        if self.rotations.shape != (frames, joints, 4) or self.root_positions.shape != (frames, 3):
            raise InputError(
                f"rotations {self.rotations.shape} and root positions {self.root_positions.shape} do not fit {joints} joints", where
            )
        if self.translations is not None and self.translations.shape != (frames, joints, 3):
            raise InputError(f"translations {self.translations.shape} do not fit {frames} frames of {joints} joints", where)
        for attribute in ("root_positions", "rotations", "translations"):
            value = getattr(self, attribute)
            if value is not None and not np.isfinite(value).all():
                frame = int(np.argwhere(~np.isfinite(value))[0][0])
                raise InputError(f"{attribute.replace('_', ' ')} hold NaN or infinity in frame {frame}", where)
        norms = np.linalg.norm(self.rotations, axis=-1)
        if np.abs(norms - 1).max() > 1e-3:
            frame = int(np.argwhere(np.abs(norms - 1) > 1e-3)[0][0])
            raise InputError(f"rotations are not unit quaternions in frame {frame}", where)

    def __len__(self) -> int:
        return len(self.rotations)

    @property
    def seconds(self) -> float:
        """Length in seconds, counting each frame as 1/fps."""
        return len(self) / self.fps

    def world(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """World positions [T, J, 3] and rotations [T, J, 4]."""
        return forward_kinematics(self.skeleton, self.rotations, self.root_positions, self.translations)

    def slice(self, start: int, stop: int | None = None) -> Self:
        """Frames start..stop as a new clip; raises InputError when none is left."""
        translations = None if self.translations is None else self.translations[start:stop]
        return replace(
            self, root_positions=self.root_positions[start:stop], rotations=self.rotations[start:stop], translations=translations
        )
