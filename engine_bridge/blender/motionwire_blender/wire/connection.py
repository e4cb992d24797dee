"""One session with a runtime, kept by a thread of its own: greeting, token, signs of life, and coming back after a break.

Blender's own thread never waits: `send` queues, `messages` and `latest_pose` hand over what has come. The socket belongs to the thread,
which sleeps until bytes come or something is queued. The protocol is engine_bridge/protocol/SPEC.md.
"""

import collections
import contextlib
import hashlib
import hmac
import selectors
import socket
import threading
import time

from . import msgpack
from .zmtp import Zmtp, ZmtpError

PROTO, MINOR = 1, 3
CONTEXT = b"motionwire-hello-1"
RETRY_S = 0.3  # between two tries to connect, and between two hellos
CONNECT_S = 2.0
CLOSE_S = 0.5  # that Blender waits for a goodbye
LEAST_HEARTBEAT_MS = 100  # whatever a server asks for
SILENT_S = 6.0  # without a byte from the server although it was pinged: the connection is dead
CONNECTING, OPEN, REFUSED, CLOSED = "connecting", "open", "refused", "closed"


def proof_of(token, nonce):
    """What a client that knows the token answers to a challenge."""
    return hmac.new(token.encode("utf-8"), CONTEXT + nonce, hashlib.sha256).digest()


class Connection:
    """A session at host:port. state: one of the constants above; problem: why it is not open, for people; welcome: the server's.

    Among `messages` are two of this class' own: {"t": "opened", "resumed": bool} and {"t": "lost"}.
    """

    def __init__(self, host, port, token="", engine="blender"):
        self.host, self.port = host, port
        self.state, self.problem, self.welcome = CONNECTING, "connecting", None
        self._token = token
        self._engine = engine
        self._session = ""
        self._hello_ref = 1
        self._incoming = collections.deque()
        self._pose = None
        self._queued = collections.deque()
        self._closing = threading.Event()
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._woken.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="motionwire", daemon=True)
        self._thread.start()

    def send(self, **message):
        """Queue a message; False, and nothing sent, unless the session is open."""
        if self.state != OPEN:
            return False
        self._queued.append(message)
        self._rouse()
        return True

    def messages(self):
        """All that came since the last call but poses, oldest first."""
        taken = []
        while self._incoming:
            taken.append(self._incoming.popleft())
        return taken

    def latest_pose(self):
        """The newest `pose` since the last call, else None."""
        pose, self._pose = self._pose, None
        return pose

    def close(self):
        """Say goodbye and end the thread; one that still looks for a server ends by itself a little later."""
        self.send(t="bye")
        self._closing.set()
        self._rouse()
        self._thread.join(CLOSE_S)

    def _rouse(self):
        with contextlib.suppress(OSError):  # full: it is awake anyway
            self._wake.send(b"\0")

    # The thread

    def _run(self):
        while not self._closing.is_set() and self.state != REFUSED:
            try:
                with socket.create_connection((self.host, self.port), timeout=CONNECT_S) as link:
                    link.setblocking(False)
                    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self._talk(link)
            except ZmtpError as error:
                self._refuse(str(error))
            except (OSError, ValueError) as error:  # ValueError: a port out of range, bytes that are no message
                self._lost(_reason(error, self.host, self.port))
            self._closing.wait(RETRY_S)
        if self.state != REFUSED:
            self.state = CLOSED
        self._wake.close()
        self._woken.close()

    def _talk(self, link):
        """One connection, until it breaks or is to be closed."""
        peer = _Peer(link)
        with selectors.DefaultSelector() as waiting:
            waiting.register(link, selectors.EVENT_READ)
            waiting.register(self._woken, selectors.EVENT_READ)
            while self.state != REFUSED:
                now = time.monotonic()
                if now - peer.heard > SILENT_S:
                    raise ConnectionError("the server does not answer")
                self._speak(peer, now)
                if peer.flush() and self._closing.is_set():
                    return
                writing = selectors.EVENT_WRITE if peer.protocol.outgoing else 0
                waiting.modify(link, selectors.EVENT_READ | writing)
                waiting.select(RETRY_S)
                with contextlib.suppress(BlockingIOError):
                    self._woken.recv(4096)
                for data in peer.receive():
                    self._take(msgpack.unpack(data), peer)

    def _speak(self, peer, now):
        """What is due: hello, what the add-on queued, ping."""
        if not peer.protocol.ready:
            return
        if self.state == OPEN:
            while self._queued:
                peer.say(now, **self._queued.popleft())
            if now - peer.spoke >= min(max(self.welcome["heartbeat_ms"], LEAST_HEARTBEAT_MS) / 2000, SILENT_S / 3):
                peer.say(now, t="ping", time=now)
        elif now - peer.spoke >= RETRY_S:
            self._hello(peer)

    def _hello(self, peer, **proof):
        hello = {"t": "hello", "proto": PROTO, "minor": MINOR, "client": "motionwire blender add-on", "engine": self._engine}
        peer.say(time.monotonic(), **hello, session=self._session, ref=self._hello_ref, **proof)

    def _take(self, message, peer):
        kind = message.get("t") if isinstance(message, dict) else None
        if kind == "pose":
            self._pose = message
        elif kind == "challenge":
            if not self._token:
                self._refuse("the server asks for a token: set it in the add-on's preferences")
                return
            nonce = _typed(message, "nonce", bytes)
            self._hello(peer, nonce=nonce, proof=proof_of(self._token, nonce))
        elif kind == "welcome":
            self._open(message)
        elif kind == "error" and message.get("code") in ("unauthorised", "version"):
            self._refuse(f"the server refuses: {message.get('message')}")
        elif kind == "error" and message.get("of") == "hello":  # for now, it has too many sessions, say
            self.problem = f"the server refuses: {message.get('message')}"
        elif kind == "bye" or (kind == "error" and message.get("code") == "no_session"):
            if self.state == OPEN:  # it forgot us: begin anew
                self._lost("the server ended the session")
            peer.spoke = 0.0
        elif isinstance(kind, str) and kind != "pong":
            self._incoming.append(message)

    def _open(self, welcome):
        if self.state == OPEN:  # the answer to a hello that was repeated
            return
        _typed(welcome, "heartbeat_ms", int)
        if not all(isinstance(model, dict) for model in _typed(welcome, "models", list)):
            raise ConnectionError("the server's models are none")
        self._session = _typed(welcome, "session", str)
        self.welcome = welcome
        self._queued.clear()
        self._pose = None  # of the session before
        self._hello_ref += 1
        self.state, self.problem = OPEN, ""
        self._incoming.append({"t": "opened", "resumed": bool(welcome.get("resumed"))})

    def _lost(self, why):
        if self.state == OPEN:
            self._incoming.append({"t": "lost"})
        self.state, self.problem = CONNECTING, why

    def _refuse(self, why):
        self._lost(why)
        self.state = REFUSED


