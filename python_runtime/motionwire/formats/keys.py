"""Keyed motion, as glTF and USD hold it, sampled at a clip's frames."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionwire.errors import InputError
from motionwire.motion import rotations as rot

Array = NDArray[np.floating]

EVEN = 0.02  # of a frame, by which even keys may stray
SPARSE = 10.0  # keys a second; fewer are no frames


@dataclass(frozen=True)
class Keys:
    """times [K] in s, rising; values [K, N] (N = 4: quaternions); tangents in and out [K, N] for cubic ones; held: values do not pass."""

    times: Array
    values: Array
    tangents: tuple[Array, Array] | None = None
    held: bool = False

    @classmethod
    def of(cls, times: Array, values: Array, way: object, name: str) -> "Keys":
        """Keys as glTF has them, checked; raises InputError."""
        if way not in ("LINEAR", "STEP", "CUBICSPLINE"):
            raise InputError(f"interpolation {way!r} is not one of LINEAR, STEP, CUBICSPLINE", name)
        cubic = way == "CUBICSPLINE"
        if len(values) != len(times) * (3 if cubic else 1) or (np.diff(times) <= 0).any():
            raise InputError("an animation's times do not rise, or do not fit its values", name)
        tangents = (values[0::3], values[2::3]) if cubic else None
        return cls(times, values[1::3] if cubic else values, tangents, way == "STEP")


def frame_rate(times: Array) -> float | None:
    """Frames a second of even times [K], whole where they are near it; None where they are not even, or fewer than two."""
    if len(times) < 2:
        return None
    step = (times[-1] - times[0]) / (len(times) - 1)
    if not 1e-4 <= step <= 1e4 or np.abs(times - times[0] - step * np.arange(len(times))).max() > EVEN * step:
        return None
    fps = 1 / step
    return float(round(fps)) if abs(fps - round(fps)) < 1e-3 * fps else float(fps)


def common_rate(motion: Sequence[Keys]) -> float | None:
    """Frames a second at which all keys lie on frames, told by the most; None where they do not, or where cubic keys are too far apart for
    what is between them."""
    fps = frame_rate(max((keys.times for keys in motion), key=len))
    first = min(keys.times[0] for keys in motion)
    if fps is None or (fps < SPARSE and any(keys.tangents is not None for keys in motion)):
        return None
    frames = np.concatenate([(keys.times - first) * fps for keys in motion])
    return fps if np.abs(frames - np.round(frames)).max() <= EVEN else None


def sampled(keys: Keys, at: Array) -> Array:
    """Values [T, N] at moments [T] in s; before the first key and after the last one theirs."""
    moments = np.clip(at, keys.times[0], keys.times[-1])
    after = np.clip(np.searchsorted(keys.times, moments, side="left"), 0, len(keys.times) - 1)
    before = np.maximum(after - 1, 0)
    span = np.where(after > before, keys.times[after] - keys.times[before], 1.0)
    share = np.where(after > before, (moments - keys.times[before]) / span, 0.0)
    near = np.abs(moments - keys.times[after]) < 1e-5  # times are float32 in files: on a key is on it
    start, end = keys.values[before], keys.values[after]
    turning = keys.values.shape[1] == 4
    if keys.held:
        found = np.where(near[:, None], end, start)
    elif keys.tangents is not None:
        s = share[:, None]
        leaving, arriving = keys.tangents[1][before] * span[:, None], keys.tangents[0][after] * span[:, None]
        found = (2 * s**3 - 3 * s**2 + 1) * start + (s**3 - 2 * s**2 + s) * leaving + (3 * s**2 - 2 * s**3) * end + (s**3 - s**2) * arriving
        found = np.where(near[:, None], end, found)
    else:
        share = np.where(near, 1.0, share)
        found = rot.slerp(rot.normalize(start), rot.normalize(end), share) if turning else start + share[:, None] * (end - start)
    return rot.normalize(found) if turning else found
