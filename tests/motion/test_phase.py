"""Soft phase on steps whose truth is known: steady, irregular, starting, stopping, standing, short, and plain noise."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from motionwire.motion.contacts import soft_contacts
from motionwire.motion.phase import FASTEST_STRIDE, last_cycle, soft_phase
from synthetic import walking_clip

FPS = 60


def steps(phase: NDArray[np.floating], duty: float = 0.62, moving: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """Contacts [T, 4] of feet that are planted for `duty` of their cycle around phase 0 (left) and half (right); phase in cycles.

    Both are down where not `moving`.
    """
    down = [np.abs(np.mod(phase + shift, 1.0) - 0.5) < duty / 2 for shift in (0.5, 0.0)]
    if moving is not None:
        down = [foot | ~moving for foot in down]
    left, right = (np.clip(gaussian_filter1d(foot.astype(float), 1.5), 0, 1) for foot in down)
    return np.stack((left, left, right, right), axis=-1).astype(np.float32)


def off(phase: NDArray[np.floating], truth: NDArray[np.floating]) -> NDArray[np.float64]:
    """Distance [T] of a phase in radians from a truth in cycles, in cycles."""
    return np.abs(np.angle(np.exp(1j * (phase - 2 * np.pi * truth)))) / (2 * np.pi)


def rate(phase: NDArray[np.floating]) -> NDArray[np.float64]:
    """Cycles per second [T - 1] at FPS."""
    return np.diff(np.unwrap(phase.astype(np.float64))) * FPS / (2 * np.pi)


@pytest.mark.parametrize("fps", [30, 60])
@pytest.mark.parametrize("stride_hz", [0.8, 0.95, 1.3])
def test_phase_of_a_steady_walk_runs_at_the_stride_frequency(fps: int, stride_hz: float) -> None:
    phase, confidence = soft_phase(soft_contacts(walking_clip(seconds=8, fps=fps, stride_hz=stride_hz, speed=0.8)), fps)
    speed = np.diff(np.unwrap(phase)) * fps / (2 * np.pi)
    assert abs(speed.mean() / stride_hz - 1) < 0.03
    assert speed.min() > 0.8 * stride_hz, "to the first and the last frame"
    assert speed.max() < 1.2 * stride_hz
    assert confidence.mean() > 0.6


@pytest.mark.parametrize(("stride_hz", "duty"), [(0.7, 0.7), (1.0, 0.62), (1.3, 0.35), (1.8, 0.25)])
@pytest.mark.parametrize("frames", [130, 400])
def test_unit_speed_and_the_right_angle_from_walk_to_dash(stride_hz: float, duty: float, frames: int) -> None:
    truth = 0.3 + np.arange(frames) / FPS * stride_hz
    phase, confidence = soft_phase(steps(truth, duty), FPS)
    np.testing.assert_allclose(rate(phase).mean(), stride_hz, rtol=0.03)
    np.testing.assert_allclose(rate(phase), stride_hz, rtol=0.15)
    assert off(phase, truth).max() < 0.05
    assert confidence.min() > 0.5


def test_feet_that_are_swapped_are_half_a_cycle_away() -> None:
    contacts = steps(np.arange(300) / FPS)
    np.testing.assert_allclose(
        off(soft_phase(contacts, FPS)[0] + np.pi, np.zeros(300)), off(soft_phase(contacts[:, [2, 3, 0, 1]], FPS)[0], 0), atol=1e-3
    )


def test_irregular_steps_are_followed() -> None:
    lengths = np.random.default_rng(0).uniform(0.75, 1.35, 12)  # s of each stride
    truth = np.interp(np.arange(int(lengths.sum() * FPS)) / FPS, np.concatenate(([0], np.cumsum(lengths))), np.arange(13))
    phase, confidence = soft_phase(steps(truth), FPS)
    assert off(phase, truth)[20:-20].mean() < 0.03
    assert off(phase, truth)[20:-20].max() < 0.12
    assert rate(phase).min() > 0.4
    assert rate(phase).max() < 1.7
    assert (confidence > 0.5).mean() > 0.9


def test_a_start_and_a_stop_keep_the_walk_and_say_that_standing_tells_nothing() -> None:
    frames = np.arange(600)
    moving = (frames > 200) & (frames < 440)
    truth = np.clip(frames - 200, 0, 240) / FPS * 0.95
    phase, confidence = soft_phase(steps(truth, moving=moving), FPS)
    walking, standing = slice(225, 415), np.r_[0:140, 500:600]
    assert off(phase, truth)[walking].max() < 0.08
    assert confidence[walking].min() > 0.5
    assert confidence[standing].max() < 0.1
    assert rate(phase).min() >= 0
    assert rate(phase).max() < 2


def test_phase_keeps_going_with_low_confidence_while_standing() -> None:
    phase, confidence = soft_phase(np.ones((120, 4)), FPS)
    assert np.isfinite(phase).all()
    assert confidence.max() < 0.05
    assert (np.diff(np.unwrap(phase)) >= -1e-6).all()


def test_noise_neither_jumps_nor_runs_back() -> None:
    rng = np.random.default_rng(0)
    for number in range(100):
        frames = int(rng.integers(1, 300))
        noise = rng.random((frames, 4))
        blinking = gaussian_filter1d(rng.normal(size=(frames, 4)), rng.uniform(0.3, 20), axis=0) > 0
        phase, confidence = soft_phase(noise if number % 2 else blinking.astype(float), FPS)
        assert np.isfinite(phase).all()
        assert ((confidence >= 0) & (confidence <= 1)).all()
        moved = rate(phase)
        assert (moved > -1e-3).all()
        assert (moved < FASTEST_STRIDE + 1e-3).all()


def test_the_last_cycle_is_that_of_the_end() -> None:
    faster = np.concatenate((np.arange(300) / 60, 5 + np.arange(300) / 40))  # cycles
    assert last_cycle(np.cos(2 * np.pi * faster), FPS) == pytest.approx(40, abs=1)
    assert last_cycle(np.cos(2 * np.pi * faster)[::-1], FPS) == pytest.approx(60, abs=1)
    assert last_cycle(np.cos(2 * np.pi * faster)[:50], FPS) is None, "less than a cycle"
    assert last_cycle(np.ones(300), FPS) is None
    assert last_cycle(np.concatenate((np.cos(2 * np.pi * faster), np.zeros(120))), FPS) is None, "came to a stand"
