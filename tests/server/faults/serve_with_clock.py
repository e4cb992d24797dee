"""The fake server with a system clock that steps: arguments as those of serve_fake.py."""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import server.faults.stepping_clock  # noqa: F401

runpy.run_path(str(Path(__file__).resolve().parents[1] / "serve_fake.py"), run_name="__main__")
