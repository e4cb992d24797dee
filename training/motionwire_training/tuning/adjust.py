"""`motionwire-train tune adjust RUN`: what to change after a run, by fixed rules on the metrics of its best weights.

    measure, limit                                   change
    heading of the free run, 5 degrees               free run longer and stronger
    root velocity of the free run, 0.03 m/s          free run stronger
    rotations one frame ahead, 5 degrees             latent consistency and the core's rotations stronger

The last two limits are the controller's targets on `val`; the heading has that of the rotations. The target for the free run's error by
the teacher's asks for nothing: with a good teacher no free run is long enough for it (docs/controller.md). A change is by one fourth,
however large the excess, so that the next run tells whether it was the right way; rules that want the same change make it once.
"""

import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from rich.console import Console

from motionwire.errors import InputError
from motionwire.formats.atomic import write_atomically
from motionwire_training.configuration import load_config
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.run import read_config_of, read_metrics, read_settings
from motionwire_training.tuning.proposal import Change
from motionwire_training.tuning.stages import with_last
from motionwire_training.tuning.words import differences, rounded, word

HEADING = ("free_yaw_abs_deg", 5.0)
ROOT_VELOCITY = ("free_root_vel_mae_m_s", 0.03)
ROTATION = ("teacher_geo_deg", 5.0)
STEP = 1.25
LONGEST = 60  # frames: what validation runs free
STRONGEST = 1.0  # free_weight: as much as all the rest together
FIRST_WEIGHT = 0.1  # of a free run where there was none


def adjust(metrics: Mapping[str, float], config: ControllerConfig) -> list[Change]:
    """The changes that a run's metrics ask for; none when all are within their limits."""
    heading, velocity, rotation = (_excess(metrics, rule) for rule in (HEADING, ROOT_VELOCITY, ROTATION))
    changes = []
    if heading or velocity:
        longest, weight = max(stage.horizon for stage in config.stages), config.stages[-1].free_weight
        horizon = min(LONGEST, max(longest + 1, round(longest * STEP))) if heading else longest
        changed = with_last(config.stages, max(longest, horizon), max(weight, min(STRONGEST, weight * STEP or FIRST_WEIGHT)))
        if changed != config.stages:
            changes.append(Change(word("stages", changed), "; ".join(filter(None, (heading, velocity)))))
    if rotation:
        stronger = {"latent": config.latent, "core.rotation": config.core.rotation, "core.local_rotation": config.core.local_rotation}
        changes += [Change(word(name, rounded(value * STEP)), rotation) for name, value in stronger.items()]
    return changes


def _excess(metrics: Mapping[str, float], rule: tuple[str, float]) -> str:
    """What is over its limit, in words; empty when it is not."""
    name, limit = rule
    return f"{name} {metrics[name]:.4g} > {limit:g}" if not metrics[name] <= limit else ""


def _next(config: ControllerConfig, changes: list[Change], run: Path) -> list[str]:
    """The words of the next run: those of this one with the changes, in a folder of its own."""
    basic = [word("data", config.data), word("licence", config.licence), word("out", f"{run}-adjusted")]
    recipe = load_config("controller", ControllerConfig, basic)
    changed = {change.override.split("=")[0] for change in changes}
    kept = [found for found in differences(replace(config, out=recipe.out), recipe) if found.split("=")[0] not in changed]
    return [*basic, *kept, *(change.override for change in changes)]


def main(run: Path, json_file: str) -> None:
    """Print the changes with their reasons, and the command of the next run."""
    read_config_of(run, "controller", "the controller")
    config = read_settings(run, ControllerConfig)
    metrics = read_metrics(run)
    lacking = [name for name, _ in (HEADING, ROOT_VELOCITY, ROTATION) if name not in metrics]
    if lacking:
        raise InputError(f"has no {', '.join(lacking)}: the run has not finished or is of another version", run / "metrics.json")
    changes = adjust(metrics, config)
    command = shlex.join(["motionwire-train", "controller", *_next(config, changes, run)])
    text = json.dumps({"run": str(run), "proposal": [asdict(change) for change in changes], "command": command})
    if json_file == "-":
        print(text)
    else:
        console = Console(soft_wrap=True, highlight=False)
        for change in changes:
            console.print(f"{change.override}  {change.reason}", markup=False)
        console.print(command if changes else "all metrics are within their limits", markup=False)
    if json_file not in ("", "-"):
        write_atomically(Path(json_file), text.encode() + b"\n")
