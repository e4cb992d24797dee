"""Who may say hello: a challenge over a token that both sides know, HMAC-SHA256 (RFC 2104).

The nonce is sealed with a key of this process and bound to the connection and the time, so that peers that have not proved anything
cost no memory; only nonces that were accepted are kept, until they are too old to come again.

    nonce = time (8 bytes) + random (8) + first 16 bytes of HMAC(own key, time + random + connection)
    proof = HMAC(token, "motionwire-hello-1" + nonce)
"""

import hashlib
import hmac
import secrets
import struct

CONTEXT = b"motionwire-hello-1"
SEAL = 16  # bytes


def proof_of(token: str, nonce: bytes) -> bytes:
    """What a client that knows the token answers to a nonce."""
    return hmac.digest(token.encode(), CONTEXT + nonce, hashlib.sha256)


class Gate:
    """Challenges and their answers. token: empty lets everybody in; lifetime_s: how long a challenge may be answered."""

    def __init__(self, token: str, lifetime_s: float) -> None:
        self.is_open = not token
        self._token = token
        self._lifetime_s = lifetime_s
        self._own_key = secrets.token_bytes(32)
        self._used: dict[bytes, float] = {}  # accepted nonces, oldest first: when each was accepted

    def challenge(self, connection: bytes, now: float) -> bytes:
        """A fresh nonce for a connection. now: s, monotonic."""
        body = struct.pack("<d", now) + secrets.token_bytes(8)
        return body + self._seal(body, connection)

    def admits(self, connection: bytes, nonce: bytes, proof: bytes, now: float) -> bool:
        """Whether this is the first right answer to a challenge of this connection, in time."""
        body, seal = nonce[:-SEAL], nonce[-SEAL:]
        if not hmac.compare_digest(seal, self._seal(body, connection)):  # not ours, or another connection's
            return False
        (issued,) = struct.unpack_from("<d", body)
        for old, accepted in list(self._used.items()):
            if now - accepted <= self._lifetime_s:
                break
            del self._used[old]
        if now - issued > self._lifetime_s or nonce in self._used:
            return False
        if not hmac.compare_digest(proof, proof_of(self._token, nonce)):
            return False
        self._used[nonce] = now
        return True

    def _seal(self, body: bytes, connection: bytes) -> bytes:
        return hmac.digest(self._own_key, body + connection, hashlib.sha256)[:SEAL]
