"""Servers in processes of their own, and raw sockets to talk to them."""

import hmac
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgpack
import zmq

SCRIPT = Path(__file__).parent / "server" / "serve_fake.py"


class ServerProcess:
    """A fake server in its own process."""

    def __init__(self, port: int = 0, config: Path | None = None) -> None:
        arguments = [sys.executable, str(SCRIPT), str(port), *([str(config)] if config else [])]
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.endpoint = self.process.stdout.readline().strip()
        assert self.endpoint, "the server did not start"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.communicate("", timeout=60)


def proof(token: str, nonce: bytes) -> bytes:
    """As the specification says it, apart from the runtime's own code."""
    return hmac.new(token.encode(), b"motionwire-hello-1" + nonce, "sha256").digest()


class Raw:
    """A bare DEALER that speaks MessagePack maps."""

    def __init__(self, endpoint: str) -> None:
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(endpoint)

    def send(self, message: dict[str, Any] | bytes) -> None:
        self.socket.send(message if isinstance(message, bytes) else msgpack.packb(message))

    def receive(self, seconds: float = 60.0) -> dict[str, Any]:
        assert self.socket.poll(int(seconds * 1000)), "no answer"
        return msgpack.unpackb(self.socket.recv())

    def ask(self, **message: Any) -> dict[str, Any]:
        self.send({"v": 1, **message})
        return self.receive()

    def hello(self, token: str = "", **fields: Any) -> dict[str, Any]:
        """The answer to a hello; with a token, to the one that answers the challenge."""
        answer = self.ask(t="hello", proto=1, client="test", engine="none", **fields)
        if not token or answer["t"] != "challenge":
            return answer
        return self.ask(
            t="hello", proto=1, client="test", engine="none", nonce=answer["nonce"], proof=proof(token, answer["nonce"]), **fields
        )

    def close(self) -> None:
        self.socket.close()
