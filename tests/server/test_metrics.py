"""The Prometheus page of a running server: on loopback only, and its figures are what happened."""

from pathlib import Path

import pytest

from motionwire.client import Client, ServerError, Stick
from motionwire.errors import InputError
from motionwire.server.metrics import Metrics
from server.test_logs import Served


def test_what_happened_is_counted(tmp_path: Path) -> None:
    served = Served(tmp_path, "metrics_port = 0\n")
    assert served.ready["metrics"].startswith("http://127.0.0.1:")
    with Client(served.endpoint, timeout=60.0) as client:
        for character in range(3):
            client.spawn(character)
        for _ in range(40):
            client.step({character: Stick() for character in range(3)})
        with pytest.raises(ServerError):
            client.step({99: Stick()})
        client.subscribe(fps=120, credit=2)
        frames = client.frames()
        for _ in range(5):
            next(frames)
        client.unsubscribe()
        page = served.metrics()
        assert page["motionwire_sessions"] == 1 and page["motionwire_characters"] == 3
        assert page['motionwire_requests_total{type="step"}'] == 41 and page['motionwire_requests_total{type="spawn"}'] == 3
        assert page['motionwire_errors_total{code="unknown_character"}'] == 1
        assert page['motionwire_ticks_total{mode="step"}'] == 40 == page["motionwire_step_seconds_count"]
        assert page['motionwire_tick_seconds_count{mode="step"}'] == 40
        assert page['motionwire_ticks_total{mode="stream"}'] >= 5 and page["motionwire_stream_jitter_seconds_count"] >= 5
        assert page['motionwire_model_seconds_count{graph="controller"}'] >= 40
        assert 0 < page['motionwire_model_seconds_sum{graph="controller"}'] < page['motionwire_tick_seconds_sum{mode="step"}'] + 60
        assert page["motionwire_process_resident_memory_bytes"] > 1e6
    assert "motionwire_step_seconds_bucket" in str(page.keys())
    served.close()


def test_a_port_that_is_taken() -> None:
    page = Metrics().serve(0)
    try:
        port = int(page.url.split(":")[2].split("/")[0])
        with pytest.raises(InputError, match=f"{port}"):
            Metrics().serve(port)
    finally:
        page.close()
