"""The fake server, bound at once and serving only when the file named by BEGIN_FILE is there: arguments as those of serve_fake.py."""

import os
import runpy
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from motionwire.server.server import Server

run = Server.run


def late(server: Server) -> None:
    while not Path(os.environ["BEGIN_FILE"]).exists():
        time.sleep(0.05)
    run(server)


Server.run = late  # type: ignore[method-assign]

runpy.run_path(str(Path(__file__).resolve().parents[1] / "serve_fake.py"), run_name="__main__")
