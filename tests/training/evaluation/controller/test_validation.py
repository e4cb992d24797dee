"""The graph's errors on held-out windows, of a network that knows the answer and of one that stands still."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from motionwire_training.evaluation.controller import validation
from motionwire_training.evaluation.controller.validation import Graph, validate
from training.controller.tiny_data import write_dataset


class Still:
    """A bundle whose network gives back the pose it is given and says that the root does not move."""

    def session(self, graph: str, threads: int = 1) -> "Still":
        return self

    def run(self, names, feed):
        count = len(feed["pose"])
        return [feed["pose"], *(np.zeros((count, width), np.float32) for width in (3, 30, 4, 1))]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_dataset(folder)
    return folder


def test_who_stands_still_misses_the_root_by_its_speed(data: Path) -> None:
    figures = validate(Still(), ("neutral", "proud"), data, ())
    assert 0.3 < figures["teacher_root_vel_mae_m_s"] < 2.6
    assert figures["teacher_geo_deg"] < figures["free_geo_deg"]
    assert figures["free_teacher_ratio_1s"] > 1


def test_unknown_sources_and_styles_leave_nothing_to_measure(data: Path) -> None:
    assert validate(Still(), ("neutral",), data, ("elsewhere",)) == {}
    assert validate(Still(), ("angry",), data, ()) == {}


def test_the_graph_is_asked_by_name() -> None:
    asked = {}

    def run(names, feed):
        asked.update(feed)
        return [value * 2 for value in feed.values()]

    inputs = [validation.torch.full((2, width), float(width)) for width in (264, 60, 3, 2, 1)]
    outputs = Graph(SimpleNamespace(run=run))(*inputs)
    assert list(asked) == ["pose", "trajectory", "gait", "style", "phase"]
    assert [float(output[0, 0]) for output in outputs] == [528.0, 120.0, 6.0, 4.0, 2.0]
