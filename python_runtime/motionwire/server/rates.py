"""How much a peer may ask: token buckets, one of each session and one of each connection that has not said hello."""

from collections import OrderedDict
from dataclasses import dataclass

CHUNK = 16 * 1024  # bytes: a message counts once for each chunk begun, and for each part
STRANGER_BYTES = 16 * 1024  # of a message from a connection without a session: a `hello` with all its keys takes 2 KiB at most
STRANGERS = 4096  # connections without a session that are remembered; the one heard of longest ago is forgotten first


@dataclass(slots=True)
class Bucket:
    """Holds one second's worth of messages. rate: messages a second; filled: s, monotonic."""

    rate: float
    filled: float
    level: float
    told: bool = False  # the peer has been told that it asks too often

    @classmethod
    def full(cls, rate: float, now: float) -> "Bucket":
        """A bucket that nobody has taken from."""
        return cls(rate, now, rate)

    def at(self, rate: float) -> "Bucket":
        """As full in proportion, for a peer that may ask at another rate from now on."""
        return Bucket(rate, self.filled, self.level * rate / self.rate, self.told)

    def take(self, message_bytes: int, now: float, parts: int = 1) -> bool:
        """Whether one more message may be read now; charges it. A message larger than a full bucket passes through a full one."""
        self.level = min(self.rate, self.level + (now - self.filled) * self.rate)
        self.filled = now
        cost = min(self.rate, parts + message_bytes // CHUNK)
        if self.level < cost:
            return False
        self.level -= cost
        self.told = False
        return True


class Strangers:
    """The buckets of connections without a session: bounded, whoever connects."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._buckets: OrderedDict[bytes, Bucket] = OrderedDict()

    def bucket(self, connection: bytes, now: float) -> Bucket:
        """The bucket of a connection, a full one for a new connection."""
        bucket = self._buckets.get(connection)
        if bucket is None:
            bucket = self._buckets[connection] = Bucket.full(self._rate, now)
            self._forget_some()
        else:
            self._buckets.move_to_end(connection)
        return bucket

    def leave(self, connection: bytes, now: float) -> Bucket:
        """The connection has a session now, in which it goes on with this bucket: else a `hello` would fill it."""
        bucket = self.bucket(connection, now)
        del self._buckets[connection]
        return bucket

    def come_back(self, connection: bytes, bucket: Bucket) -> None:
        """The connection has lost its session, which had this bucket."""
        self._buckets[connection] = bucket.at(self._rate)
        self._forget_some()

    def _forget_some(self) -> None:
        if len(self._buckets) > STRANGERS:
            self._buckets.popitem(last=False)
