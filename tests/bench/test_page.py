"""Reading a server's own figures from its page."""

import pytest

from motionwire.bench.page import Page
from motionwire.server.metrics import Metrics


def test_means_since_an_earlier_look() -> None:
    metrics = Metrics()
    metrics.watch("characters", "Characters", lambda: 7)
    page = metrics.serve(0)
    try:
        metrics.tick_seconds["step"].observe(5.0)
        before = Page(page.url)
        assert before.mean_ms('motionwire_tick_seconds{mode="step"}', before) == 0
        for seconds in (0.002, 0.004):
            metrics.tick_seconds["step"].observe(seconds)
        metrics.step_seconds.observe(0.5)
        now = before.again()
    finally:
        page.close()
    assert now.mean_ms('motionwire_tick_seconds{mode="step"}', before) == pytest.approx(3.0)
    assert now.mean_ms("motionwire_step_seconds", before) == pytest.approx(500.0)
    assert 10 < now.resident_mb < 100_000 and now.characters == 7
