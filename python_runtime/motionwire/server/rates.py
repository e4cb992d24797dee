"""How often a peer may ask: token buckets, one of each session and one of each connection that has not said hello."""

from collections import OrderedDict
from dataclasses import dataclass

CHUNK = 16 * 1024  # bytes: a message counts once for each chunk begun
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

    def take(self, message_bytes: int, now: float) -> bool:
        """Whether one more message may be read now; charges it. A message larger than a full bucket passes through a full one."""
        self.level = min(self.rate, self.level + (now - self.filled) * self.rate)
        self.filled = now
        cost = min(self.rate, 1 + message_bytes // CHUNK)
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
            if len(self._buckets) > STRANGERS:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(connection)
        return bucket

    def forget(self, connection: bytes) -> None:
        """The connection has a session now."""
        self._buckets.pop(connection, None)
