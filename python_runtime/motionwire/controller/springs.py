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
    return decayed(difference, rate, damping, t, exp(-damping * t))


@part
def decayed(difference: float, rate: float, damping: float, t: float, decay: float) -> tuple[float, float]:
    """`spring`, of which the decay exp(-damping t) is known."""
    j1 = rate + difference * damping
    return decay * (difference + j1 * t), decay * (rate - j1 * damping * t)


@part
def travelled(difference: float, rate: float, damping: float, t: float, decay: float) -> float:
    """The integral of `decayed` over the first t s."""
    j1 = rate + difference * damping
    return (j1 / damping + difference - decay * (j1 / damping + difference + j1 * t)) / damping
