"""Draws the figures of docs/controller.md into docs/pictures, from the code that they explain.

    python docs/controller_figures.py datasets/shared

The clips are free: CMU's navigate trial, whose steps go forward, backward and sideways, and a start made of a stand (ReActIdle, MIT) and
a CMU walk. The pictures hold curves computed from them, no motion.
"""

import sys
from pathlib import Path

import numpy as np
import torch

from motionwire.controller.settings import Settings
from motionwire.controller.springs import damping, spring
from motionwire.line_chart import Curve, Panel, draw_chart
from motionwire.render import LEFT, MIDDLE, RIGHT
from motionwire_training.configuration import load_config
from motionwire_training.controller import stitching
from motionwire_training.controller.actions import action_of
from motionwire_training.controller.clips import Take, takes
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.pfnn import catmull_rom
from motionwire_training.controller.train import EPOCH_BATCHES
from motionwire_training.data.shards import read_shards
from motionwire_training.evaluation.phase_picture import draw_phase
from motionwire_training.evaluation.phase_reading import read

PICTURES = Path(__file__).parent / "pictures"
GREEN, AMBER = (34, 139, 84), (204, 132, 0)
STEPS = 400  # drawn points of a curve


def phases(data: Path) -> None:
    """Contacts, phase and confidence of irregular steps and from a stand into a walk."""
    steps = next(sample.clip for sample in read_shards(data, "val", "free") if action_of(sample.labels).startswith("navigate"))
    draw_phase(read(steps, "navigate"), PICTURES / "controller_phase.png")
    found = list(takes(((sample.clip, sample.labels) for sample in read_shards(data, "train", "free")), [1.0]))
    stand = next(take.clip for take in found if take.standing and len(take.clip) > 2 * stitching.FPS)
    walk = max((take for take in found if _walks(take)), key=lambda take: len(take.clip)).clip
    made = next(start for passing in stitching.passings(walk) if (start := stitching.start(stand.slice(0, 150), walk, passing)) is not None)
    draw_phase(read(made.slice(0, 480), "start"), PICTURES / "controller_phase_start.png")


def _walks(take: Take) -> bool:
    return not take.standing and take.clip.name.startswith("cmu_")


def control_points() -> None:
    """Weight of each control point's weights over the cycle."""
    phase = np.linspace(0, 2 * np.pi, STEPS)
    weights = catmull_rom(torch.from_numpy(phase)[:, None], 4).numpy()
    curves = [Curve(phase, weights[:, k], colour, f"point {k}") for k, colour in enumerate((LEFT, GREEN, RIGHT, AMBER))]
    panel = Panel("weight of each of 4 control points", curves, -0.15, 1.05, [(0, "0"), (0.5, "0.5"), (1, "1")], height=150)
    draw_chart([panel], PICTURES / "controller_control_points.png", 0.0, 2 * np.pi, "phase, rad")


def schedule() -> None:
    """The stages of the default recipe."""
    config = load_config("controller", ControllerConfig, ["data=-", "out=-", "licence=free"])
    steps = np.linspace(0, config.steps - 1, STEPS).astype(int)
    stages = [config.stage_at(step) for step in steps]
    forced = [config.teacher_forcing.probability(step, config.steps, EPOCH_BATCHES) for step in steps]
    horizons = sorted({stage.horizon for stage in stages})
    panels = [
        Panel("horizon of the windows, frames", [Curve(steps, [stage.horizon for stage in stages], MIDDLE)], 0, horizons[-1] * 1.1,
              [(0, "0"), *((horizon, str(horizon)) for horizon in horizons)], height=140),
        Panel(f"share of the long group (free run, latent consistency) beside the core's {config.balance.core:g}",
              [Curve(steps, [config.long_share(step) for step in steps], RIGHT)], 0, 0.55,
              [(0, "0"), (0.25, "0.25"), (0.5, "0.5")], height=80),
        Panel("probability that a step of the free run is fed the true pose", [Curve(steps, forced, LEFT)], 0, 1,
              [(0, "0"), (0.5, "0.5"), (1, "1")], height=80),
    ]  # fmt: skip
    draw_chart(panels, PICTURES / "controller_schedule.png", 0.0, float(config.steps), "steps")


def springs() -> None:
    """What the desired velocity makes of a stick that is pushed, pulled back and let go."""
    time = np.arange(0, 4, 1 / 60)
    stick = np.select([time < 0.5, time < 1.75, time < 3], [0.0, 1.4, -1.4], 0.0)
    curves = [Curve(time, stick, (190, 190, 195), "stick")]
    for halflife, colour in ((0.1, GREEN), (Settings().velocity_halflife, MIDDLE), (0.35, RIGHT)):
        velocity, rate, values = 0.0, 0.0, []
        for wish in stick:
            left, rate = spring(velocity - wish, rate, damping(halflife), 1 / 60)
            velocity = wish + left
            values.append(velocity)
        curves.append(Curve(time, values, colour, f"halflife {halflife:g} s"))
    panel = Panel("desired velocity, m/s", curves, -1.6, 1.6, [(-1.4, "-1.4"), (0, "0"), (1.4, "1.4")], height=170)
    draw_chart([panel], PICTURES / "controller_springs.png", 0.0, 4.0, "s")


if __name__ == "__main__":
    phases(Path(sys.argv[1]))
    control_points()
    schedule()
    springs()
