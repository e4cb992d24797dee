"""Where frames go, and that neither a target without anybody nor a system that takes nothing stops or slows the sender."""

import logging
import socket
from collections.abc import Iterator

import numpy as np
import pytest

from broadcast.vmc.received import Receiver
from motionwire.broadcast import vmc
from motionwire.broadcast.vmc import Sender, Target
from motionwire.character import Frame
from motionwire.errors import InputError
from motionwire.motion import rotations as rot
from motionwire.motion.skeleton import JOINTS, REFERENCE

IPV4, IPV6 = socket.AF_INET, socket.AF_INET6


def frame(count: int) -> Frame:
    """Characters that stand at x = 0, 1, 2 ..."""
    return Frame(
        data=np.array([(place, 0.9, 0, *np.tile(rot.IDENTITY, JOINTS)) for place in range(count)], np.float32),
        contacts=np.zeros((count, 4), np.float32),
        phase=np.zeros(count, np.float32),
        root=np.zeros((count, 3), np.float32),
        root_delta=np.zeros((count, 3), np.float32),
        acting=np.zeros(count, np.uint8),
        happenings=[],
    )


@pytest.fixture
def neighbours() -> Iterator[list[socket.socket]]:
    """Sockets at a port that the system chose, at the next one, and at the one after all that characters have."""
    while True:
        sockets = [socket.socket(IPV4, socket.SOCK_DGRAM) for _ in range(3)]
        try:
            sockets[0].bind(("127.0.0.1", 0))
            for one, further in zip(sockets[1:], (1, vmc.PLACES), strict=True):
                one.bind(("127.0.0.1", sockets[0].getsockname()[1] + further))
            break
        except (OSError, OverflowError):
            for one in sockets:
                one.close()
    yield sockets
    for one in sockets:
        one.close()


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("127.0.0.1", Target(IPV4, "127.0.0.1", 39539)),
        (":39540", Target(IPV4, "127.0.0.1", 39540)),
        ("192.0.2.7:1", Target(IPV4, "192.0.2.7", 1)),
        ("[::1]", Target(IPV6, "::1", 39539)),
        ("[::1]:65520", Target(IPV6, "::1", 65520)),
    ],
)
def test_targets(text: str, target: Target) -> None:
    assert Target.parse(text) == target
    assert Target.parse(str(target)) == target


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("127.0.0.1:x", "port 'x'"),
        ("127.0.0.1:0", "port '0'"),
        (":65521", "port '65521'"),
        (":²", "port '²'"),
        ("a b:1", "no such host"),
        ("39540", "a port alone is written ':39540'"),
        ("39540:39540", "'39540' is no address of four numbers"),
        ("127.1", "'127.1' is no address of four numbers"),
        ("[127.0.0]:39540", "'127.0.0' is no address of four numbers"),
        ("1.2.3.4.5", "'1.2.3.4.5' is no address of four numbers"),
    ],
)
def test_wrong_targets(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        Target.parse(text)
    assert text in str(caught.value) and "\n" not in str(caught.value)


def test_each_character_has_a_port_of_its_own(neighbours: list[socket.socket]) -> None:
    sender = Sender(Target(IPV4, "127.0.0.1", neighbours[0].getsockname()[1]), REFERENCE)
    sender([1, vmc.PLACES, 0], frame(3))
    for port, x in zip(neighbours[:2], (2.0, 0.0), strict=True):
        port.settimeout(60)
        packets = [port.recv(4096) for _ in range(2)]
        assert np.frombuffer(packets[1], ">f4")[_root_x(packets[1])] == -x
    for port in neighbours:
        port.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody else's came, and the character without a place went nowhere
            port.recv(4096)
    sender.close()


def _root_x(packet: bytes) -> int:
    """Where, in words, the first number of the root's message stands: behind its address, types and name."""
    return packet.index(b"/VMC/Ext/Root/Pos") // 4 + 5 + 3 + 2


def test_nobody_there_and_nobody_reading_harm_nothing(caplog: pytest.LogCaptureFixture) -> None:
    receiver = Receiver()
    Sender(Target(IPV4, "127.0.0.1", receiver.port), REFERENCE)([0], frame(1))
    receiver.frame()
    reading_nothing = Sender(Target(IPV4, "127.0.0.1", receiver.port), REFERENCE)
    for _ in range(2000):  # more than the receiver's buffer holds
        reading_nothing([0], frame(1))
    receiver.close()
    for _ in range(100):
        reading_nothing([0], frame(1))
    assert not caplog.records


class Refusing:
    """A socket that takes nothing, for one reason after the other."""

    def __init__(self, *reasons: type[OSError] | None) -> None:
        self.reasons = list(reasons)

    def sendto(self, packet: memoryview, _address: tuple[str, int]) -> int:
        reason = self.reasons.pop(0) if self.reasons else None
        if reason is not None:
            raise reason(1, "refused")
        return len(packet)


def test_what_the_system_refuses_is_dropped_and_said_once(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = Sender(Target(IPV4, "127.0.0.1", 9), REFERENCE)
    sender.close()
    monkeypatch.setattr(sender, "_socket", Refusing(BlockingIOError, PermissionError, PermissionError, None, None, PermissionError))
    with caplog.at_level(logging.WARNING):
        for said in (0, 1, 1, 1, 2):
            sender([0], frame(1))
            assert len(caplog.records) == said
