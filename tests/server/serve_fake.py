"""A server of its own process with the fakes: `python serve_fake.py PORT [TOML]`; prints its endpoint, runs until standard input closes."""

import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakes import FakeController, FakeGenerator
from motionwire.character import Cast
from motionwire.server import settings
from motionwire.server.messages import Model
from motionwire.server.metrics import Metrics
from motionwire.server.server import Server


def main() -> None:
    config = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    chosen = settings.load(config, port=int(sys.argv[1]))
    models = [Model(name="fake", styles=list(FakeController.styles), acts=True)]
    server = Server(Cast(FakeController(), FakeGenerator()), models, chosen, Metrics())
    print(server.endpoint, flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), server.stop()), daemon=True).start()
    server.run()


main()
