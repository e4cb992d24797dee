"""Drawing codes: shares follow the logits, the nucleus cuts the tail, guidance extrapolates, -inf never comes."""

import numpy as np
import pytest

from motionwire.errors import InputError
from motionwire.generator.sampling import Sampling, draw, guided

LOGITS = np.log(np.array([0.5, 0.3, 0.15, 0.05]))


def shares(sampling: Sampling, logits: np.ndarray = LOGITS, draws: int = 4000) -> np.ndarray:
    generator = np.random.default_rng(0)
    return np.bincount([draw(logits, generator, sampling) for _ in range(draws)], minlength=len(logits)) / draws


def test_shares_follow_the_logits() -> None:
    np.testing.assert_allclose(shares(Sampling(top_p=1.0)), [0.5, 0.3, 0.15, 0.05], atol=0.03)


def test_the_nucleus_is_the_smallest_set_of_its_probability() -> None:
    np.testing.assert_allclose(shares(Sampling(top_p=0.7)), [0.625, 0.375, 0, 0], atol=0.03)
    assert shares(Sampling(top_p=0.01))[0] == 1


def test_temperature() -> None:
    assert shares(Sampling(temperature=0))[0] == 1
    sharp, flat = (shares(Sampling(temperature=t, top_p=1.0))[0] for t in (0.5, 2.0))
    assert flat < 0.45 and sharp > 0.6


def test_impossible_codes_are_never_drawn() -> None:
    logits = np.array([-np.inf, 0.0, -np.inf])
    assert shares(Sampling(top_p=1.0), logits, 200)[1] == 1


def test_guidance_extrapolates_from_the_row_without_the_sentence() -> None:
    rows = np.array([[2.0, 0.0], [1.0, 0.0]], np.float32)
    np.testing.assert_allclose(guided(rows, 2.0), [3.0, 0.0])
    np.testing.assert_allclose(guided(rows, 0.0), rows[1])


@pytest.mark.parametrize("bad", [{"guidance": -1.0}, {"temperature": float("nan")}, {"top_p": 0.0}, {"top_p": 1.5}, {"guidance": 99.0}])
def test_impossible_settings_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(InputError):
        Sampling(**bad)
