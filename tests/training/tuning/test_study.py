"""A study over trainings that are made up: it resumes, prunes, survives trials that die, and hands out words that work."""

import json
import math
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from motionwire.errors import InputError
from motionwire_training.configuration import load_config
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.metrics import BEST
from motionwire_training.tuning.study import main
from motionwire_training.tuning.trial import TrialError


def away(words: Sequence[str]) -> float:
    """How far the learning rate among the words is from 0.001."""
    (rate,) = (word.removeprefix("learning_rate=") for word in words if word.startswith("learning_rate="))
    return abs(math.log(float(rate) / 1e-3))


class Trainings:
    """Stands for `trial.watch`: the error falls with the steps and is the smaller the nearer the learning rate comes to 0.001."""

    def __init__(self, fault_at: int | None = None, fault: BaseException | None = None) -> None:
        self.started: list[tuple[str, list[str]]] = []
        self.steps: list[int] = []  # that each training got to
        self.fault_at, self.fault = fault_at, fault

    def __call__(self, words: Sequence[str], out: Path) -> Iterator[dict[str, Any]]:
        self.started.append((out.name, list(words)))
        self.steps.append(0)
        number = len(self.started)
        for step in (100, 200, 300):
            self.steps[-1] = step
            yield {"group": "train", "step": step, "loss": 1.0}
            if number == self.fault_at and step == 200 and self.fault is not None:
                raise self.fault
            yield {"group": "val", "step": step, BEST: 5 + away(words) + 100 / step}


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    (tmp_path / "dataset.json").write_text('{"version": "one"}')
    return [f"data={tmp_path}", "licence=free", f"out={tmp_path / 'study'}", "steps=300", "seed=3"]


def test_a_study_finds_the_best_and_says_how_to_train_it(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    trainings = Trainings()
    main([*words, "trials=12"], trainings)
    assert [run for run, _ in trainings.started] == [f"trial-{number:04d}" for number in range(12)]
    plain = [word for word in words if not word.startswith("out=")]
    first = load_config("controller", ControllerConfig, [*trainings.started[0][1], "out=o"])
    assert first == load_config("controller", ControllerConfig, [*plain, "out=o"]), "the recipe itself comes first"
    assert min(trainings.steps) < 300, "the worst are pruned"
    command = shlex.split(capsys.readouterr().out.strip().splitlines()[-1])
    assert command[:2] == ["motionwire-train", "controller"]
    best = json.loads((Path(words[2].removeprefix("out=")) / "best.json").read_text())
    assert set(best["overrides"]) <= set(command)
    nearest = min(away(used) for _, used in trainings.started)
    assert away(command) == pytest.approx(nearest)
    assert best[BEST] == pytest.approx(5 + nearest + 1 / 3)
    assert load_config("controller", ControllerConfig, command[2:])


def test_an_interrupted_study_goes_on_with_the_trial_it_was_at(words: list[str]) -> None:
    broken = Trainings(fault_at=3, fault=KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        main([*words, "trials=5"], broken)
    again = Trainings()
    main([*words, "trials=5"], again)
    assert again.started[0] == broken.started[2], "the same settings in the same run folder"
    assert len(again.started) == 3
    more = Trainings()
    main([*words, "trials=6"], more)
    assert len(more.started) == 1
    used = [tuple(chosen) for _, chosen in broken.started + again.started[1:] + more.started]
    assert len(set(used)) == 6


def test_a_training_that_dies_is_one_trial_less(words: list[str]) -> None:
    trainings = Trainings(fault_at=2, fault=TrialError("exit code 1: out of memory"))
    main([*words, "trials=4"], trainings)
    main([*words, "trials=4"], trainings)
    assert len(trainings.started) == 4, "and is not tried again"


def test_a_study_of_deaths_has_no_best(words: list[str]) -> None:
    with pytest.raises(InputError, match="none of 1 trials came to its end"):
        main([*words, "trials=1"], Trainings(fault_at=1, fault=TrialError("exit code 1: out of memory")))


def test_what_the_trainer_refuses_ends_the_study(words: list[str]) -> None:
    with pytest.raises(InputError, match="no train shards"):
        main([*words, "trials=4"], Trainings(fault_at=1, fault=InputError("no train shards", "data")))


def test_another_study_is_refused(words: list[str], tmp_path: Path) -> None:
    main([*words, "trials=1"], Trainings())
    with pytest.raises(InputError, match="another steps"):
        main([*words[:3], "steps=400", "seed=3", "trials=2"], Trainings())
    (tmp_path / "dataset.json").write_text('{"version": "two"}')
    with pytest.raises(InputError, match="another data_version"):
        main([*words, "trials=2"], Trainings())


def test_a_file_that_is_no_study_is_named(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.db").write_bytes(b"not a database" * 100)
    with pytest.raises(InputError, match=r"study\.db: is not the database of a study"):
        main([*words, "trials=1"], Trainings())


@pytest.mark.parametrize("number", ["0", "-1", "many", "", "1.5", "²"])
def test_trials_is_a_number(words: list[str], number: str) -> None:
    with pytest.raises(InputError, match="trials must be a number of at least 1"):
        main([*words, f"trials={number}"], Trainings())
