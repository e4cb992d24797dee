"""Engine axes: canonical positions and quaternions in the conventions of the engines that Motionwire speaks to.

Canonical is right-handed, Y up, metres, facing +Z, the character's left at +X. An engine is an orthogonal matrix M and
a scale: positions become `scale * M p`; a quaternion's vector part becomes `det(M) * M v`, its scalar part stays.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError


@dataclass(frozen=True)
class Axes:
    """One engine's axes. rows: the matrix M; scale: engine units per metre."""

    name: str
    rows: tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]]
    scale: float = 1.0

    def _matrix(self) -> NDArray[np.float32]:
        return np.array(self.rows, dtype=np.float32)

    def positions(self, canonical: NDArray[np.floating]) -> NDArray[np.floating]:
        """Positions [..., 3] in metres to the engine's axes and units."""
        return (canonical @ self._matrix().T) * np.float32(self.scale)

    def rotations(self, canonical: NDArray[np.floating]) -> NDArray[np.floating]:
        """Quaternions [..., 4] xyzw to the engine's axes."""
        matrix = self._matrix()
        vector = canonical[..., :3] @ (np.sign(np.linalg.det(matrix)) * matrix).T
        return np.concatenate((vector, canonical[..., 3:]), axis=-1)


_SAME = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
_MIRRORED_X = ((-1, 0, 0), (0, 1, 0), (0, 0, 1))

ENGINES = {
    axes.name: axes
    for axes in (
        Axes("unity", _MIRRORED_X),
        Axes("unreal", ((1, 0, 0), (0, 0, 1), (0, 1, 0)), scale=100.0),
        Axes("blender", ((1, 0, 0), (0, 0, -1), (0, 1, 0))),
        Axes("vmc", _MIRRORED_X),
        Axes("godot", _SAME),
    )
}


def engine_axes(name: str) -> Axes:
    """The axes of an engine by name; raises InputError for an unknown one."""
    try:
        return ENGINES[name]
    except KeyError:
        raise InputError(f"no axes {name!r} among {', '.join(ENGINES)}") from None
