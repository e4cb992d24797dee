"""Preparation: the same frames however many processes, reservoir of recorded takes alone."""

import os
from pathlib import Path

import numpy as np
import pytest

from motionwire.errors import InputError
from motionwire_training import processes
from motionwire_training.controller import preparation
from motionwire_training.controller.configuration import ControllerConfig
from motionwire_training.controller.frames import Frames
from training.controller.tiny_data import write_dataset


def prepared(folder: Path) -> Frames:
    data = write_dataset(folder)
    config = ControllerConfig(data=str(data), out="none", licence="free", transitions=4, time_scales=[1.0], redirected=1.0)
    return preparation.prepare(config, "train", "test")


def test_processes_give_the_frames_that_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = prepared(tmp_path / "alone")
    monkeypatch.setattr(preparation, "WORTH_PROCESSES", 1)
    monkeypatch.setattr(processes, "AT_ONCE", 3)
    shared = prepared(tmp_path / "shared")
    assert len(alone) == len(shared)
    for name, column in alone.columns.items():
        np.testing.assert_array_equal(column, shared.columns[name], err_msg=name)


def test_starts_stops_and_turns_are_made_of_recorded_clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    transitions = preparation.transitions

    def watched(walks, stands, *rest):
        seen.append((walks, stands))
        return transitions(walks, stands, *rest)

    monkeypatch.setattr(preparation, "transitions", watched)
    found = prepared(tmp_path / "data")
    ((walks, stands),) = seen
    assert {style: [take.made for take in kept] for style, kept in walks.items()} == {"neutral": [False, False], "proud": [False]}
    assert {style: len(kept) for style, kept in stands.items()} == {"neutral": 1}
    assert all(len(rows) for rows in found.by_category[:4]), "stands, turns, starts and stops"


def test_it_shows_how_far_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepared(tmp_path / "data")
    said = capsys.readouterr().out
    assert "frames of train" in said and "starts, stops and turns" in said


def test_a_process_that_is_killed_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "WORTH_PROCESSES", 1)
    monkeypatch.setattr(processes, "end_by_ctrl_c", os.abort)
    with pytest.raises(InputError, match=r"data: frames cannot be prepared: a process .* was killed"):
        prepared(tmp_path / "data")
    assert not list((tmp_path / "data").glob("controller-*"))
