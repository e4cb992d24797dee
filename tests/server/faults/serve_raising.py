"""The fake server with a model that raises when it is rehearsed, and when it is asked what it thought: arguments as of serve_fake.py."""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from fakes import FakeController
from motionwire.server.rehearsal import Rehearsal
from motionwire.server.server import Server

run = Server.run


def broken(*_: object) -> None:
    raise RuntimeError("the model broke")


def raising(server: Server) -> None:
    Rehearsal._step = broken  # type: ignore[method-assign]
    FakeController.paths = broken  # type: ignore[method-assign, assignment]
    run(server)


Server.run = raising  # type: ignore[method-assign]

runpy.run_path(str(Path(__file__).resolve().parents[1] / "serve_fake.py"), run_name="__main__")
