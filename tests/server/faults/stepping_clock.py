"""The system clock as a file sets it, for the process that imports this: CLOCK_FILE holds the seconds to add.

Monotonic clocks stay true, as they do when the clock of a machine is set.
"""

import os
import time
from pathlib import Path

FILE = Path(os.environ["CLOCK_FILE"])
true_time = time.time


def _stepped() -> float:
    return true_time() + float(FILE.read_text())


time.time = _stepped
time.time_ns = lambda: round(_stepped() * 1e9)
