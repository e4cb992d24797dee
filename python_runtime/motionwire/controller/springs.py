"""Critically damped springs in closed form (Daniel Holden, https://theorangeduck.com/page/spring-roll-call)."""

from math import exp, log

from motionwire.kernels import part


@part
def damping(halflife: float) -> float:
    """Rate (1/s) of a critically damped spring that has covered half of a difference after `halflife` s."""
    return 2 * log(2.0) / halflife


@part
def spring(difference: float, rate: float, damping: float, t: float) -> tuple[float, float]:
    """What is left after t s of a `difference` to the goal that changes by `rate` per s, and its rate then."""
    j1 = rate + difference * damping
    decay = exp(-damping * t)
    return decay * (difference + j1 * t), decay * (rate - j1 * damping * t)


@part
def spring_travel(difference: float, rate: float, damping: float, t: float) -> float:
    """The integral of `spring` over the first t s."""
    j1 = rate + difference * damping
    return (j1 / damping + difference - exp(-damping * t) * (j1 / damping + difference + j1 * t)) / damping
