"""Sine and cosine by series against the library's."""

import numpy as np

from motionwire.controller.turns import sine_cosine


def test_sine_and_cosine() -> None:
    for angle in np.concatenate((np.linspace(-10, 10, 4001), np.random.default_rng(1).uniform(-6000, 6000, 4000))):
        np.testing.assert_allclose(sine_cosine(angle), (np.sin(angle), np.cos(angle)), atol=1e-9)
