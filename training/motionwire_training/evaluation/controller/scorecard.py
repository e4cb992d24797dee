"""The controller's scorecard: every trial is driven through the run time's own loop and measured, beside the data where it is given.

    motionwire-train evaluate controller --bundle research --data datasets/shared --json scorecard.json --pictures pictures

The JSON holds `paths` (figures by trial; see the measures' own modules), `styles`, `validation`, `data` (recorded motion by the
same code), `outside_range` (joints by trial) and `targets`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from math import isfinite
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from motionwire.controller.controller import Controller, Sessions
from motionwire.controller.layout import FPS
from motionwire.controller.settings import Settings
from motionwire_training.evaluation.controller import dynamics, following
from motionwire_training.evaluation.controller.against import against
from motionwire_training.evaluation.controller.feet import feet
from motionwire_training.evaluation.controller.recorded import Recorded, measure_recorded
from motionwire_training.evaluation.controller.recording import Recording, record
from motionwire_training.evaluation.controller.styles import style_test
from motionwire_training.evaluation.controller.targets import Verdict, verdicts
from motionwire_training.evaluation.controller.trials import Trial, trials
from motionwire_training.evaluation.controller.validation import validate

MOST_TOGETHER = 200 * 60 * FPS  # character frames of one state: what its recording takes is 700 bytes each

Figures = dict[str, float]
Ticked = Callable[[], object]
Seen = Callable[[Trial, Recording, Recorded], object]


@dataclass(eq=False)
class Scorecard:
    """Figures by trial, of the styles, of the graph on `val`, of the data by kind; joints outside their range by trial (percent of the
    frames); `verdicts` on all of them."""

    paths: dict[str, Figures] = field(default_factory=dict)
    styles: Figures = field(default_factory=dict)
    validation: Figures = field(default_factory=dict)
    data: dict[str, Figures] = field(default_factory=dict)
    outside_range: dict[str, Figures] = field(default_factory=dict)

    @property
    def verdicts(self) -> list[Verdict]:
        return verdicts({**self.paths, "styles": self.styles, "validation": self.validation})

    def as_json(self) -> dict[str, Any]:
        """For a file; what is not a number, None."""
        judged = [
            {"path": v.target.path, "measure": v.target.measure, "asked": v.target.asked, "worst": v.path, "value": v.value, "met": v.met}
            for v in self.verdicts
        ]
        return {**{name: _finite(part) for name, part in vars(self).items()}, "targets": _finite(judged)}


def evaluate(
    bundle: Sessions,
    seeds: int = 5,
    scale: float = 1.0,
    data: Path | None = None,
    sources: Sequence[str] = (),
    seen: Seen = lambda *_: None,
    settings: Settings | None = None,
) -> Scorecard:
    """Everything that can be measured of a bundle. data: an imported data set, of which the clips of `sources` count (all where none
    is named); `seen` is called with every trial, its recording and the data's figures."""
    controller = Controller(bundle, settings)
    planned = trials(controller.styles, scale)
    card, recorded, styles = Scorecard(), Recorded(), None
    if data is not None:
        recorded = measure_recorded(data, sources)
        card.data = recorded.figures
        card.validation = validate(bundle, controller.styles, data, sources)
        styles = style_test(data, sources) if len(controller.styles) > 1 else None
    for trial, recording in _recorded(controller, planned, seeds):
        card.paths[trial.drive.name] = measure(trial, recording, recorded)
        if recorded.ranges is not None:
            card.outside_range[trial.drive.name] = recorded.ranges.outside_percent(recording.shown.rotations)
        seen(trial, recording, recorded)
        if styles is not None and trial.drive.name.startswith("style_walk/"):
            styles.add(controller.styles[trial.drive.style], recording.shown.rotations[following.WARM_UP :])
    card.paths = {trial.drive.name: card.paths[trial.drive.name] for trial in planned}  # in the scorecard's order
    compare_styles(card.paths)
    if styles is not None:
        card.styles = styles.figures()
    return card


def measure(trial: Trial, recording: Recording, recorded: Recorded) -> Figures:
    """Figures of one trial over all its characters."""
    out: Figures = {}
    for part in (*trial.measures, following.speed, following.dead, following.broken, feet):
        out |= part(recording)
    out |= dynamics.dynamics(recording.shown)
    return out | against(recording, out, recorded)


def compare_styles(paths: dict[str, Figures]) -> None:
    """Add to each style's path how much larger its error is than that of the neutral one."""
    neutral = paths["style_path/neutral"]["path_error_cm"]
    for name, figures in paths.items():
        if name.startswith("style_path/"):
            figures["path_error_ratio"] = figures["path_error_cm"] / neutral


def _recorded(controller: Controller, planned: Sequence[Trial], seeds: int) -> Iterator[tuple[Trial, Recording]]:
    """Recordings of all trials; those of equal length share a state."""
    batches = [list(group) for _, group in groupby(sorted(planned, key=_frames), key=_frames)]
    parts = [
        batch[first : first + size] for batch in batches for size in (_together(batch, seeds),) for first in range(0, len(batch), size)
    ]
    with _progress(sum(_frames(part[0]) for part in parts)) as ticked:
        for part in parts:
            yield from zip(part, record(controller, [trial.drive for trial in part], seeds, ticked), strict=True)


def _frames(trial: Trial) -> int:
    return round(trial.drive.seconds * FPS)


def _together(batch: Sequence[Trial], seeds: int) -> int:
    return max(1, MOST_TOGETHER // (_frames(batch[0]) * seeds))


def _finite(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _finite(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_finite(value) for value in part]
    return None if isinstance(part, float) and not isfinite(part) else part


@contextmanager
def _progress(frames: int) -> Iterator[Ticked]:
    columns = (TextColumn("driving"), BarColumn(), TextColumn("{task.percentage:.0f} %"), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=frames)
        yield lambda: bar.advance(task)
