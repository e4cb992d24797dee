"""From a data profile to a configuration: rules of thumb with their reasons, as changes to the recipe.

The recipe is made for the whole of the shared data (84 minutes of movement, 4 % of it backward or sideways, 5 % of the takes turning by
105 degrees or more, 0.48 minutes of the rarest style). What has less than half of one of these is given more of it by augmentation. By
size, data is small under 15 minutes of movement (the free part of the shared data has 3) and large over 300.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from motionwire_training.controller.configuration import ControllerConfig

SMALL, LARGE = 15.0, 300.0  # minutes of movement: below, above
FEW_DIRECTIONS = 0.02  # share of the movement that goes backward or sideways
STRAIGHT = 50.0  # degrees within which 95 % of the takes keep their heading
RARE_STYLE = 0.25  # minutes


@dataclass(frozen=True)
class Change:
    """A `key=value` word and why it is proposed."""

    override: str
    reason: str


def moving_minutes(controller: Mapping[str, Any]) -> float:
    """Minutes of a profile's `controller` part in which the figure goes or turns."""
    return sum(minutes for kind, minutes in controller["minutes_by_kind"].items() if kind != "stand")


def size_of(controller: Mapping[str, Any]) -> str:
    """small, medium or large."""
    minutes = moving_minutes(controller)
    return "small" if minutes < SMALL else "medium" if minutes <= LARGE else "large"


def propose(controller: Mapping[str, Any], config: ControllerConfig) -> list[Change]:
    """Changes to `config` for a profile's `controller` part: those of its size, then those of what it lacks."""
    changes = [*_SIZES[size_of(controller)](moving_minutes(controller), config), *_gaps(controller, config)]
    return [change for change in changes if change is not None]


def _small(minutes: float, config: ControllerConfig) -> list[Change]:
    few = f"{minutes:.1f} minutes of movement"
    return [
        Change(f"hidden={max(1, config.hidden // 2)}", f"{few}: half the width, so that fewer clips are learned by heart"),
        Change(f"steps={max(1, config.steps // 3)}", f"{few}: a third of the steps show each frame as often"),
    ]


def _large(minutes: float, config: ControllerConfig) -> list[Change]:
    much = f"{minutes:.0f} minutes of movement"
    return [
        Change(f"steps={config.steps * 2}", f"{much}: twice the steps, to see them often enough"),
        Change(f"batch_size={config.batch_size * 2}", f"{much}: larger batches mix more of them"),
        Change("time_scales=[1.0]", f"{much}: the speeds between need not be made by playing faster and slower"),
    ]


_SIZES: dict[str, Callable[[float, ControllerConfig], list[Change]]] = {"small": _small, "medium": lambda *_: [], "large": _large}


def _gaps(controller: Mapping[str, Any], config: ControllerConfig) -> list[Change | None]:
    return [_turns(controller, config), _directions(controller, config), _styles(controller, config), _stands(controller)]


def _turns(controller: Mapping[str, Any], config: ControllerConfig) -> Change | None:
    widest = controller["heading_range_deg"].get("p95", 0.0)
    if widest >= STRAIGHT:
        return None
    return Change(f"bends={config.bends + 2}", f"95 % of the takes turn by less than {widest:.0f} degrees: more copies bent into curves")


def _directions(controller: Mapping[str, Any], config: ControllerConfig) -> Change | None:
    minutes = controller["minutes_by_kind"]
    found = minutes["backward"] + minutes["sideways"]
    if found >= FEW_DIRECTIONS * moving_minutes(controller):
        return None
    reason = f"{found:.1f} minutes go backward or sideways: more walks are shown so"
    return Change(f"redirected={min(1.0, 2 * config.redirected):g}", reason)


def _styles(controller: Mapping[str, Any], config: ControllerConfig) -> Change | None:
    rarest = controller["rarest_style_minutes"]
    if controller["styles"] < 2 or rarest >= RARE_STYLE:
        return None
    reason = f"the rarest style has {rarest:.2f} minutes: it borrows more gaits"
    return Change(f"style_dropout={min(0.5, 2 * config.style_dropout):g}", reason)


def _stands(controller: Mapping[str, Any]) -> Change | None:
    if controller["minutes_by_kind"]["stand"] > 0:
        return None
    return Change("transitions=0", "nobody stands: no starts and stops can be made; add clips that stand or idle")
