"""The ZeroMQ endpoint: one ROUTER socket, one thread that owns it, one loop.

    poll -> receive everything (steps are collected, the rest is answered) -> run the steps in one batch -> run due streams
         -> send what the clip workers made -> forget silent clients

Nothing that a peer sends ends the loop: what cannot be read is answered with `error`.
"""

import contextlib
import logging
import math
import socket as network
import threading
import time
from collections import deque

import zmq

from motionwire.character import Cast
from motionwire.errors import InputError
from motionwire.server import messages as wire
from motionwire.server.clips import Clips
from motionwire.server.frames import Watch, advance, due_parts, keep_events, next_due
from motionwire.server.handlers import Handlers
from motionwire.server.messages import BadMessageError
from motionwire.server.session import Session
from motionwire.server.settings import Settings

log = logging.getLogger(__name__)

RECEIVE_AT_MOST = 512  # messages in one turn of the loop, so that streams stay on time under a flood
QUEUED_MESSAGES = 64  # ZeroMQ's queue for one client; poses beyond are dropped
BACKLOG = 4096  # other messages kept for a client whose queue is full; beyond, its session ends
LOCK_STEP_S = 0.1  # a client that stepped this recently is waited for


class Server:
    """A bound endpoint. `run` serves until `stop` (any thread) is called. Raises InputError when the address cannot be bound.

    watch: sees every frame of every character after its client got it (broadcast/vmc.py).
    """

    def __init__(self, cast: Cast, models: list[wire.Model], settings: Settings) -> None:
        self.watch: Watch | None = None
        self._settings = settings
        self._wake_up, self._woken = network.socketpair()
        self._wake_up.setblocking(False)
        self._woken.setblocking(False)
        offsets = cast.skeleton.offsets.astype("<f4").tobytes()
        self._clips = Clips(cast.scheduler, offsets, len(cast.skeleton), settings.limits, self._wake)
        self._handlers = Handlers(cast, models, self._clips, settings, self._end_unreachable)
        self._cast = cast
        self._stopping = threading.Event()
        self._backlog: dict[bytes, deque[bytes]] = {}
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.ROUTER)
        self._socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
        self._socket.setsockopt(zmq.SNDHWM, QUEUED_MESSAGES)
        self._socket.setsockopt(zmq.MAXMSGSIZE, settings.limits.message_bytes)
        self._socket.setsockopt(zmq.LINGER, 200)
        self._socket.setsockopt(zmq.IPV6, int(":" in settings.host))
        try:
            self._socket.bind(settings.endpoint)
        except zmq.ZMQError as error:
            self._context.destroy(linger=0)
            raise InputError(f"cannot bind: {error.strerror}", settings.endpoint) from None
        self.endpoint: str = self._socket.getsockopt_string(zmq.LAST_ENDPOINT)

    @property
    def sessions(self) -> int:
        """How many clients are connected."""
        return len(self._handlers.sessions)

    def stop(self) -> None:
        """End `run`, from any thread or signal handler."""
        self._stopping.set()
        self._wake()

    def run(self) -> None:
        """Serve until `stop`; then close the socket and the workers."""
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        poller.register(self._woken.fileno(), zmq.POLLIN)
        try:
            while not self._stopping.is_set():
                poller.poll(self._pause_ms())
                self._turn()
        finally:
            self._clips.close()
            self._cast.close()
            self._context.destroy(linger=200)
            self._wake_up.close()
            self._woken.close()

    def _turn(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._woken.recv(4096)
        self._retry()
        self._receive()
        self._wait_for_company()
        self._run_steps()
        self._run_streams()
        while not self._clips.outgoing.empty():
            session, message = self._clips.outgoing.get()
            if self._handlers.sessions.find(session.identity) is session:  # else it has ended; the address may have a new one
                self._send(session.identity, message)
        for session in self._handlers.sessions.expired(time.monotonic()):
            log.info("session of %r expired", session.client)
            self._end(session)

    def _pause_ms(self) -> int:
        """How long the loop may sleep."""
        if self._backlog:
            return 5
        until = next_due(self._handlers.sessions) - time.monotonic()
        return math.ceil(max(0.0, min(until * 1000, self._settings.heartbeat_ms)))

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # full means that it wakes anyway, closed that it is over
            self._wake_up.send(b"!")

    # Receiving

    def _receive(self) -> None:
        for _ in range(RECEIVE_AT_MOST):
            try:
                parts = self._socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self._answer(parts)

    def _answer(self, parts: list[bytes]) -> None:
        identity = parts[0]
        request: wire.Request | None = None
        try:
            if len(parts) != 2:
                raise BadMessageError("bad_message", f"a message has one part, not {len(parts) - 1}")
            request = wire.decode_request(parts[1])
            if any(part.session.identity == identity for part in self._handlers.steps):
                self._run_steps()  # keep each client's own order
            reply = self._handlers.handle(identity, request, time.monotonic())
        except BadMessageError as error:
            reply = error.reply
        except Exception:
            log.exception("failed on %s", type(request).__name__)
            text = "the server failed on this request; its log says why"
            of, ref = ("", 0) if request is None else (wire.type_of(request), wire.ref_of(request))
            reply = wire.Error(code="internal", message=text, of=of, ref=ref)
        if reply is not None:
            self._send(identity, reply)

    def _wait_for_company(self) -> None:
        """Wait a moment for the steps of other clients that step, so that all run in one batch."""
        window = self._settings.batch_window_ms / 1000
        if not self._handlers.steps or not window:
            return
        end = time.monotonic() + window
        while True:
            now = time.monotonic()
            expected = sum(now - session.stepped < LOCK_STEP_S for session in self._handlers.sessions)
            if len(self._handlers.steps) >= expected or now >= end:
                return
            if self._socket.poll(max(0, round((end - now) * 1000))):
                self._receive()

    # Frames

    def _run_steps(self) -> None:
        parts, self._handlers.steps = self._handlers.steps, []
        if not parts:
            return
        try:
            for session, pose in advance(self._cast, parts, time.monotonic(), self.watch):
                self._send(session.identity, pose)
        except Exception:
            log.exception("a step failed")
            for part in parts:
                error = wire.Error(code="internal", message="the step failed; the server's log says why", of="step", ref=part.seq)
                self._send(part.session.identity, error)

    def _run_streams(self) -> None:
        parts = due_parts(self._handlers.sessions, time.monotonic())
        if not parts:
            return
        try:
            for session, pose in advance(self._cast, parts, time.monotonic(), self.watch):
                stream = session.stream
                if stream is None:
                    continue
                if stream.credit > 0 and self._send(session.identity, pose):
                    stream.credit -= 1
                else:
                    keep_events(session, pose)
        except Exception:
            log.exception("a stream failed")

    # Sending

    def _send(self, identity: bytes, message: wire.Message) -> bool:
        """Queue a message for a client; poses are dropped when its queue is full, the rest is kept. False: dropped."""
        data = wire.encode(message)
        waiting = self._backlog.get(identity)
        if waiting is None and self._push(identity, data):
            return True
        if isinstance(message, wire.Pose):
            return False
        waiting = self._backlog.setdefault(identity, deque())
        waiting.append(data)
        if len(waiting) > BACKLOG:
            log.warning("a client reads nothing; its session ends")
            session = self._handlers.sessions.find(identity)
            del self._backlog[identity]
            if session is not None:
                self._end(session)
        return True

    def _push(self, identity: bytes, data: bytes) -> bool:
        """False when the client's queue is full; a client that is gone counts as served."""
        try:
            self._socket.send_multipart((identity, data), zmq.NOBLOCK)
        except zmq.Again:
            return False
        except zmq.ZMQError as error:
            if error.errno != zmq.EHOSTUNREACH:
                log.warning("sending failed: %s", error.strerror)
        return True

    def _retry(self) -> None:
        for identity, waiting in list(self._backlog.items()):
            while waiting and self._push(identity, waiting[0]):
                waiting.popleft()
            if not waiting:
                del self._backlog[identity]

    def _end_unreachable(self) -> None:
        """Make room: end the sessions whose connection is gone, which else could still be resumed."""
        now = time.monotonic()
        probe = wire.encode(wire.Pong(time=0.0, server_time=now))
        for session in self._handlers.sessions:
            if (now - session.seen) * 1000 < self._settings.heartbeat_ms:
                continue
            try:
                self._socket.send_multipart((session.identity, probe), zmq.NOBLOCK)
            except zmq.Again:
                continue
            except zmq.ZMQError:
                self._end(session)

    def _end(self, session: Session) -> None:
        self._backlog.pop(session.identity, None)
        self._handlers.end(session)
