"""The settings a study searches: learning rate, shares of the loss groups, weights within them, free run and teacher forcing.

A point of the space is a map from knobs to values. Most knobs are settings themselves; `stages.*` changes the last stage and the others
in proportion, `teacher_forcing.fall` is the part of what is left after `start` over which the forcing falls.
"""

from collections.abc import Collection, Mapping
from operator import attrgetter
from typing import Any

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.teacher_forcing import SCHEDULES
from motionwire_training.tuning.stages import with_last
from motionwire_training.tuning.words import rounded, word

WHOLE = ("stages", "teacher_forcing")  # searched together or, when a part of them is given, not at all


def space(config: ControllerConfig, given: Collection[str] = ()) -> dict[str, BaseDistribution]:
    """Distributions of the knobs around a recipe, without the settings that the user has given."""
    knobs: dict[str, BaseDistribution] = {
        "learning_rate": FloatDistribution(2e-4, 4e-3, log=True),
        "core.rotation": FloatDistribution(0.5, 10.0, log=True),
        "core.kinematics": FloatDistribution(0.5, 20.0, log=True),
        "core.movement": FloatDistribution(0.3, 10.0, log=True),
        "latent": FloatDistribution(0.1, 5.0, log=True),
        "stages.horizon": IntDistribution(8, 40),
        "stages.free_weight": FloatDistribution(0.05, 1.0),
        "teacher_forcing.schedule": CategoricalDistribution(SCHEDULES),
        "teacher_forcing.start": FloatDistribution(0.0, 0.6),
        "teacher_forcing.fall": FloatDistribution(0.0, 1.0),
        "teacher_forcing.max": FloatDistribution(config.teacher_forcing.min, 1.0),
    }
    if config.balance.strategy == "shares":
        knobs["balance.aux"] = FloatDistribution(0.01, 0.15, log=True)
    return {name: distribution for name, distribution in knobs.items() if not any(settles(key, name) for key in given)}


def settles(key: str, knob: str) -> bool:
    """Whether giving `key` leaves nothing to search for `knob`."""
    group = key.split(".", maxsplit=1)[0]
    return knob == key or knob.startswith(f"{key}.") or (group in WHOLE and knob.split(".", maxsplit=1)[0] == group)


def present(config: ControllerConfig, knobs: Mapping[str, BaseDistribution]) -> dict[str, Any]:
    """The point at which the recipe itself stands, or the nearest within the space."""
    forcing, last = config.teacher_forcing, config.stages[-1]
    made = {
        "stages.horizon": last.horizon,
        "stages.free_weight": last.free_weight,
        "teacher_forcing.fall": (forcing.end - forcing.start) / (1 - forcing.start) if forcing.start < 1 else 0.0,
    }
    values = {name: made[name] if name in made else attrgetter(name)(config) for name in knobs}
    return {name: _within(values[name], knob) for name, knob in knobs.items()}


def overrides(point: Mapping[str, Any], config: ControllerConfig) -> list[str]:
    """A point as `key=value` words."""
    words = [word(name, rounded(value)) for name, value in point.items() if name.split(".")[0] not in WHOLE]
    if "stages.horizon" in point:
        words.append(word("stages", with_last(config.stages, point["stages.horizon"], point["stages.free_weight"])))
    if "teacher_forcing.start" in point:
        start = point["teacher_forcing.start"]
        forcing = {**point, "teacher_forcing.end": start + point["teacher_forcing.fall"] * (1 - start)}
        words += [word(name, rounded(forcing[name])) for name in (f"teacher_forcing.{key}" for key in ("schedule", "start", "end", "max"))]
    return words


def _within(value: Any, knob: BaseDistribution) -> Any:
    return min(max(value, knob.low), knob.high) if isinstance(knob, FloatDistribution | IntDistribution) else value
