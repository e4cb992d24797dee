"""The minimal client is what the README says it is, and runs against a server in another process."""

import subprocess
import sys
from pathlib import Path

from server_process import ServerProcess

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "minimal_client.py"


def test_it_speaks_the_wire() -> None:
    server = ServerProcess()
    try:
        done = subprocess.run([sys.executable, SAMPLE, server.endpoint], capture_output=True, text=True, timeout=60, check=False)
    finally:
        server.close()
    assert done.returncode == 0, done.stderr
    assert "joints: 22" in done.stdout and "left knee" in done.stdout
    assert " 90  root   0.00  0.95   1.97" in done.stdout  # 91 frames at 1.3 m/s


def test_it_is_short_and_needs_only_two_packages() -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 40
    imported = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported == {"msgpack", "struct", "sys", "time", "zmq"}
