"""The fake server, which prints the ZeroMQ address that each `hello` comes from: arguments as those of serve_fake.py."""

import runpy
from pathlib import Path

from motionwire.server.handlers import Handlers

hello = Handlers._hello


def told(self, peer, request, now):
    print(peer.address.hex(), flush=True)
    return hello(self, peer, request, now)


Handlers._hello = told
runpy.run_path(str(Path(__file__).resolve().parents[1] / "serve_fake.py"), run_name="__main__")
