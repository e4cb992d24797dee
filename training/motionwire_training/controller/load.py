"""A trained controller from its run folder."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from motionwire.errors import InputError
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.model import ControllerNetwork, build
from motionwire_training.run import read_settings, restore_weights


@dataclass(frozen=True, eq=False)
class TrainedController:
    """The network in evaluation mode, the configuration it was trained with, and its model.json: styles, start pose and idle motion."""

    network: ControllerNetwork
    config: ControllerConfig
    description: dict[str, Any]


def stored(network: ControllerNetwork) -> nn.Module:
    """The network as a part of what is trained, by whose names a run keeps its weights."""
    return nn.ModuleDict({"network": network})


def load_controller(folder: str | Path) -> TrainedController:
    """Best weights of a controller run; raises InputError when the folder is no such run."""
    config = read_settings(folder, ControllerConfig)
    try:
        description = json.loads((Path(folder) / "model.json").read_text())
        network = build(config, len(description["styles"]))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"is not a controller run ({error})", folder) from None
    restore_weights(stored(network), folder)
    return TrainedController(network.eval(), config, description)
