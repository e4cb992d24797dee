"""The space of a study: its points are words the trainer takes, the recipe is one of them, what the user gives is not searched."""

from dataclasses import replace

import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from motionwire_training.configuration import load_config
from motionwire_training.controller.configuration import ControllerConfig, Stage
from motionwire_training.tuning.space import overrides, present, space
from motionwire_training.tuning.stages import with_last

WORDS = ["data=d", "out=o", "licence=free"]


def loaded(*words: str) -> ControllerConfig:
    return load_config("controller", ControllerConfig, [*WORDS, *words])


def test_the_recipes_own_point_gives_the_recipe_back() -> None:
    config = loaded()
    point = present(config, space(config))
    assert loaded(*overrides(point, config)) == config


@pytest.mark.parametrize("end", ["low", "high"])
def test_the_corners_of_the_space_are_valid_settings(end: str) -> None:
    config = loaded()
    point = {}
    for name, knob in space(config).items():
        assert isinstance(knob, CategoricalDistribution | FloatDistribution | IntDistribution)
        point[name] = knob.choices[-1] if isinstance(knob, CategoricalDistribution) else getattr(knob, end)
    changed = loaded(*overrides(point, config))
    wanted = {"horizon": point["stages.horizon"], "free_weight": point["stages.free_weight"]}
    assert changed.stages[-1] == replace(config.stages[-1], **wanted)
    assert changed.teacher_forcing.schedule == "step_linear"
    assert changed.learning_rate == pytest.approx(point["learning_rate"])


@pytest.mark.parametrize(
    ("given", "gone"),
    [
        ("learning_rate", {"learning_rate"}),
        ("core", {"core.rotation", "core.kinematics", "core.movement"}),
        ("core.rotation", {"core.rotation"}),
        ("stages", {"stages.horizon", "stages.free_weight"}),
        ("teacher_forcing.end", {f"teacher_forcing.{key}" for key in ("schedule", "start", "fall", "max")}),
        ("hidden", set()),
    ],
)
def test_what_is_given_is_not_searched(given: str, gone: set[str]) -> None:
    config = loaded()
    left = space(config, [given])
    assert set(space(config)) - set(left) == gone
    assert loaded(*overrides(present(config, left), config)) == config


def test_strategies_that_find_their_own_shares_are_given_none() -> None:
    assert "balance.aux" not in space(loaded("balance.strategy=dwa"))


def test_stages_keep_their_proportion() -> None:
    stages = [Stage(0.2, 8, 0.0), Stage(0.3, 14, 0.2), Stage(0.5, 20, 0.4)]
    assert with_last(stages, 40, 0.6) == [Stage(0.2, 16, 0.0), Stage(0.3, 28, 0.3), Stage(0.5, 40, 0.6)]
    assert with_last([Stage(0.5, 8, 0.0), Stage(0.5, 8, 0.0)], 8, 0.1) == [Stage(0.5, 8, 0.0), Stage(0.5, 8, 0.1)]
