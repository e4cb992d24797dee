"""The real server with a controller and a generator made by formula, in a thread of the test; what a viewer shows (broadcast/live.py)."""

import threading
from collections.abc import Mapping
from typing import Self

from fakes import FakeController, FakeGenerator
from motionwire.broadcast.about import standing
from motionwire.character import Cast
from motionwire.errors import InputError
from motionwire.motion.skeleton import REFERENCE
from motionwire.server import messages as wire
from motionwire.server import settings
from motionwire.server.metrics import Metrics
from motionwire.server.server import Server

SENTENCES = ["a person waves <b>", "a person kicks"]
LICENCE = "CC BY-NC 4.0 (not for commercial use)"


class FakeServer:
    """Serves while used as a context. endpoint: its address. `chosen` holds the bundles that the page asked for; "broken" is refused."""

    skeleton = REFERENCE

    def __init__(self) -> None:
        self.chosen: list[str] = []
        models = [wire.Model(name="fake", styles=["neutral", "broken"], acts=True)]
        self._server = Server(Cast(FakeController(), FakeGenerator()), models, settings.load(port=0), Metrics())
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self.endpoint = self._server.endpoint

    def about(self) -> Mapping[str, object]:
        """As broadcast/about.py makes it."""
        return {
            "bundle": (self.chosen or ["fake"])[-1],
            "bundles": [{"name": "fake", "version": "1", "licence": LICENCE}, {"name": "other", "version": "2", "licence": "CC0"}],
            "sentences": SENTENCES,
            "script": [{"seconds": 4.0, "speed": 1.3, "turn": turn, "acts": False} for turn in (0.0, 1.0)],
            "skeleton": {"names": REFERENCE.names, "parents": REFERENCE.parents, "offsets": REFERENCE.offsets.ravel().tolist()},
            "standing": standing(REFERENCE),
        }

    def choose(self, bundle: str) -> None:
        """Note it; the endpoint stays."""
        if bundle == "broken":
            raise InputError("wrong sha256", bundle)
        self.chosen.append(bundle)

    @property
    def sessions(self) -> int:
        """How many clients it has."""
        return self._server.sessions

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()
        self._thread.join()
