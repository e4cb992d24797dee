"""The ZeroMQ endpoint: one ROUTER socket, one thread that owns it, one loop.

    poll -> receive everything (steps are collected, the rest is answered) -> run the steps in one batch -> run due streams
         -> send what the clip workers made -> rehearse the step that is expected -> forget silent clients

Nothing that a peer sends ends the loop: what cannot be read is answered with `error`.
"""

import contextlib
import gc
import logging
import math
import select
import socket as network
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import zmq

from motionwire.character import Cast
from motionwire.errors import InputError
from motionwire.server import curve
from motionwire.server import messages as wire
from motionwire.server.clips import Clips
from motionwire.server.doorman import Doorman, begin_anywhere
from motionwire.server.frames import Part, Watch, advance, due_parts, due_slices, next_due
from motionwire.server.handlers import Handlers
from motionwire.server.inbox import Inbox, Message
from motionwire.server.messages import BadMessageError
from motionwire.server.metrics import Metrics
from motionwire.server.outbox import Outbox
from motionwire.server.rates import STRANGER_BYTES
from motionwire.server.rehearsal import Rehearsal
from motionwire.server.session import Session
from motionwire.server.settings import Settings
from motionwire.server.streams import SLICE

log = logging.getLogger(__name__)

RECEIVE_S = 0.004  # of one turn of the loop, so that streams stay on time under a flood
CONNECTING = 1024  # connections that wait to be taken; the system lets one beyond try again after a second
QUEUED_MESSAGES = 64  # ZeroMQ's queues for one client; poses beyond are dropped
HANDSHAKE_MS = 5000  # a connection that does not speak ZMTP by then is closed
LOCK_STEP_S = 0.1  # a client that stepped this recently is waited for
LINGER_MS = 200  # for the last messages of a server that stops
RETRY_MS = 5  # between two tries to send what is kept
SWITCH_S = 0.0005  # after which the thread of sentences hands Python over to a tick
DEAD_PEER_S = 10  # a connection whose other end has not been there for so long is closed


