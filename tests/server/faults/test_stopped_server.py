"""A server that stands still for longer than sessions live: held by a debugger, or by a machine that had no processor for it."""

import os
import signal
import sys
import time

import pytest

from server.faults.conftest import Start
from server.faults.neighbour import Neighbour


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP")
def test_what_nobody_could_hear_is_no_silence(start: Start) -> None:
    server = start("heartbeat_ms = 500\nexpiry_ms = 3000")
    neighbour = Neighbour(server)
    neighbour.walk(3)
    os.kill(server.process.pid, signal.SIGSTOP)
    time.sleep(4)
    os.kill(server.process.pid, signal.SIGCONT)
    time.sleep(0.5)  # it looks for silent clients first
    neighbour.walk(3)
    neighbour.raw.close()
