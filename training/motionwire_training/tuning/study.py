"""`motionwire-train tune controller data=DIR licence=... out=DIR [trials=N] [key=value ...]`: a resumable search over the controller's
settings with Optuna (Akiba et al. 2019, https://arxiv.org/abs/1907.10902).

    out/study.db     the study: sampled settings and intermediate figures; given again, the command goes on where it stood
    out/trial-NNNN   the run folder of a trial
    out/best.json    the best trial so far

Trial 0 is the recipe itself, the others are sampled by a tree-structured Parzen estimator. A trial whose validation is worse than
the median of the others at that step is pruned.
"""

import json
import shlex
import signal
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import optuna
from optuna.distributions import BaseDistribution
from optuna.trial import Trial, TrialState
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from motionwire.errors import InputError
from motionwire_training.configuration import load_config
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.metrics import BEST
from motionwire_training.data.shards import read_dataset
from motionwire_training.folders import make_folder
from motionwire_training.run import write_json
from motionwire_training.tuning.space import overrides, present, space
from motionwire_training.tuning.trial import TrialError, watch

NAME = "controller"
TRIALS = 20  # unless trials= says otherwise
STARTUP_TRIALS = 4  # whole ones, before any is pruned
INDIFFERENT = {"data", "out", "threads", "log_every", "checkpoint_every"}  # what may differ between two starts of a study

Rows = Generator[Mapping[str, Any], None, None]  # of metrics.jsonl, as they come; closing it ends the training
Train = Callable[[Sequence[str], Path], Rows]  # words, run folder


def main(words: Sequence[str], train: Train = watch) -> None:
    """Bring the study in out= to trials= finished trials and print the best."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that the trial's process ends too
    trials, words = _trials(words)
    config = load_config("controller", ControllerConfig, words)
    words = [word for word in words if not word.startswith("out=")]
    folder = Path(config.out)
    knobs = space(config, {word.split("=")[0] for word in words})
    study = opened(config, knobs)
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()) as progress:
        whole, part = progress.add_task("trials", total=trials), progress.add_task("steps", total=config.steps)
        while (done := finished(study)) < trials:
            progress.update(whole, completed=done)
            trial = study.ask(knobs)
            if "run" not in trial.user_attrs:
                trial.set_user_attr("run", f"trial-{trial.number:04d}")
            chosen = overrides(trial.params, config)
            trial.set_user_attr("words", chosen)
            progress.reset(part, description=trial.user_attrs["run"])
            rows = train([*words, *chosen], folder / trial.user_attrs["run"])
            said = f"{trial.user_attrs['run']}: {run_trial(study, trial, rows, progress, part)}, {shlex.join(chosen)}"
            progress.console.print(said, highlight=False, markup=False, soft_wrap=True)
            record_best(study, folder)
        progress.update(whole, completed=trials)
    report(study, words)


def _trials(words: Sequence[str]) -> tuple[int, list[str]]:
    """The number that trials= gives, and the other words."""
    given = [word for word in words if word.startswith("trials=")]
    number = given[-1].removeprefix("trials=") if given else str(TRIALS)
    if not number.isascii() or not number.isdecimal() or int(number) < 1:
        raise InputError(f"trials must be a number of at least 1, not {number!r}", "tune controller")
    return int(number), [word for word in words if word not in given]


def opened(config: ControllerConfig, knobs: Mapping[str, BaseDistribution]) -> optuna.Study:
    """The study of config.out, made or resumed; raises InputError where it is one with other settings."""
    folder = Path(config.out)
    settings = {key: value for key, value in asdict(config).items() if key not in INDIFFERENT}
    settings = json.loads(json.dumps({**settings, "data_version": read_dataset(Path(config.data))["version"]}))
    make_folder(folder)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = URL.create("sqlite", database=str(folder / "study.db")).render_as_string()
    pruner = optuna.pruners.MedianPruner(n_startup_trials=STARTUP_TRIALS)
    try:
        study = optuna.create_study(storage=storage, study_name=NAME, pruner=pruner, direction="minimize", load_if_exists=True)
    except (SQLAlchemyError, optuna.exceptions.StorageInternalError):
        raise InputError("is not the database of a study", folder / "study.db") from None
    before = study.user_attrs.get("settings")
    if before is None:
        study.set_user_attr("settings", settings)
        study.enqueue_trial(present(config, knobs))
    elif changed := sorted(key for key in settings if settings[key] != before.get(key)):
        raise InputError(f"holds a study with another {', '.join(changed)}; give the same or another out=", folder)
    # A sampler begins where its seed says: the same one again would draw the same first settings again.
    study.sampler = optuna.samplers.TPESampler(seed=config.seed + len(study.trials))
    for interrupted in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(interrupted.number, state=TrialState.FAIL)
        study.enqueue_trial(interrupted.params, user_attrs=interrupted.user_attrs)
    return study


def run_trial(study: optuna.Study, trial: Trial, rows: Rows, progress: Progress, task: TaskID) -> str:
    """Follow one training, tell the study how it ended, and say so in a few words."""
    best: float | None = None
    try:
        with closing(rows):
            for row in rows:
                progress.update(task, completed=row["step"])
                if row["group"] != "val":
                    continue
                best = row[BEST] if best is None else min(best, row[BEST])
                trial.report(row[BEST], row["step"])
                if trial.should_prune():
                    study.tell(trial, state=TrialState.PRUNED)
                    return f"pruned at step {row['step']}, {BEST} {row[BEST]:.4g}"
    except TrialError as error:
        trial.set_user_attr("error", str(error))
        study.tell(trial, state=TrialState.FAIL)
        return str(error)
    study.tell(trial, best, state=None if best is not None else TrialState.FAIL)
    return f"{BEST} {best:.4g}" if best is not None else "no validation"


def finished(study: optuna.Study) -> int:
    """Trials that need not be made again: complete, pruned, or dead of their own settings."""
    over = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL))
    return sum(trial.state != TrialState.FAIL or "error" in trial.user_attrs for trial in over)


def record_best(study: optuna.Study, folder: Path) -> None:
    """Write best.json where a trial has come to its end."""
    if study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)):
        best = study.best_trial
        write_json(folder / "best.json", {"run": best.user_attrs["run"], BEST: best.value, "overrides": best.user_attrs["words"]})


def report(study: optuna.Study, words: Sequence[str]) -> None:
    """Print the best settings as the command that trains with them."""
    complete, pruned = (len(study.get_trials(deepcopy=False, states=(state,))) for state in (TrialState.COMPLETE, TrialState.PRUNED))
    if not complete:
        raise InputError(f"none of {finished(study)} trials came to its end; the last line of their output.log says why")
    best = study.best_trial
    print(f"{complete} trials complete, {pruned} pruned; best: {best.user_attrs['run']}, {BEST} {best.value:.4g}")
    print(shlex.join(["motionwire-train", "controller", *words, *best.user_attrs["words"], "out=runs/tuned"]))
