"""The number of processors that a process may use, also where the system has no affinities."""

import os

import pytest

from motionwire.cores import usable_cores


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="has no affinities")
def test_one_processor_is_one() -> None:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert usable_cores() == 1
    finally:
        os.sched_setaffinity(0, before)


def test_a_system_without_affinities_is_taken_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert usable_cores() == 6
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cores() == 1
