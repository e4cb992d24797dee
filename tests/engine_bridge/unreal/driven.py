"""The console program's game loop as a process whose notices are read while it runs."""

import json
import subprocess
import threading
import time
from pathlib import Path
from typing import Any


class Driven:
    """`console drive` against a port."""

    def __init__(self, folder: Path, port: int) -> None:
        command = [str(folder / "console"), "drive", "127.0.0.1", str(port)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines: list[tuple[float, dict[str, Any]]] = []  # when each was read
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._more:
                self.lines.append((time.monotonic(), json.loads(line)))
                self._more.notify()

    def wait(self, notice: str, after: int = 0, seconds: float = 30.0) -> tuple[int, float, dict[str, Any]]:
        """The first notice of this kind from line `after` on: the number of the line behind it, when it was read, what it says."""
        deadline = time.monotonic() + seconds
        with self._more:
            while True:
                for i, (at, line) in enumerate(self.lines[after:], after):
                    if line.get("notice") == notice:
                        return i + 1, at, line
                assert self._more.wait(deadline - time.monotonic()), f"no {notice} after {self.lines[after:]}"

    def end(self) -> dict[str, Any]:
        """Closes it as a game would, and returns how long its calls took; none may have hung the game's thread."""
        assert self.process.stdin is not None and self.process.stderr is not None
        self.process.stdin.close()
        self._reader.join(60)
        errors = self.process.stderr.read()
        self.process.wait(60)
        assert self.process.returncode == 0, errors[-4000:]
        result = self.lines[-1][1]
        print(result)
        # A call that waits for the server would take hundreds of ms. That a lock's holder is robbed of its processor for a few ms happens
        # as often as other programs make it: how many calls take over 2 ms is for the benchmark to say (bench_client_faults.py).
        assert result["longest_own_ms"] < 200, result
        assert result["close_ms"] < 500, result
        return result

    def kill(self) -> None:
        """Whatever state it is in."""
        self.process.kill()
        self.process.wait()
