"""The real server with a controller and a generator made by formula, in a thread of the test."""

import threading
from typing import Self

from fakes import FakeController, FakeGenerator
from motionwire.character import Cast
from motionwire.server import settings
from motionwire.server.messages import Model
from motionwire.server.server import Server


class FakeServer:
    """Serves while used as a context. endpoint: its address."""

    def __init__(self) -> None:
        models = [Model(name="fake", styles=["neutral"], acts=True)]
        self._server = Server(Cast(FakeController(), FakeGenerator()), models, settings.load(port=0))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self.endpoint = self._server.endpoint

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
