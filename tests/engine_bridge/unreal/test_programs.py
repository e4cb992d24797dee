"""What benchmarks/bench_clients.py runs: the console program and its peer, in short form."""

import json
import subprocess
import time
from pathlib import Path

import pytest

from server_process import ServerProcess


@pytest.mark.parametrize("program", ["console", "libzmq_peer"])
def test_bench(release: Path, program: str) -> None:
    server = ServerProcess()
    try:
        port = server.endpoint.rsplit(":", 1)[1]
        command = [str(release / program), "bench", "127.0.0.1", port, "50", "0", "0,1"]
        result = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
    finally:
        server.close()
    assert [len(trips) for trips in result["rtt_ms"]] == [48] and result["frames"] == 48 and result["lost"] == 0
    assert result["bytes_allocated_per_frame"] == (0 if program == "console" else None)


def test_reconnect(release: Path) -> None:
    server = ServerProcess()
    port = server.endpoint.rsplit(":", 1)[1]
    with subprocess.Popen([str(release / "console"), "reconnect", "127.0.0.1", port], stdout=subprocess.PIPE, text=True) as program:
        time.sleep(1)
        server.kill()
        server = ServerProcess(int(port))
        try:
            said, _ = program.communicate(timeout=60)
        finally:
            server.close()
    result = json.loads(said)
    assert result["characters_kept"] and 0 < result["reconnect_ms"] < 60_000
