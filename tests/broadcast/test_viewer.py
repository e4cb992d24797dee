"""The viewer's port."""

import pytest

from broadcast.fake_server import FakeServer
from broadcast.web import fetch
from motionwire.broadcast.live import LiveSite
from motionwire.broadcast.viewer import Viewer
from motionwire.errors import InputError


def port_of(viewer: Viewer) -> int:
    return int(viewer.origin.rsplit(":", 1)[1])


def test_a_taken_port_is_one_line(viewer: Viewer, runtime: FakeServer) -> None:
    port = port_of(viewer)
    with pytest.raises(InputError, match=rf"127\.0\.0\.1:{port}: cannot listen"):
        Viewer(LiveSite(runtime), port=port).start()


def test_stopping_frees_the_port_and_may_be_repeated(runtime: FakeServer) -> None:
    first = Viewer(LiveSite(runtime), port=0)
    first.start()
    port = port_of(first)
    first.stop()
    first.stop()
    with Viewer(LiveSite(runtime), port=port) as second:
        assert fetch(second.origin)[0] == 200
