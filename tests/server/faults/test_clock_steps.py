"""The system clock of both ends steps by hours and years in both directions: no session expires, nothing is sent early, late or twice."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import server_process
from server.faults import clients
from server.faults.conftest import Start
from server.faults.neighbour import Neighbour
from server_process import Raw

HOUR, YEAR = 3600.0, 31_557_600.0
STREAMS = """
import server.faults.stepping_clock
import time
from motionwire.client import Client
client = Client(sys.argv[1], timeout=60, token="swordfish")
client.spawn(1)
client.subscribe(fps=60, credit=4)
for frame in client.frames():
    print(frame.seq, frame.ts, time.time(), flush=True)
"""


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """clock(seconds) sets the clock of the processes that are started with it that much ahead of the true one."""
    path = tmp_path / "clock"

    def set_to(ahead: float) -> None:
        fresh = tmp_path / "fresh"
        fresh.write_text(str(ahead))
        fresh.replace(path)

    set_to(0)
    monkeypatch.setenv("CLOCK_FILE", str(path))
    monkeypatch.setattr(server_process, "SCRIPT", Path(__file__).with_name("serve_with_clock.py"))
    return set_to


def test_steps(clock: Callable[[float], None], start: Start) -> None:
    server = start('token = "swordfish"\nexpiry_ms = 600000')
    neighbour = Neighbour(server, token="swordfish")
    stream = clients.start(STREAMS, server.endpoint)
    try:
        wall = float(clients.line(stream).split()[2])
        for ahead in (HOUR, -HOUR, -20 * YEAR, 20 * YEAR):
            clock(ahead)
            frames = []
            for _ in range(30):
                frames.append(tuple(map(float, clients.line(stream).split())))
                neighbour.walk(1)
            count, seconds, _ = np.subtract(frames[-1], frames[0])
            assert count / 60 == pytest.approx(seconds, abs=0.1)
            assert (np.diff(frames, axis=0)[:, :2] > 0).all()
            assert frames[-1][2] - wall == pytest.approx(ahead, abs=600)  # the clock did step
            newcomer = Raw(server.endpoint)
            assert newcomer.hello(token="swordfish")["t"] == "welcome"
            newcomer.close()
    finally:
        clients.end(stream)
    neighbour.raw.close()
