"""Sessions: who is connected, which characters are theirs, when they were last heard of."""

import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from motionwire.server.doorman import Peer
from motionwire.server.messages import BadMessageError
from motionwire.server.rates import Bucket, Strangers
from motionwire.server.settings import Limits
from motionwire.server.streams import SLICE, Stream
from motionwire.server.unsent import Unsent


@dataclass
class Session:
    """One client. key: secret, resumes the session; number: for logs; identity: its present ZeroMQ address; characters: its id -> the
    cast's handle; names: the other way round; greeting: ref of the `hello` that opened it; mark: of its present connection (doorman.py);
    stepping: a step of it waits for its batch."""

    key: str
    number: int
    identity: bytes
    client: str
    seen: float
    bucket: Bucket
    characters: dict[int, int] = field(default_factory=dict)
    names: dict[int, int] = field(default_factory=dict)
    greeting: int = 0
    mark: str = ""
    stream: Stream | None = None
    streamed: float = float("-inf")  # s, monotonic: until when its last stream took its characters
    stepped: float = float("-inf")  # s, monotonic: its last lock-step ...
    pace: float = float("inf")  # ... and the time between the last two, s
    stepping: bool = False
    unsent: Unsent = field(default_factory=Unsent)
    _asked: list[int] | None = None  # the characters found last, and their handles: most clients ask for the same ones again
    _found: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))

    def add(self, character: int, handle: int) -> None:
        """A new character."""
        self.characters[character], self.names[handle] = handle, character
        self._asked = None

    def remove(self, character: int) -> None:
        """A character is gone."""
        handle = self.characters.pop(character)
        del self.names[handle]
        self.unsent.forget([handle])
        self._asked = None

    def subscribe(self, characters: list[int], fps: float, credit: int, debug: bool) -> None:
        """A stream from now on. Its characters go on from where the one before took them, or who subscribes again and again would have them
        run ahead of time; without one, as if they had been in it for a moment."""
        before = self.stream
        behind = min(self.seen - self.streamed, 1 / fps, SLICE) if before is None else self.seen - before.reached
        self.stream = Stream(dict.fromkeys(characters), fps, credit, self.seen, debug, ahead=1 / fps - behind)

    def unsubscribe(self) -> None:
        """The stream ends, if there is one."""
        if self.stream is not None:
            self.streamed, self.stream = self.stream.reached, None

    def step(self) -> None:
        """It has just asked for a step."""
        self.pace, self.stepped, self.stepping = self.seen - self.stepped, self.seen, True

    def handles(self, characters: list[int], of: str, ref: int = 0) -> NDArray[np.intp]:
        """The cast's handles of different characters; raises BadMessageError(bad_message, unknown_character)."""
        if characters != self._asked:
            if len(set(characters)) != len(characters):
                raise BadMessageError("bad_message", "a character is listed twice", of, ref)
            self._found = np.array([self.handle(character, of, ref) for character in characters], np.intp)
            self._asked = characters
        return self._found

    def handle(self, character: int, of: str, ref: int = 0) -> int:
        """The cast's handle of a character; raises BadMessageError(unknown_character)."""
        try:
            return self.characters[character]
        except KeyError:
            raise BadMessageError("unknown_character", f"this session has no character {character}", of, ref) from None


class Sessions:
    """All sessions, found by address and by key. strangers: the connections without one."""

    def __init__(self, limits: Limits, expiry_s: float) -> None:
        self.strangers = Strangers(limits.stranger_requests_per_second)
        self._limit = limits.sessions
        self._expiry_s = expiry_s
        self._rate = limits.requests_per_second
        self._opened = 0
        self._by_identity: dict[bytes, Session] = {}

    def __len__(self) -> int:
        return len(self._by_identity)

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._by_identity.values()))

    @property
    def characters(self) -> int:
        """How many characters they have in all."""
        return sum(len(session.characters) for session in self)

    def find(self, identity: bytes) -> Session | None:
        """The session at an address."""
        return self._by_identity.get(identity)

    def of(self, peer: Peer) -> Session | None:
        """The session of a connection, which nobody else has who claims its address."""
        session = self.find(peer.address)
        return session if session is not None and session.mark == peer.mark else None

    def open(self, peer: Peer, client: str, now: float, ref: int) -> Session:
        """A new session; raises BadMessageError(limit) that refers to the `hello`."""
        if len(self) >= self._limit:
            raise BadMessageError("limit", f"the server has its {self._limit} sessions", "hello", ref)
        self._opened += 1
        bucket = self.strangers.leave(peer.address, now).at(self._rate)
        session = Session(secrets.token_urlsafe(16), self._opened, peer.address, client, now, bucket, greeting=ref, mark=peer.mark)
        self._by_identity[peer.address] = session
        return session

    def resume(self, peer: Peer, key: str, now: float) -> Session | None:
        """The session of this key, moved to another connection."""
        for session in self:
            if hmac.compare_digest(session.key.encode(), key.encode()):
                self.close(session)
                self.strangers.leave(peer.address, now)
                session.identity, session.mark, session.seen = *peer, now
                self._by_identity[peer.address] = session
                return session
        return None

    def close(self, session: Session) -> None:
        """Forget a session; its connection stays."""
        if self._by_identity.pop(session.identity, None) is not None:
            self.strangers.come_back(session.identity, session.bucket)

    def excuse(self, seconds: float, now: float) -> None:
        """Nobody could be heard for so long: that counts for no silence."""
        for session in self:
            session.seen = min(now, session.seen + seconds)

    def expired(self, now: float) -> list[Session]:
        """Sessions that have been silent too long."""
        return [session for session in self if now - session.seen > self._expiry_s]
