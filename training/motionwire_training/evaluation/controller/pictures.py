"""Pictures of a scorecard: ways from above, answers to the stick, distributions beside the data's, and a contact sheet per trial."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motionwire.controller.layout import FPS
from motionwire.line_chart import Curve, Panel, draw_chart
from motionwire.render import LEFT, RIGHT, contact_sheet
from motionwire_training.evaluation.controller import dynamics
from motionwire_training.evaluation.controller.following import ASKED, WARM_UP
from motionwire_training.evaluation.controller.map_picture import Way, draw_ways
from motionwire_training.evaluation.controller.recorded import Recorded
from motionwire_training.evaluation.controller.recording import Recording
from motionwire_training.evaluation.controller.response import answer, stretches
from motionwire_training.evaluation.controller.trials import Trial

Array = NDArray[np.floating]

SHEET = slice(WARM_UP, WARM_UP + 10 * FPS)  # frames of a contact sheet
DRAWN = 60 * FPS  # frames of a way
ANSWER = 2 * FPS  # frames after a change of the stick
COMPARED = {"walk": "straight_walk", "run": "straight_run", "stand": "idle"}  # kind of recorded motion: trial drawn beside it


@dataclass(eq=False)
class Pictures:
    """Collects what is drawn while recordings pass by; `finish` draws what shows several of them. Styles have no sheets of their own."""

    folder: Path
    ways: list[Way] = field(default_factory=list)
    answers: list[tuple[str, Array]] = field(default_factory=list)
    distributions: list[tuple[str, dict[str, tuple[Array, Array]]]] = field(default_factory=list)

    def add(self, trial: Trial, recording: Recording, recorded: Recorded) -> None:
        """One trial's part."""
        name = trial.drive.name
        if "/" not in name:
            places = recording.places[:DRAWN:6]
            self.ways.append(Way(name, None if trial.drive.path is None else trial.drive.path.points, places))
            contact_sheet(recording.shown.clip(name=name).slice(SHEET.start, SHEET.stop), self.folder / f"{name}.png")
        if answer in trial.measures:
            self.answers.append((name, mean_answer(recording)))
        for kind, compared in COMPARED.items():
            if name == compared and kind in recorded.jerks:
                pairs = {
                    "jerk, m/s3": (dynamics.jerks(recording.shown), recorded.jerks[kind]),
                    "joint speed, deg/s": (dynamics.joint_speeds(recording.shown), recorded.joint_speeds[kind]),
                }
                self.distributions.append((kind, pairs))

    def finish(self) -> None:
        """The pictures of all trials together."""
        draw_ways(self.ways, self.folder / "ways.png")
        time = np.arange(ANSWER) / FPS
        levels = [(level, f"{level:g}") for level in (-1.0, 0.0, 0.5, 0.9)]
        panels = [
            Panel(f"{name}: share of the asked velocity after a change of the stick", [Curve(time, share, LEFT)], -1.1, 1.2, levels)
            for name, share in self.answers
        ]
        draw_chart(panels, self.folder / "answers.png", 0.0, float(time[-1]), "s")
        if self.distributions:
            draw_chart(
                [self._distribution(kind, title, *pair) for kind, pairs in self.distributions for title, pair in pairs.items()],
                self.folder / "distributions.png",
                0.0,
                100.0,
                "percentile",
            )

    @staticmethod
    def _distribution(kind: str, title: str, measured: Array, recorded: Array) -> Panel:
        top = max(float(measured.max()), float(recorded.max()), 1e-6)
        curves = [Curve(dynamics.PERCENTILES, recorded, RIGHT, "recorded"), Curve(dynamics.PERCENTILES, measured, LEFT, "generated")]
        return Panel(f"{kind}: {title}", curves, 0.0, top, [(0.0, "0"), (top, f"{top:.3g}")], height=150)


def mean_answer(recording: Recording) -> Array:
    """Share [ANSWER] of the asked velocity, signed along its direction, after the stick is put out or turned; mean of all changes."""
    shares = []
    for character in range(recording.asked.shape[1]):
        asked, velocity = recording.asked[:, character], recording.velocities[:, character]
        for first, _ in stretches(asked):
            size = float(np.linalg.norm(asked[first]))
            if size > ASKED and first + ANSWER <= len(velocity):
                shares.append(velocity[first : first + ANSWER] @ asked[first] / size**2)
    return np.mean(shares, axis=0) if shares else np.full(ANSWER, np.nan)
