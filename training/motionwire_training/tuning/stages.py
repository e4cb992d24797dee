"""Changing a staged schedule as a whole: the last stage gets what is asked for, the others keep their proportion to it."""

from collections.abc import Sequence
from dataclasses import replace

from motionwire_training.controller.configuration import Stage


def with_last(stages: Sequence[Stage], horizon: int, free_weight: float) -> list[Stage]:
    """The stages with horizons and free-run weights scaled so that the last one has these and none before it is longer; a schedule
    without free run gets it last."""
    last, longest = stages[-1], max(stage.horizon for stage in stages)
    scaled = [
        replace(
            stage,
            horizon=max(1, round(stage.horizon * horizon / longest)),
            free_weight=round(stage.free_weight * free_weight / last.free_weight, 4) if last.free_weight else 0.0,
        )
        for stage in stages[:-1]
    ]
    return [*scaled, replace(last, horizon=horizon, free_weight=round(free_weight, 4))]
