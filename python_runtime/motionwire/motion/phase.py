"""Soft gait phase from soft contacts: 0 at the middle of the left stance, pi at the middle of the right one.

The difference of left and right contact alternates with the stride. Its analytic signal (Hilbert transform; Gabor 1946)
gives an angle and an amplitude; the amplitude is the confidence. A smooth phase is then fitted to the unwrapped angle by
weighted least squares with a penalty on its second difference (Whittaker 1923), so that steady gait runs at unit speed and
frames that say little (standing, irregular steps) continue the phase around them. So that it does so up to the clip's last
frame, the gait goes on beyond the ends with the cycle that it has there.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded
from scipy.ndimage import gaussian_filter1d

from motionwire.motion.contacts import feet_down

SMOOTH_SECONDS = 0.09  # keeps the stride's fundamental (0.6 to 1.8 Hz), damps the harmonics of an on-off signal
SLOW_SECONDS = 0.6  # a limp or a one-legged stance is slower than this and no part of the cycle
STIFFNESS_SECONDS = 0.15  # time constant of the fit: less follows each foot, more keeps the speed
FULL_AMPLITUDE = 0.3  # of the smoothed difference: runs, whose contacts are brief, have 0.3 to 0.9, walks 1, standing under 0.05
CONFIDENCE_FLOOR = 1e-3
FASTEST_STRIDE = 3.0  # Hz
MARGIN_SECONDS = 1.0  # beyond both ends: the reach of SLOW_SECONDS
CYCLE_SECONDS = (0.4, 2.2)  # of one stride
CYCLE_WINDOW = 1.2  # s at a clip's end that have to repeat what was one cycle before
UNLIKE = 0.4  # normalised square difference (0 alike, 1 unrelated, 2 opposite) above which nothing repeats
LEAST_POWER = 0.01  # mean square of an alternation worth repeating


def soft_phase(contacts: NDArray[np.floating], fps: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Phase float32 [T] in radians, 0..2 pi, its steps between 0 and FASTEST_STRIDE, and confidence float32 [T] in 0..1.

    contacts [T, 4]: left heel, left toe, right heel, right toe, 0..1, at `fps` frames a second.
    """
    frames = len(contacts)
    if frames < 4:
        return np.zeros(frames, np.float32), np.zeros(frames, np.float32)
    left, right = feet_down(contacts.astype(np.float64))
    difference, margin = left - right, round(MARGIN_SECONDS * fps)
    before, after = continuation(difference[::-1], fps, margin)[::-1], continuation(difference, fps, margin)
    whole = np.concatenate((before, difference, after))
    alternation = gaussian_filter1d(whole, SMOOTH_SECONDS * fps) - gaussian_filter1d(whole, SLOW_SECONDS * fps)
    analytic = _analytic(alternation)[margin : margin + frames]
    confidence = np.clip(np.abs(analytic) / FULL_AMPLITUDE, 0, 1)
    phase = _whittaker(np.unwrap(np.angle(analytic)), np.maximum(confidence**2, CONFIDENCE_FLOOR), STIFFNESS_SECONDS * fps)
    fastest = 2 * np.pi * FASTEST_STRIDE / fps * np.arange(frames)
    phase = fastest - _rising(fastest - _rising(phase))
    return np.mod(phase, 2 * np.pi).astype(np.float32), confidence.astype(np.float32)


def continuation(difference: NDArray[np.float64], fps: float, frames: int) -> NDArray[np.float64]:
    """The next `frames` values: the last cycle repeated, or the end mirrored where nothing repeats."""
    cycle = last_cycle(difference, fps)
    if cycle is None:
        return np.pad(difference, (0, frames), mode="symmetric")[len(difference) :]
    return np.resize(difference[-cycle:], frames)


def last_cycle(values: NDArray[np.float64], fps: float) -> int | None:
    """Length in frames of the cycle at the end of `values` [T]: the first good minimum of the normalised square difference

    sum (a - b)^2 / sum (a^2 + b^2) of the last CYCLE_WINDOW seconds a and what was one cycle before, b
    (McLeod & Wyvill 2005, A smarter way to find pitch). None where nothing repeats.
    """
    shortest, longest = (round(seconds * fps) for seconds in CYCLE_SECONDS)
    window, frames = round(CYCLE_WINDOW * fps), len(values)
    values = values[-(longest + window) :]
    values, frames = values - values.mean(), len(values)
    unlike = []
    for lag in range(shortest, min(longest, frames * 4 // 5) + 1):
        now = values[max(lag, frames - window) :]
        then = values[max(lag, frames - window) - lag : frames - lag]
        power = now @ now + then @ then
        unlike.append(np.sum(np.square(now - then)) / power if power > 2 * LEAST_POWER * len(now) else np.inf)
    reach = max(1, round(0.05 * fps))
    for index in range(1, len(unlike) - 1):
        if unlike[index] < UNLIKE and unlike[index] == min(unlike[max(0, index - reach) : index + reach + 1]):
            return shortest + index
    return None


def _rising(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """values [T] with each fall levelled half way. Cutting the steps off instead would shift all that follows."""
    return (np.maximum.accumulate(values) + np.minimum.accumulate(values[::-1])[::-1]) / 2


def _analytic(values: NDArray[np.float64]) -> NDArray[np.complex128]:
    """values + i times their Hilbert transform, by dropping negative frequencies (scipy.signal takes a second to import)."""
    spectrum = np.fft.fft(values)
    half = (len(values) + 1) // 2
    spectrum[1:half] *= 2
    spectrum[len(values) // 2 + 1 :] = 0
    return np.fft.ifft(spectrum)


def _whittaker(values: NDArray[np.float64], weight: NDArray[np.float64], frames: float) -> NDArray[np.float64]:
    """Minimise sum weight (x - values)^2 + frames^4 sum (second difference of x)^2; a banded positive definite system."""
    n = len(values)
    second = np.zeros((3, n))  # upper bands of D'D for the second difference D
    for offset, products in ((0, (1, 4, 1)), (1, (-2, -2)), (2, (1,))):
        for k, product in enumerate(products):
            second[2 - offset, offset + k : n - 2 + offset + k] += product
    bands = second * frames**4
    bands[2] += weight
    return solveh_banded(bands, weight * values)
