"""What the Python client sends and gets: player input, for one character or for many in arrays, and frames of poses."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from motionwire.server import messages as wire

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Stick:
    """Player input: desired velocity (x, z) in m/s in the world, facing in rad (None: where it moves), style by name or index."""

    move: tuple[float, float] = (0.0, 0.0)
    facing: float | None = None
    style: str | int = 0


@dataclass(frozen=True, eq=False)
class Crowd:
    """Player input of many characters in arrays. rows: float32 [N, 4], desired velocity x, z in m/s, facing in rad (NaN: where it moves),
    style index; heights: [N, 12], the ground's height in m under each trajectory sample; path: [N, 6, 2], places x, z in m in the
    world to which the game holds the path ahead; NaN where they say nothing, None: as set before."""

    characters: list[int]
    rows: Array
    heights: Array | None = None
    path: Array | None = None


@dataclass(frozen=True, eq=False)
class Debug:
    """How the characters came to their pose: desired [N, 12, 4] and predicted [N, 6, 4] path, rows x, z in m, heading in rad, speed in
    m/s; the network's own root positions [N, 3] m and rotations [N, 22, 4]."""

    desired: Array
    predicted: Array
    root_positions: Array
    rotations: Array


@dataclass(frozen=True, eq=False)
class PoseFrame:
    """N characters at the server time ts: float32 root_positions [N, 3] m, rotations [N, 22, 4] xyzw, contacts [N, 4], phase [N] rad,
    root_delta [N, 3], root [N, 3] (x, z, heading), acting [N], the events since the frame before, and what `debug` asked for."""

    seq: int
    ts: float
    characters: list[int]
    root_positions: Array
    rotations: Array
    contacts: Array
    phase: Array
    root_delta: Array
    root: Array
    acting: NDArray[np.bool_]
    events: list[wire.Event]
    debug: Debug | None = None

    @classmethod
    def of(cls, pose: wire.Pose) -> Self:
        """The arrays of a pose message; raises ValueError when their sizes disagree."""
        count, joints = pose.count, pose.joints
        root_positions, rotations = bodies(pose.data, count, joints)
        debug = None
        if isinstance(pose.desired, bytes) and isinstance(pose.predicted, bytes) and isinstance(pose.raw, bytes):
            debug = Debug(floats(pose.desired, count, -1, 4), floats(pose.predicted, count, -1, 4), *bodies(pose.raw, count, joints))
        return cls(
            pose.seq,
            pose.ts,
            pose.characters,
            root_positions,
            rotations,
            floats(pose.contacts, count, 4),
            floats(pose.phase, count),
            floats(pose.root_delta, count, 3),
            floats(pose.root, count, 3),
            np.frombuffer(pose.acting, np.uint8).reshape(count) != 0,
            pose.events,
            debug,
        )


def floats(data: bytes, *shape: int) -> Array:
    """The numbers of a blob; raises ValueError when there are not as many."""
    return np.frombuffer(data, "<f4").reshape(shape)


def bodies(data: bytes, count: int, joints: int) -> tuple[Array, Array]:
    """Root positions [N, 3] and rotations [N, joints, 4] of rows as they travel."""
    rows = floats(data, count, 3 + 4 * joints)
    return rows[:, :3], rows[:, 3:].reshape(count, joints, 4)


def blob(values: Array | None) -> bytes:
    """Numbers as they travel."""
    return b"" if values is None else np.ascontiguousarray(values, "<f4").tobytes()
