"""How many processors this process may use."""

import os


def usable_cores() -> int:
    """Processors that this process may run on; of the whole machine where the system (Windows, macOS) does not tell."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
