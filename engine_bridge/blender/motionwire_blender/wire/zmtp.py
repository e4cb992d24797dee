"""ZMTP 3.1 (https://rfc.zeromq.org/spec/37/), the client's side of a DEALER with the NULL mechanism, without a socket.

Bytes from the peer go into `receive`, which returns whole messages; what must be sent to the peer gathers in `outgoing`. The protocol's
messages have one part each.
"""

import struct

GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)
MORE, LONG, COMMAND = 1, 2, 4  # flags of a frame
FRAME_BYTES = 16 * 2**20  # the longest frame taken; the longest clip's chunk has a megabyte


class ZmtpError(ConnectionError):
    """The peer speaks something else."""


class Zmtp:
    """One connection, from its greeting on. ready: whether messages may be sent."""

    def __init__(self):
        self.outgoing = bytearray(GREETING)
        self.ready = False
        self._greeted = False
        self._buffer = bytearray()

    def send(self, message):
        """Queue one message of one part."""
        self.outgoing += _frame(0, message)

    def receive(self, data):
        """Messages (bytes) that these bytes from the peer complete. Raises ZmtpError."""
        self._buffer += data
        if not self._greeted and not self._greeting():
            return []
        messages = []
        while (frame := self._take()) is not None:
            flags, body = frame
            if flags & COMMAND:
                self._command(body)
            elif not self.ready:
                raise ZmtpError("a message came before the handshake")
            elif flags & MORE:
                raise ZmtpError("a message of several parts")
            else:
                messages.append(body)
        return messages

    def _greeting(self):
        start = self._buffer[:10]
        if (start[:1] or b"\xff") != b"\xff" or (len(start) == 10 and start[9] != 0x7F):
            raise ZmtpError("what answers there is not a Motionwire runtime")
        if len(self._buffer) < len(GREETING):
            return False
        mechanism = bytes(self._buffer[12:32]).rstrip(b"\0").decode("ascii", "replace")
        if self._buffer[10] < 3:
            raise ZmtpError(f"the server speaks ZMTP {self._buffer[10]}, version 3 is needed")
        if mechanism != "NULL":
            raise ZmtpError(f"the server asks for {mechanism}; this add-on speaks NULL, with a token")
        del self._buffer[: len(GREETING)]
        self._greeted = True
        self.outgoing += _frame(COMMAND, b"\x05READY\x0bSocket-Type" + struct.pack(">I", 6) + b"DEALER")
        return True

    def _take(self):
        """(flags, body) of the next whole frame, else None."""
        buffer = self._buffer
        head = 9 if buffer and buffer[0] & LONG else 2
        if len(buffer) < head:
            return None
        length = struct.unpack_from(">Q", buffer, 1)[0] if head == 9 else buffer[1]
        if length > FRAME_BYTES:
            raise ZmtpError(f"a frame of {length} bytes")
        if len(buffer) < head + length:
            return None
        flags, body = buffer[0], bytes(buffer[head : head + length])
        del buffer[: head + length]
        return flags, body

    def _command(self, body):
        name, rest = body[1 : 1 + body[0]] if body else b"", body[1 + body[0] :] if body else b""
        if name == b"READY":
            self.ready = True
        elif name == b"ERROR":
            raise ZmtpError("refused: " + bytes(rest[1:]).decode("utf-8", "replace"))
        elif name == b"PING":  # two bytes time to live, then what the answer repeats
            self.outgoing += _frame(COMMAND, b"\x04PONG" + rest[2:18])


def _frame(flags, body):
    if len(body) < 256:
        return bytes((flags, len(body))) + body
    return struct.pack(">BQ", flags | LONG, len(body)) + body
