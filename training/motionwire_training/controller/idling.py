"""How people stand: the movement of standing clips as a few directions in which the body moves together, and how much of it how fast.

Standing still says nothing about what comes next, so a network that predicts the next frame stands like a statue. What it leaves out is
kept here: principal components of the joints' rotations and of the pelvis's place about their means, each with the size of its
movement in a few bands of frequencies. The run time plays them as waves (`motionwire.controller.idle`); legs follow by inverse kinematics.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from motionwire.controller import layout
from motionwire.motion import rotations as rot
from motionwire.motion.legs import ANKLES, HIPS, KNEES, TOES
from motionwire.motion.runs import runs_of
from motionwire.motion.skeleton import JOINTS
from motionwire_training.controller.configuration import CATEGORIES
from motionwire_training.controller.frames import Frames

SHORTEST = 8 * layout.FPS  # frames of a stand; the slowest band takes as long
BANDS = (0.1, 0.25, 0.5, 1.0, 2.0)  # Hz, edges; below, people shift their weight by steps, above, captures tremble
COMPONENTS = 10
PLACE = 3.0  # rad that a metre of the pelvis counts as
LEGS = [*HIPS, *KNEES, *ANKLES, *TOES]
GOLDEN = 0.618


def idle_of(frames: Frames) -> dict[str, Any] | None:
    """{"directions": [K, 69] (rotation vectors of 22 joints, rad, and the pelvis's place, m), "frequencies": [K, 4] Hz, "sizes": [K, 4]},
    plain lists; None where nobody stands for long."""
    moved = [_banded(movement(frames.columns, slice(first, last))) for first, last in _stands(frames)]
    if not moved:
        return None
    bands = np.concatenate(moved, axis=1)  # [band, frame, 69]
    scale = np.array([1.0] * (JOINTS * 3) + [PLACE] * 3)
    whole = bands.sum(axis=0) * scale
    _, directions = np.linalg.eigh(whole.T @ whole)
    directions = directions.T[::-1][:COMPONENTS]
    sizes = 2**0.5 * np.sqrt(np.square((bands * scale) @ directions.T).mean(axis=1)).T
    low, high = np.array(BANDS[:-1]), np.array(BANDS[1:])
    spread = (np.arange(sizes.size).reshape(sizes.shape) * GOLDEN + 0.5) % 1  # no two waves keep step
    found = {"directions": directions / scale, "frequencies": low * (high / low) ** spread, "sizes": sizes}
    return {name: np.round(values, 5).tolist() for name, values in found.items()}


def movement(columns: Mapping[str, NDArray[Any]], rows: slice) -> NDArray[np.float64]:
    """How a standing figure [T, 69] differs from its mean, the legs left out: see `idle_of`."""
    poses = columns["poses"][rows].astype(np.float64)
    steps = columns["root_delta"][rows].astype(np.float64)
    heading = np.cumsum(steps[:, 2]) - steps[:, 2]
    ground = np.insert(steps[:, :2], 1, 0.0, axis=1)
    place = np.cumsum(rot.rotate(rot.from_yaw(heading), ground), axis=0)
    place += rot.rotate(rot.from_yaw(heading), poses[:, layout.POSITIONS][:, :3])
    turned = rot.from_6d(poses[:, layout.ROTATIONS].reshape(-1, JOINTS, 6))
    turned[:, 0] = rot.multiply(rot.from_yaw(heading), turned[:, 0])
    turned *= np.where(np.sum(turned * turned[:1], axis=-1, keepdims=True) < 0, -1.0, 1.0)
    vectors = rot.log(rot.multiply(rot.inverse(rot.normalize(turned.mean(axis=0))), turned))
    vectors[:, LEGS] = 0
    return np.concatenate((vectors.reshape(len(poses), -1), place), axis=1)


def _banded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The part of values [T, N] in each band [len(BANDS) - 1, T, N]."""
    filters = (butter(2, edges, "bandpass", fs=layout.FPS, output="sos") for edges in pairwise(BANDS))
    return np.stack([sosfiltfilt(filter_, values, axis=0) for filter_ in filters])


def _stands(frames: Frames) -> Iterator[tuple[int, int]]:
    """First and last frame of each long stand."""
    take, category = frames.columns["take"], frames.columns["category"]
    for first, last in runs_of(category == CATEGORIES.index("stand")):
        borders = [first, *(first + 1 + np.flatnonzero(np.diff(take[first:last]))), last]
        for begin, end in pairwise(borders):
            if end - begin >= SHORTEST:
                yield int(begin), int(end)
