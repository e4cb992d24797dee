"""Time that processes' threads stood ready and had no processor, and that this machine's own processors were elsewhere (stolen by other
guests of its host): what a late tick has to be put down to, where it is not the server's own time. Linux only; elsewhere nothing is told.
"""

import contextlib
import os
from pathlib import Path

NANO = 1e-9


class Waits:
    """What the threads that some processes have now wait, all together; see proc(5) for the files."""

    def __init__(self, *pids: int) -> None:
        self._tasks = [task for pid in pids for task in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        self._last = self._seconds()

    def since(self) -> float:
        """Since this was asked last, s."""
        before, self._last = self._last, self._seconds()
        return self._last - before

    def _seconds(self) -> float:
        total = 0
        for path in self._tasks:
            with contextlib.suppress(OSError, IndexError):  # a thread that is over
                total += int(path.read_bytes().split()[1])
        return total * NANO


def stolen_seconds() -> float:
    """Of all processors together since the machine started, s."""
    try:
        fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
        return int(fields[8]) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return 0.0