class Server:
    """A bound endpoint. `run` serves until `stop` (any thread) is called. Raises InputError when the address cannot be bound.

    watch: sees every frame of every character after its client got it (broadcast/vmc.py).
    """

    def __init__(self, cast: Cast, models: list[wire.Model], settings: Settings, metrics: Metrics) -> None:
        self.watch: Watch | None = None
        self.metrics = metrics
        self._settings = settings
        self._wake_up, self._woken = network.socketpair()
        self._wake_up.setblocking(False)
        self._woken.setblocking(False)
        offsets = cast.skeleton.offsets.astype("<f4").tobytes()
        self._clips = Clips(cast.scheduler, offsets, len(cast.skeleton), settings.limits, self._wake)
        self._handlers = Handlers(cast, models, self._clips, settings, self._end_unreachable)
        self._cast = cast
        self._stopping = threading.Event()
        self._look_at = time.monotonic()  # when to look for silent clients next
        self._context = zmq.Context()
        begin_anywhere()
        self._socket = self._context.socket(zmq.ROUTER)
        try:
            self._doorman = self._bind()
        except BaseException:
            self._context.destroy(linger=0)
            raise
        self._inbox = Inbox(self._socket)
        self._outbox = Outbox(self._socket, self._give_up)
        self._rehearsal = Rehearsal(cast)
        self.endpoint: str = self._socket.getsockopt_string(zmq.LAST_ENDPOINT)
        self._show()

    @property
    def sessions(self) -> int:
        """How many clients are connected."""
        return len(self._handlers.sessions)

    def stop(self) -> None:
        """End `run`, from any thread or signal handler."""
        self._stopping.set()
        self._wake()

    def run(self) -> None:
        """Serve until `stop`; then take leave of the clients, close the socket and the workers."""
        gc.collect()
        gc.freeze()  # what is loaded stays: looking through it again would take longer than a tick
        sys.setswitchinterval(SWITCH_S)
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        poller.register(self._woken.fileno(), zmq.POLLIN)
        try:
            while not self._stopping.is_set():
                if (self._woken.fileno(), zmq.POLLIN) in poller.poll(self._pause_ms()):
                    self._woken.recv(4096)
                self._turn()
            for session in self._handlers.sessions:
                self._dismiss(session, "the server stops")
        finally:
            self._clips.close()
            self._cast.close()
            self._doorman.stop()
            self._context.destroy(linger=LINGER_MS)
            self._wake_up.close()
            self._woken.close()

    def _bind(self) -> Doorman:
        """Set the socket up and bind it; who is asked about each connection."""
        socket, settings = self._socket, self._settings
        socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
        socket.setsockopt(zmq.SNDHWM, QUEUED_MESSAGES)
        socket.setsockopt(zmq.RCVHWM, QUEUED_MESSAGES)
        socket.setsockopt(zmq.BACKLOG, CONNECTING)
        socket.setsockopt(zmq.HANDSHAKE_IVL, HANDSHAKE_MS)
        socket.setsockopt(zmq.MAXMSGSIZE, settings.limits.message_bytes)
        # The system looks after dead connections. ZeroMQ's own heartbeats (HEARTBEAT_IVL) end the process: libzmq 4.3.5 asserts !_io_error
        # when one is due on a connection that broke while its queue was full (github.com/zeromq/libzmq/issues/4841).
        socket.setsockopt(zmq.TCP_KEEPALIVE, 1)
        socket.setsockopt(zmq.TCP_KEEPALIVE_IDLE, DEAD_PEER_S // 2)
        socket.setsockopt(zmq.TCP_KEEPALIVE_INTVL, 1)
        socket.setsockopt(zmq.TCP_KEEPALIVE_CNT, DEAD_PEER_S // 2)
        socket.setsockopt(zmq.TCP_MAXRT, 1000 * DEAD_PEER_S)
        socket.setsockopt(zmq.LINGER, LINGER_MS)
        socket.setsockopt(zmq.IPV6, int(":" in settings.host))
        keys = curve.protect(socket, Path(settings.curve_key), Path(settings.curve_clients)) if settings.curve_key else None
        doorman = Doorman(self._context, socket, keys)
        try:
            socket.bind(settings.endpoint)
        except zmq.ZMQError as error:
            doorman.stop()
            raise InputError(f"cannot bind: {error.strerror}", settings.endpoint) from None
        return doorman

    def _show(self) -> None:
        """The gauges of the metrics page."""
        handlers, metrics = self._handlers, self.metrics
        metrics.watch("sessions", "Sessions", lambda: len(handlers.sessions))
        metrics.watch("characters", "Characters", lambda: handlers.sessions.characters)
        scheduler = self._cast.scheduler
        if scheduler is not None:
            metrics.watch("sentences_under_way", "Acts and clips that are made or wait", lambda: len(scheduler))
        metrics.watch("clips_under_way", "Clips that are made or wait", lambda: len(self._clips))
        metrics.watch("clip_messages_queued", "Messages of clips that wait for the loop", self._clips.outgoing.qsize)
        metrics.watch("messages_kept", "Messages kept for clients whose queue is full", lambda: len(self._outbox))

    def _turn(self) -> None:
        self._outbox.retry(lambda identity: self._handlers.sessions.find(identity) is not None)
        now = time.monotonic()
        company = sum(now - session.stepped < LOCK_STEP_S for session in self._handlers.sessions)
        self._receive(company)
        self._wait_for(company)
        self._run_steps()
        self._run_streams()
        while not self._clips.outgoing.empty():
            session, message = self._clips.outgoing.get()
            if self._handlers.sessions.find(session.identity) is session:  # else it has ended; the address may have a new one
                self._send(session.identity, message)
        now = time.monotonic()
        if now >= self._rehearsal.due(self._handlers.sessions):
            self._rehearsal.run(now)
        if now >= self._look_at:
            late, self._look_at = now - self._look_at, now + self._settings.heartbeat_ms / 4000
            if late > self._settings.heartbeat_ms / 1000:  # this process stood still: what clients said meanwhile was not heard
                self._handlers.sessions.excuse(late, now)
            for session in self._handlers.sessions.expired(now):
                self._dismiss(session, f"nothing was heard for {self._settings.expiry_ms} ms")

    def _pause_ms(self) -> int:
        """How long the loop may sleep."""
        if len(self._outbox):
            return RETRY_MS
        sessions = self._handlers.sessions
        until = min(next_due(sessions), self._rehearsal.due(sessions), self._look_at) - time.monotonic()
        return math.ceil(max(0.0, until * 1000))

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # full means that it wakes anyway, closed that it is over
            self._wake_up.send(b"!")

    # Receiving

    def _receive(self, company: int) -> None:
        """Take messages, until there is none, or as many steps as clients that step, or so much that streams would be late."""
        end = time.monotonic() + RECEIVE_S
        while (message := self._inbox.take(end)) is not None:
            now = time.monotonic()
            self._answer(message, now)
            if now > end or 0 < company <= len(self._handlers.steps):
                return

    def _answer(self, message: Message, now: float) -> None:
        peer = message.peer
        session = self._handlers.sessions.of(peer)
        bucket = self._handlers.sessions.strangers.bucket(peer.address, now) if session is None else session.bucket
        request: wire.Request | None = None
        try:
            if not bucket.take(message.size, now, message.parts):
                self.metrics.dropped_messages.inc()
                if bucket.told:
                    return
                bucket.told = True
                raise BadMessageError("rate", f"more than {bucket.rate:g} messages a second; what is beyond is dropped unread")
            if message.parts != 1:
                raise BadMessageError("bad_message", f"a message has one part, not {message.parts}")
            if session is None and message.size > STRANGER_BYTES:
                raise BadMessageError("no_session", "say hello first; a message this long is not read before")
            request = wire.decode_request(message.data)
            self.metrics.request(wire.type_of(request))
            if session is not None and session.stepping:
                self._run_steps()  # keep each client's own order
            reply = self._handlers.handle(peer, request, now)
        except BadMessageError as error:
            reply = error.reply
        except Exception:
            log.exception("failed on %s", type(request).__name__)
            text = "the server failed on this request; its log says why"
            of, ref = ("", 0) if request is None else (wire.type_of(request), wire.ref_of(request))
            reply = wire.Error(code="internal", message=text, of=of, ref=ref)
        if reply is not None:
            self._send(peer.address, reply)

    def _wait_for(self, company: int) -> None:
        """Wait a moment for the steps of other clients that step, so that all run in one batch."""
        now = time.monotonic()
        end = now + self._settings.batch_window_ms / 1000
        while 0 < len(self._handlers.steps) < company and now < end:
            select.select([self._socket], [], [], end - now)  # zmq.Poller counts in whole ms
            self._receive(company)
            now = time.monotonic()

    # Frames

    def _run_steps(self) -> None:
        parts, self._handlers.steps = self._handlers.steps, []
        if not parts:
            return
        for part in parts:
            part.session.stepping = False
        answered = 0
        try:
            for part, pose in self._advance("step", parts):
                self._deliver(part, pose)
                answered += 1
                self.metrics.step_seconds.observe(time.monotonic() - part.received)
        except Exception:
            log.exception("a step failed")
            for part in parts[answered:]:
                error = wire.Error(code="internal", message="the step failed; the server's log says why", of="step", ref=part.seq)
                self._send(part.session.identity, error)

    def _run_streams(self) -> None:
        now = time.monotonic()
        slices = due_slices(self._handlers.sessions, now)
        parts = due_parts(self._handlers.sessions, now, self.metrics.jitter_seconds.observe)
        try:
            if slices:
                self._cast.go_on(np.concatenate(slices), SLICE)
                self._worked("stream", now)
            if not parts:
                return
            for part, pose in self._advance("stream", parts):
                if self._deliver(part, pose) and part.session.stream is not None:
                    part.session.stream.credit -= 1
        except Exception:
            log.exception("a stream failed")

    def _deliver(self, part: Part, pose: wire.Pose | None) -> bool:
        """Send a frame; False: it is dropped, and its events go with the next one."""
        if pose is not None and self._send(part.session.identity, pose):
            part.session.unsent.forget(part.handles.tolist())
            return True
        self.metrics.dropped_frames.inc()
        part.session.unsent.trim()
        return False

    def _advance(self, mode: str, parts: list[Part]) -> Iterator[tuple[Part, wire.Pose | None]]:
        """One batch, counted and timed with what the caller does to its poses."""
        begun = time.monotonic()
        yield from advance(self._cast, parts, begun, self.watch)
        self._worked(mode, begun)

    def _worked(self, mode: str, begun: float) -> None:
        """A batch is done."""
        now = time.monotonic()
        self._rehearsal.worked(now, now - begun)
        self.metrics.ticks[mode].inc()
        self.metrics.tick_seconds[mode].observe(now - begun)

    # Sending

    def _send(self, identity: bytes, message: wire.Message) -> bool:
        """Queue a message for a client; False: dropped. A stream's next frame is worth more than one that waits, while a step is answered
        once; nothing is kept for who has no session: that would cost memory."""
        if isinstance(message, wire.Error):
            self.metrics.error(message.code)
        keep = not (isinstance(message, wire.Pose) and message.stream) and self._handlers.sessions.find(identity) is not None
        return self._outbox.send(identity, message, keep)

    def _end_unreachable(self) -> None:
        """Make room: end the sessions whose connection is gone, which else could still be resumed."""
        now = time.monotonic()
        probe = wire.Pong(time=0.0, server_time=now)
        for session in self._handlers.sessions:
            silent_ms = (now - session.seen) * 1000
            if silent_ms >= self._settings.heartbeat_ms and not self._outbox.reaches(session.identity, probe):
                self._handlers.end(session)

    def _dismiss(self, session: Session, reason: str) -> None:
        """End a session and tell its client why."""
        log.info("session %d of %r: %s", session.number, session.client, reason, extra={"session": session.number, "reason": reason})
        self._outbox.send(session.identity, wire.Bye(reason=reason), keep=False)
        self._handlers.end(session)

    def _give_up(self, identity: bytes) -> None:
        session = self._handlers.sessions.find(identity)
        if session is not None:
            self._handlers.end(session)
