"""Sine and cosine of many angles: without branches and calls, so that a loop over it is compiled to vector instructions."""

from math import floor, pi

from motionwire.kernels import part


@part
def sine_cosine(angle: float) -> tuple[float, float]:
    """Sine and cosine of an angle in rad, right to 1e-9 up to a thousand turns: Taylor's series of half the angle, doubled."""
    x = angle / 2 - pi * floor(angle / (2 * pi) + 0.5)  # -pi/2..pi/2
    y = x * x
    sine = x * (1 - y / 6 * (1 - y / 20 * (1 - y / 42 * (1 - y / 72 * (1 - y / 110 * (1 - y / 156 * (1 - y / 210)))))))
    cosine = 1 - y / 2 * (1 - y / 12 * (1 - y / 30 * (1 - y / 56 * (1 - y / 90 * (1 - y / 132 * (1 - y / 182 * (1 - y / 240)))))))
    return 2 * sine * cosine, 1 - 2 * sine * sine
