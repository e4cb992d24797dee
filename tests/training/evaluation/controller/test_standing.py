"""Drift and liveliness of figures left alone."""

import numpy as np
import pytest

from motionwire_training.evaluation.controller.recording import Motion
from motionwire_training.evaluation.controller.standing import standing
from training.evaluation.controller.recordings import walking


def resting(drift: float = 0.0, sway: float = 0.0) -> dict[str, float]:
    """Figures of 20 s: the pelvis drifts by `drift` m/s and sways by `sway` m around."""
    made = walking(20.0)
    frames = len(made.places)
    roots = np.zeros((frames, 1, 3), np.float32)
    roots[:, 0, 2] = drift * np.arange(frames) / 60
    roots[:, 0, 0] = sway * np.sin(2 * np.pi * np.arange(frames) / 60)
    motion = Motion(roots, np.tile(made.shown.rotations[:1], (frames, 1, 1, 1)))
    return standing(walking(20.0, shown=motion))


def test_drift_and_sway() -> None:
    assert resting() == pytest.approx({"sway_cm": 0, "drift_cm": 0, "liveliness_deg_s": 0}, abs=0.1)
    drifting = resting(drift=0.01)
    assert drifting["drift_cm"] == pytest.approx(14, abs=0.2)
    swaying = resting(sway=0.03)
    assert swaying["sway_cm"] == pytest.approx(3, abs=0.1) and swaying["drift_cm"] == pytest.approx(0, abs=0.1)


def test_a_figure_that_moves_its_joints_is_alive() -> None:
    assert standing(walking(20.0))["liveliness_deg_s"] > 20
