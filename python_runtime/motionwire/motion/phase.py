"""Soft gait phase from soft contacts: 0 at the middle of the left stance, pi at the middle of the right one.

The difference of left and right contact alternates with the stride. Its analytic signal (Hilbert transform; Gabor 1946)
gives an angle and an amplitude; the amplitude is the confidence. A smooth phase is then fitted to the unwrapped angle by
weighted least squares with a penalty on its second difference (Whittaker 1923), so that steady gait runs at unit speed and
frames that say little (standing, irregular steps, the clip's ends) continue the phase around them.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded
from scipy.ndimage import gaussian_filter1d

from motionwire.motion.contacts import feet_down

SMOOTH_SECONDS = 0.11  # keeps the stride's fundamental (0.6 to 1.8 Hz), damps the harmonics of an on-off signal
EDGE_SECONDS = 0.25  # the Hilbert transform of a cut-off signal is unreliable here
STIFFNESS_SECONDS = 0.12  # time constant of the fit
FULL_AMPLITUDE = 0.45  # amplitude of the smoothed difference in plain walking
CONFIDENCE_FLOOR = 1e-3
FASTEST_STRIDE = 3.0  # Hz


def soft_phase(contacts: NDArray[np.floating], fps: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Phase float32 [T] in radians, 0..2 pi, never running backwards, and confidence float32 [T] in 0..1.

    contacts [T, 4]: left heel, left toe, right heel, right toe, 0..1, at `fps` frames a second.
    """
    frames = len(contacts)
    contacts = contacts.astype(np.float64)
    left, right = feet_down(contacts)
    if frames < 4:
        return np.zeros(frames, np.float32), np.zeros(frames, np.float32)
    margin = min(frames - 1, round(fps))
    difference = np.pad(left - right, margin, mode="reflect")
    smooth = gaussian_filter1d(difference, SMOOTH_SECONDS * fps)
    slow = gaussian_filter1d(difference, 0.6 * fps)  # a limp or a one-legged stance is not part of the cycle
    analytic = _analytic(smooth - slow)[margin : margin + frames]
    confidence = np.clip(np.abs(analytic) / FULL_AMPLITUDE, 0, 1)
    edge = np.minimum(np.arange(frames), np.arange(frames)[::-1]) / (EDGE_SECONDS * fps)
    weight = np.clip(confidence**2 * np.clip(edge, 0.05, 1), CONFIDENCE_FLOOR, 1)
    phase = _whittaker(np.unwrap(np.angle(analytic)), weight, STIFFNESS_SECONDS * fps)
    steps = np.clip(np.diff(phase), 0, 2 * np.pi * FASTEST_STRIDE / fps)
    phase = phase[0] + np.concatenate(([0.0], np.cumsum(steps)))
    return np.mod(phase, 2 * np.pi).astype(np.float32), confidence.astype(np.float32)


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
