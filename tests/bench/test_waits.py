"""Waiting for a processor is seen where two threads of a process want the only one they may use."""

import os
import subprocess
import sys
import time

import pytest

from motionwire.bench.waits import Waits, stolen_seconds

BUSY = """
import os, threading, time
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
end = time.monotonic() + 60
def spin():
    while time.monotonic() < end:
        sum(range(100_000))
threading.Thread(target=spin, daemon=True).start()
child = os.fork()
if child == 0:
    spin()
print(flush=True)
spin()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_that_shares_a_processor_waits() -> None:
    with subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            waits = Waits(process.pid)
            time.sleep(0.3)
            assert waits.since() > 0.02
            assert 0 <= waits.since() < 0.3
        finally:
            os.killpg(process.pid, 9)


def test_a_process_that_is_gone_waits_for_nothing() -> None:
    waits = Waits(2**22 + 1)
    assert waits.since() == 0
    assert stolen_seconds() >= 0
