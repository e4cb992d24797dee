"""Sessions: who is connected, which characters are theirs, when they were last heard of."""

import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from motionwire.character import Happening
from motionwire.server.messages import BadMessageError


@dataclass
class Stream:
    """A subscription: what to send, how often, and how many frames the client still takes."""

    characters: list[int]  # the client's ids; empty: all
    fps: float
    credit: int
    due: float  # s, monotonic: when the next frame is made
    seq: int = 0


@dataclass
class Session:
    """One client. key: secret, resumes the session; identity: its present ZeroMQ address; characters: its id -> the cast's handle."""

    key: str
    identity: bytes
    client: str
    seen: float
    characters: dict[int, int] = field(default_factory=dict)
    stream: Stream | None = None
    stepped: float = float("-inf")  # s, monotonic: its last lock-step
    unsent: list[Happening] = field(default_factory=list)  # events of frames that were dropped

    def handle(self, character: int, of: str, ref: int = 0) -> int:
        """The cast's handle of a character; raises BadMessageError(unknown_character)."""
        try:
            return self.characters[character]
        except KeyError:
            raise BadMessageError("unknown_character", f"this session has no character {character}", of, ref) from None


class Sessions:
    """All sessions, found by address and by key."""

    def __init__(self, limit: int, expiry_s: float) -> None:
        self._limit = limit
        self._expiry_s = expiry_s
        self._by_identity: dict[bytes, Session] = {}

    def __len__(self) -> int:
        return len(self._by_identity)

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._by_identity.values()))

    def find(self, identity: bytes) -> Session | None:
        """The session at an address."""
        return self._by_identity.get(identity)

    def open(self, identity: bytes, client: str, now: float, ref: int) -> Session:
        """A new session; raises BadMessageError(limit) that refers to the `hello`."""
        if len(self) >= self._limit:
            raise BadMessageError("limit", f"the server has its {self._limit} sessions", "hello", ref)
        session = Session(secrets.token_urlsafe(16), identity, client, now)
        self._by_identity[identity] = session
        return session

    def resume(self, identity: bytes, key: str, now: float) -> Session | None:
        """The session of this key, moved to a new address."""
        for session in self:
            if hmac.compare_digest(session.key.encode(), key.encode()):
                del self._by_identity[session.identity]
                session.identity, session.seen = identity, now
                self._by_identity[identity] = session
                return session
        return None

    def close(self, session: Session) -> None:
        """Forget a session."""
        self._by_identity.pop(session.identity, None)

    def expired(self, now: float) -> list[Session]:
        """Sessions that have been silent too long."""
        return [session for session in self if now - session.seen > self._expiry_s]


def token_matches(expected: str, given: str) -> bool:
    """Constant-time comparison; an empty expectation accepts everything."""
    return not expected or hmac.compare_digest(expected.encode(), given.encode())