class _Peer:
    """The socket of one connection. heard, spoke: when bytes came and when a message was sent last, s."""

    def __init__(self, link):
        self.protocol = Zmtp()
        self.heard, self.spoke = time.monotonic(), 0.0
        self._link = link

    def say(self, now, **message):
        self.protocol.send(msgpack.pack({"v": PROTO, **message}))
        self.spoke = now

    def flush(self):
        """Send what the socket takes; whether nothing is left."""
        with contextlib.suppress(BlockingIOError):
            while self.protocol.outgoing:
                del self.protocol.outgoing[: self._link.send(self.protocol.outgoing)]
        return not self.protocol.outgoing

    def receive(self):
        """Whole messages that have come."""
        try:
            data = self._link.recv(1 << 18)
        except BlockingIOError:
            return []
        if not data:
            raise ConnectionError("the server closed the connection")
        self.heard = time.monotonic()
        return self.protocol.receive(data)


def _typed(message, key, kind):
    value = message.get(key)
    if not isinstance(value, kind):
        raise ConnectionError(f"the server's {message.get('t')} has no {key}")
    return value


def _reason(error, host, port):
    if isinstance(error, (ConnectionRefusedError, socket.timeout)):
        return f"no Motionwire runtime at {host}:{port}: start it with `motionwire serve`"
    return f"{host}:{port}: {error}"
