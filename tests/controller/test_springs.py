"""The springs' closed form against their equation stepped finely."""

import math

import pytest

from motionwire.controller.springs import damping, spring, travelled


@pytest.mark.parametrize("halflife", [0.1, 0.3])
def test_springs_solve_their_equation(halflife: float) -> None:
    """x'' = -2 y x' - y^2 x with the damping y = 2 ln 2 / halflife ..., stepped at 100 kHz."""
    rate = damping(halflife)
    x, v, travel, dt = 1.3, -2.0, 0.0, 1e-5
    for step in range(50_001):
        if step % 10_000 == 0:
            t = step * dt
            assert spring(1.3, -2.0, rate, t) == pytest.approx((x, v), abs=2e-3)
            assert travelled(1.3, -2.0, rate, t, math.exp(-rate * t)) == pytest.approx(travel, abs=2e-3)
        travel += x * dt
        x, v = x + v * dt, v - (2 * rate * v + rate * rate * x) * dt
