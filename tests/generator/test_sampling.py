"""Drawing codes: shares follow the logits, the nucleus cuts the tail, guidance extrapolates, -inf never comes."""

import numpy as np
import pytest

from motionwire.errors import InputError
from motionwire.generator.sampling import Sampling, draw, guided

LOGITS = np.log(np.array([0.5, 0.3, 0.15, 0.05]))


def shares(sampling: Sampling, logits: np.ndarray = LOGITS, draws: int = 4000) -> np.ndarray:
    drawn = draw(np.tile(logits, (draws, 1)), np.random.default_rng(0).random(draws), [sampling] * draws)
    return np.bincount(drawn, minlength=len(logits)) / draws


def test_rows_do_not_depend_on_each_other() -> None:
    random = np.random.default_rng(1)
    logits, chances = random.normal(scale=3, size=(40, 321)), random.random(40)
    settings = [
        Sampling(temperature=float(t), top_p=float(p))
        for t, p in zip(random.choice([0, 0.5, 1], 40), random.uniform(0.1, 1, 40), strict=True)
    ]
    together = draw(logits, chances, settings)
    alone = [draw(logits[n : n + 1], chances[n : n + 1], settings[n : n + 1])[0] for n in range(40)]
    assert together.tolist() == alone and len(set(alone)) > 20


def test_shares_follow_the_logits() -> None:
    np.testing.assert_allclose(shares(Sampling(temperature=1, top_p=1.0)), [0.5, 0.3, 0.15, 0.05], atol=0.03)


def test_the_nucleus_is_the_smallest_set_of_its_probability() -> None:
    np.testing.assert_allclose(shares(Sampling(temperature=1, top_p=0.7)), [0.625, 0.375, 0, 0], atol=0.03)
    assert shares(Sampling(top_p=0.01))[0] == 1


def test_temperature() -> None:
    assert shares(Sampling(temperature=0))[0] == 1
    sharp, flat = (shares(Sampling(temperature=t, top_p=1.0))[0] for t in (0.5, 2.0))
    assert flat < 0.45 and sharp > 0.6


def test_impossible_codes_are_never_drawn() -> None:
    logits = np.array([-np.inf, 0.0, -np.inf])
    assert shares(Sampling(top_p=1.0), logits, 200)[1] == 1


def test_guidance_extrapolates_from_the_row_without_the_sentence() -> None:
    with_text, without = np.array([[2.0, 0.0]] * 2, np.float32), np.array([[1.0, 0.0]] * 2, np.float32)
    np.testing.assert_allclose(guided(with_text, without, np.array([2.0, 0.0])), [[3.0, 0.0], [1.0, 0.0]])


@pytest.mark.parametrize("bad", [{"guidance": -1.0}, {"temperature": float("nan")}, {"top_p": 0.0}, {"top_p": 1.5}, {"guidance": 99.0}])
def test_impossible_settings_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(InputError):
        Sampling(**bad)
