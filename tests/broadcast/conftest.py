"""One fake runtime and one viewer of it for a module."""

from collections.abc import Iterator

import pytest

from broadcast.fake_server import FakeServer
from motionwire.broadcast.live import LiveSite
from motionwire.broadcast.viewer import Viewer


@pytest.fixture(scope="module")
def runtime() -> Iterator[FakeServer]:
    """A server of fakes."""
    with FakeServer() as running:
        yield running


@pytest.fixture(scope="module")
def viewer(runtime: FakeServer) -> Iterator[Viewer]:
    """The live viewer of it, on a free port."""
    with Viewer(LiveSite(runtime), port=0) as running:
        yield running
