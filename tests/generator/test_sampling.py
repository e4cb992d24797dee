"""Drawing codes: shares follow the logits, the nucleus cuts the tail, guidance extrapolates, -inf never comes."""

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from motionwire.bundle import Bundle
from motionwire.errors import InputError
from motionwire.generator.generate import generate
from motionwire.generator.generator import Generator
from motionwire.generator.sampling import STANDARD, Sampling, draw, guided, own_sampling
from motionwire.generator.task import Leg, Task
from toy_models import toy_bundle

LOGITS = np.log(np.array([0.5, 0.3, 0.15, 0.05]))


def shares(sampling: Sampling, logits: np.ndarray = LOGITS, draws: int = 4000) -> np.ndarray:
    drawn = draw(np.tile(logits, (draws, 1)), np.random.default_rng(0).random(draws), [STANDARD.but(sampling)] * draws)
    return np.bincount(drawn, minlength=len(logits)) / draws


def test_rows_do_not_depend_on_each_other() -> None:
    random = np.random.default_rng(1)
    logits, chances = random.normal(scale=3, size=(40, 321)), random.random(40)
    settings = [
        STANDARD.but(Sampling(temperature=float(t), top_p=float(p)))
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


def test_a_bundle_says_how_it_is_sampled_and_what_is_asked_for_comes_first() -> None:
    bundle = Bundle.load(toy_bundle())
    assert own_sampling(bundle.manifest.sampling, Path("bundle.json")) == STANDARD

    def clip(says: dict[str, float], asked: Sampling) -> np.ndarray:
        other = Bundle(bundle.folder, replace(bundle.manifest, sampling=says))
        return generate(Generator(other), Task((Leg("a person walks", 2.0),), seed=5, sampling=asked)).rotations

    own = clip({"temperature": 1.5, "top_p": 1.0}, Sampling())
    np.testing.assert_array_equal(own, clip({}, Sampling(temperature=1.5, top_p=1.0)))
    assert np.abs(own - clip({}, Sampling())).max() > 1e-3
    np.testing.assert_array_equal(clip({"temperature": 1.5}, Sampling(temperature=0.7)), clip({}, Sampling()))


@pytest.mark.parametrize(
    ("says", "said"), [({"heat": 1.0}, "sampling says heat"), ({"temperature": 9.0}, r"temperature 9 is not in 0\.\.5")]
)
def test_a_bundle_that_says_what_cannot_be_is_refused(says: dict[str, float], said: str) -> None:
    with pytest.raises(InputError, match=f"bundle.json: {said}"):
        own_sampling(says, Path("bundle.json"))
