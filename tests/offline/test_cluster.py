"""A real Ray cluster of one node: the same files as without it; a bad item fails alone. Slow to start, so it runs when asked for:

pip install -e '.[ray]' && MOTIONWIRE_RAY=1 pytest tests/offline/test_cluster.py
"""

import os
from pathlib import Path

import pytest

from motionwire.offline import run
from motionwire.offline.asked import variants
from motionwire.offline.order import Item, Order
from toy_models import toy_bundle

if not os.environ.get("MOTIONWIRE_RAY"):
    pytest.skip("a Ray cluster takes long to start: set MOTIONWIRE_RAY=1", allow_module_level=True)


def test_a_local_cluster_makes_the_same_clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    wanted = [*variants("test", [("a person walks", 0.4)], 0, 3), Item("test:9", [("a person walks", 500.0)], 0, "too-long")]
    files = []
    for cluster in (None, "local"):
        folder = tmp_path / str(cluster)
        folder.mkdir()
        outcomes = list(run.make(Order(bundle=str(toy_bundle()), folder=str(folder), extension=".bvh"), wanted, 1, cluster))
        assert sorted(outcome.file for outcome in outcomes if not outcome.error) == [f"a-person-walks_s{seed}.bvh" for seed in range(3)]
        assert [outcome.item.where for outcome in outcomes if outcome.error] == ["test:9"]
        files.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert files[0] == files[1] and len(files[0]) == 6
