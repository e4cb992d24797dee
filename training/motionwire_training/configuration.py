"""From `configs/NAME.yaml` and `key=value` words to a validated dataclass, through Hydra's compose API.

A model's configuration is a dataclass next to the model; its YAML file holds the recipe and names that dataclass's schema
in its defaults list, so unknown keys and values of the wrong type are refused before anything runs.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from motionwire.errors import InputError

CONFIGS = Path(__file__).parent / "configs"
LICENCES = ("free", "research")
OVERRIDE = re.compile(r"[A-Za-z_][\w.]*=")  # Hydra's +key, ++key and ~key would get past the dataclass

Config = TypeVar("Config", bound="TrainingConfig")


@dataclass
class TrainingConfig:
    """What every training stage shares; the models' configurations extend it. `???` has to be given."""

    data: str = "???"  # folder that `motionwire-train import` wrote
    out: str = "???"  # run folder; an existing one is resumed
    licence: str = "???"  # free: only freely usable clips; research: all clips
    seed: int = 0
    steps: int = 1000
    seconds: float = 0.0  # of training, resumes together; where the steps would take longer, the schedule passes by the clock. 0: no limit
    batch_size: int = 64
    learning_rate: float = 3e-4
    warmup: int = 100  # steps of linear rise, then a cosine down to a hundredth
    weight_decay: float = 0.01
    clip_norm: float = 1.0
    ema: float = 0.999  # decay of the averaged weights, which are validated and exported
    bf16: bool = False  # bfloat16 autocast, where the device computes in it (precision.py)
    threads: int = 0  # torch threads, 0: torch's own choice
    ahead: bool = False  # batches are made by a process beside the training, some steps ahead
    log_every: int = 10
    validate_every: int = 200
    checkpoint_every: int = 100

    def __post_init__(self) -> None:
        if self.licence not in LICENCES:
            raise InputError(f"licence {self.licence!r} is not one of {', '.join(LICENCES)}")
        for name in ("steps", "batch_size", "log_every", "validate_every", "checkpoint_every"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} must be at least 1, not {getattr(self, name)}")
        for name in ("data", "out"):
            if not getattr(self, name).strip():
                raise InputError(f"{name} is empty")
        for name in ("seed", "seconds", "warmup", "weight_decay", "threads"):
            if not 0 <= getattr(self, name) < math.inf:
                raise InputError(f"{name} must be at least 0, not {getattr(self, name)}")
        for name in ("learning_rate", "clip_norm"):
            if not 0 < getattr(self, name) < math.inf:
                raise InputError(f"{name} must be more than 0, not {getattr(self, name)}")
        if not 0 <= self.ema < 1:
            raise InputError(f"ema must be in 0..1, not {self.ema}")


def load_config(name: str, schema: type[Config], overrides: Sequence[str]) -> Config:
    """Compose configs/NAME.yaml with `key=value` overrides into an instance of `schema`; raises InputError."""
    from hydra import compose, initialize_config_dir  # noqa: PLC0415 - half a second that --help need not pay
    from hydra.core.config_store import ConfigStore  # noqa: PLC0415
    from hydra.errors import HydraException  # noqa: PLC0415
    from omegaconf import OmegaConf  # noqa: PLC0415
    from omegaconf.errors import OmegaConfBaseException  # noqa: PLC0415

    for word in overrides:
        if OVERRIDE.match(word) is None:
            raise InputError(f"{word!r} is not of the form key=value", name)
    ConfigStore.instance().store(name=f"{name}_schema", node=schema)
    try:
        with initialize_config_dir(str(CONFIGS), version_base=None):
            composed = compose(name, overrides=list(overrides))
        missing = sorted(OmegaConf.missing_keys(composed))
        if missing:
            raise InputError(f"missing: {', '.join(f'{key}=...' for key in missing)}")
        found = OmegaConf.to_object(composed)
        assert isinstance(found, schema)
        return found
    except InputError as error:
        raise InputError(str(error), name) from None
    except (HydraException, OmegaConfBaseException) as error:
        root: BaseException = error
        while root.__cause__ is not None:
            root = root.__cause__
        key = getattr(root, "full_key", None)
        near = get_close_matches(key or "", [field.name for field in fields(schema)], n=1)
        meant = f"; did you mean {near[0]}?" if near and near[0] != key else ""
        raise InputError(str(root).split("\n", maxsplit=1)[0] + meant, f"{name}: {key}" if key else name) from None
