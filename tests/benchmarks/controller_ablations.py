"""What each part of the controller's training is worth: the same short training with one thing changed, measured by the scorecard.

    python tests/benchmarks/controller_ablations.py DATA FOLDER [--steps 1000] [--only NAME ...]

Prints a table; FOLDER keeps the runs, and a run that is there is not trained again. Figures: foot skate of the network (cm/s) on three
paths, mean path error (cm) of an eight, dead frames of random sticks, the rotation error of a second of free run on `val` (degrees),
and the worst share of the asked speed backward in any style.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from motionwire.bundle import Bundle
from motionwire.controller.controller import Controller
from motionwire_export.assemble import assemble
from motionwire_training.evaluation.controller.recorded import Recorded
from motionwire_training.evaluation.controller.recording import record
from motionwire_training.evaluation.controller.scorecard import measure
from motionwire_training.evaluation.controller.trials import trials

VARIANTS: dict[str, list[str]] = {
    "film": [],
    "pfnn": ["architecture=pfnn", "hidden=192"],  # as many products of weights as film
    "no_phase": ["phase_noise=100"],  # a random phase says nothing, and the network learns to ignore it
    "no_free_run": ["stages=[{share: 1, horizon: 8, free_weight: 0}]"],
    "gradnorm": ["balance.strategy=gradnorm"],
    "uncertainty": ["balance.strategy=uncertainty"],
    "dwa": ["balance.strategy=dwa"],
    "not_steered": ["sampling.steered_walk=0", "sampling.steered_run=0"],
    "no_style_dropout": ["style_dropout=0", "rare_style_dropout=0"],
}
SHOWN = ("straight_walk", "straight_run", "random_walk")
SCALE = 0.2  # paths of 12 s, sticks of two minutes
SEEDS = 5


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--steps", type=int, default=1000)
    arguments.add_argument("--only", nargs="*", default=list(VARIANTS))
    given = arguments.parse_args()
    print(f"{given.steps} steps each\n")
    print("| variant | " + " | ".join(f"skate {name}" for name in SHOWN) + " | eight cm | dead frames | free 1 s deg | backward |")
    print("|---|" + "---|" * (len(SHOWN) + 4))
    for name in given.only:
        run = given.folder / name
        if not (run / "metrics.json").exists():
            train(given.data, run, given.steps, VARIANTS[name])
        print(row(name, run), flush=True)


def train(data: Path, run: Path, steps: int, changed: list[str]) -> None:
    """One training with `changed` settings."""
    words = [f"data={data}", "licence=research", f"out={run}", f"steps={steps}", f"validate_every={steps}", "ema=0.995", *changed]
    command = [sys.executable, "-m", "motionwire_training.cli", "controller", *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def row(name: str, run: Path) -> str:
    """The table's line of a run."""
    bundle = run / "bundle"
    if not bundle.exists():
        assemble([run], bundle, name)
    controller = Controller(Bundle.load(str(bundle)))
    wanted = ("straight_", "random_", "eight_walk", "backward/")
    planned = [trial for trial in trials(controller.styles, SCALE) if trial.drive.name.startswith(wanted)]
    found = {}
    for trial in planned:
        (recording,) = record(controller, [trial.drive], SEEDS)
        found[trial.drive.name] = measure(trial, recording, Recorded())
    skate = [f"{found[path]['foot_skate_cm_s']:.1f}" for path in SHOWN]
    dead = sum(found[path]["dead_frames"] for path in ("random_walk", "random_run"))
    backward = min(figures["speed_share"] for path, figures in found.items() if path.startswith("backward/"))
    free = json.loads((run / "metrics.json").read_text())["free_geo_deg"]
    return f"| {name} | {' | '.join(skate)} | {found['eight_walk']['path_error_cm']:.1f} | {dead:.0f} | {free:.2f} | {backward:.2f} |"


if __name__ == "__main__":
    main()
