"""VMC (OSC over UDP): what the server's characters do, sent to any program that listens for virtual motion capture.

Output only, and nothing waits for it: a packet that the system does not take at once is dropped, whether anybody listens or not.
"""

import ipaddress
import logging
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass

from motionwire.broadcast.vmc_packets import Packets
from motionwire.character import Frame
from motionwire.errors import InputError
from motionwire.motion.skeleton import Skeleton

HOST = "127.0.0.1"
PORT = 39539  # where receivers listen unless told otherwise
PLACES = 16  # characters that are sent, each to a port of its own
LAST_PORT = 65535 - PLACES + 1

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Target:
    """Where frames go: a numeric address, and the port of the first character."""

    family: socket.AddressFamily
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "Target":
        """From HOST, :PORT, HOST:PORT or [IPv6]:PORT, whose name is looked up once. Raises InputError."""
        host, colon, digits = text.rpartition(":")
        if not colon or text.endswith("]"):
            host, digits = text, str(PORT)
        host = host.removeprefix("[").removesuffix("]") or HOST
        if not colon and host.isdigit():  # the system would take a bare number, or fewer than four, for somebody's address
            raise InputError(f"a port alone is written ':{host}'", f"vmc {text}")
        if set(host) <= set("0123456789.") and not _is_ipv4(host):
            raise InputError(f"{host!r} is no address of four numbers", f"vmc {text}")
        if not (digits.isascii() and digits.isdigit() and 1 <= int(digits) <= LAST_PORT):
            raise InputError(f"port {digits!r} is not a number from 1 to {LAST_PORT}", f"vmc {text}")
        try:
            family, *_, address = socket.getaddrinfo(host, int(digits), type=socket.SOCK_DGRAM)[0]
        except (OSError, UnicodeError) as error:
            raise InputError(f"no such host: {getattr(error, 'strerror', None) or error}", f"vmc {text}") from None
        return cls(family, str(address[0]), int(digits))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _is_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


class Sender:
    """Sends frames when called: the character in the cast's first place to the target's port, the second to the port above ..."""

    def __init__(self, target: Target, skeleton: Skeleton, root_in_hips: bool = False) -> None:
        self._target = target
        self._packets = Packets(skeleton, root_in_hips)
        self._socket = socket.socket(target.family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._began = time.monotonic()
        self._failing = False

    def __call__(self, handles: Sequence[int], frame: Frame) -> None:
        """Send the characters of this frame that are among the first PLACES. Never waits, never raises."""
        seconds, roots, rotations = time.monotonic() - self._began, frame.root_positions, frame.rotations
        for row, handle in enumerate(handles):
            if handle < PLACES:
                packets = self._packets.fill(roots[row], rotations[row], seconds)
                self._send(packets, self._target.port + handle)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _send(self, packets: Sequence[memoryview], port: int) -> None:
        try:
            for packet in packets:
                self._socket.sendto(packet, (self._target.host, port))
            self._failing = False
        except BlockingIOError:
            pass  # the queue is full: this frame is lost, the next one is as good
        except OSError as error:  # no route, forbidden by a firewall: it may come back
            if not self._failing:
                log.warning("VMC: cannot send to %s: %s", self._target, error.strerror)
            self._failing = True
