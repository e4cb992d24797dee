"""How long a stride is, told without contacts: the truth that the soft phase is checked against.

Foot strikes are where an ankle is farthest ahead of the pelvis along the way of travel (Zeni, Richards and Higginson 2008, Two
simple methods for determining gait events during treadmill and overground walking using kinematic data): places of the body's
own parts only, no height, no speed, no threshold of contact. The cycle of the joint angles, by autocorrelation, uses neither feet nor
places, and tells how far two truths differ.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from motionwire.motion import rotations as rot
from motionwire.motion.clip import Clip
from motionwire.motion.phase import CYCLE_SECONDS
from motionwire.motion.skeleton import JOINT_NAMES

ANKLES = [JOINT_NAMES.index("left_ankle"), JOINT_NAMES.index("right_ankle")]
LEGS = [JOINT_NAMES.index(f"{side}_{joint}") for side in ("left", "right") for joint in ("hip", "knee")]
COURSE_SECONDS = 0.3  # smoothing of the way of travel: the pelvis sways
FOOT_SECONDS = 0.04  # smoothing of the feet, against recording noise
LEAST_REACH = 0.1  # m that a foot has to come forward and go back between two strikes
LEAST_SPEED = 0.3  # m/s of travel that has a direction
ALIKE = 0.5  # autocorrelation from which joint angles repeat
STEADY_VARIATION = 0.05  # of cycle lengths within a clip; a person's own vary by some 2 % (Hausdorff 2005, Gait variability)
STEADY_CYCLES = 2


@dataclass(frozen=True, eq=False)
class Strikes:
    """Times in s, between frames, at which the left and the right foot strike."""

    left: NDArray[np.float64]
    right: NDArray[np.float64]

    @property
    def cycles(self) -> NDArray[np.float64]:
        """Seconds from each strike to the next of the same foot."""
        return np.concatenate((np.diff(self.left), np.diff(self.right)))

    @property
    def steady(self) -> bool:
        """Whether enough cycles, and alike, are there to speak of a cycle length."""
        cycles = self.cycles
        return len(cycles) >= STEADY_CYCLES and float(cycles.std()) < STEADY_VARIATION * float(cycles.mean())


def foot_strikes(clip: Clip) -> Strikes:
    """The strikes of a canonical clip, as far as it travels."""
    world = clip.world()[0].astype(np.float64)[..., [0, 2]]
    way = np.gradient(gaussian_filter1d(world[:, 0], COURSE_SECONDS * clip.fps, axis=0), 1 / clip.fps, axis=0)
    speed = np.linalg.norm(way, axis=1)
    way /= np.maximum(speed, 1e-6)[:, None]
    feet = []
    for ankle in ANKLES:
        ahead = gaussian_filter1d(np.sum((world[:, ankle] - world[:, 0]) * way, axis=1), FOOT_SECONDS * clip.fps)
        peaks, _ = find_peaks(ahead, prominence=LEAST_REACH)
        feet.append(np.array([_top(ahead, peak) / clip.fps for peak in peaks if speed[peak] > LEAST_SPEED]))
    return Strikes(*feet)


def angle_cycle(clip: Clip) -> float | None:
    """Length in s of the cycle of hips' and knees' rotations in a canonical clip; None where they do not repeat."""
    angles = rot.log(clip.rotations[:, LEGS].astype(np.float64)).reshape(len(clip), -1)
    angles -= angles.mean(axis=0)
    first, last = (round(seconds * clip.fps) for seconds in CYCLE_SECONDS)
    lags = np.arange(first, min(last, len(clip) * 2 // 3) + 1)
    alike = np.array([_correlation(angles[lag:], angles[:-lag]) for lag in lags])
    peaks, _ = find_peaks(alike, height=ALIKE)
    return float((_top(alike, peaks[0]) + first) / clip.fps) if len(peaks) else None


def _correlation(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    return float(np.sum(a * b) / max(1e-9, np.sqrt(np.sum(a * a) * np.sum(b * b))))


def _top(values: NDArray[np.float64], peak: int) -> float:
    """Place of a peak between frames, by the parabola through it and its neighbours."""
    before, at, after = values[peak - 1 : peak + 2]
    bend = before - 2 * at + after
    return peak + (0.5 * (before - after) / bend if bend else 0.0)
