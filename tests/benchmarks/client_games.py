"""Each client's game loop as a process that is driven through faults: what it says, when poses come, and how long its calls took."""

import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from typing import Any, Self

PATIENCE_S = 60.0
LOADING_S = 0.5  # of Godot's first frames, in which it loads and compiles scripts
Said = dict[str, Any]


class Game:
    """A game at 60 Hz against a port, until `end`. Programs of C++ and C# end with their standard input, Godot's by an order."""

    def __init__(self, program: Sequence[str], port: int) -> None:
        self._godot = any(word.endswith(".gd") for word in program)
        self._control = _free_udp_port()
        words = ["127.0.0.1", str(port), str(self._control), "3", "step"] if self._godot else ["drive", "127.0.0.1", str(port)]
        if any(word.endswith(".exe") for word in program):
            words.append("step")
        environment = {**os.environ, "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"}
        self._process = subprocess.Popen(
            [*program, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        self._more = threading.Condition()
        self._said: list[Said] = []
        self._posed = 0.0  # s, monotonic: when it told of a pose last
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        frames = 0
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.startswith("{"):
                continue
            said = json.loads(line)
            with self._more:
                self._said.append(said)
                moves = said.get("t") == "status" and said["frames"] > frames
                if moves or said.get("notice") == "pose" or said.get("event") == "frame":
                    self._posed = time.monotonic()
                frames = said.get("frames", frames)
                self._more.notify()

    def wait_for_poses(self, after: float) -> None:
        """Until it tells of a pose later than this moment (time.monotonic()). Raises RuntimeError when none comes."""
        until = time.monotonic() + PATIENCE_S
        with self._more:
            while self._posed <= after:
                if not self._more.wait(until - time.monotonic()):
                    raise RuntimeError(f"no pose within {PATIENCE_S:g} s; it said last: {self._said[-3:]}")

    def end(self) -> Said:
        """calls, over_2_ms (of their own) and the worst call: wall_ms, own_ms and, but for Godot, cpu_ms."""
        if self._godot:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as orders:
                orders.sendto(b'{"do": "quit"}', ("127.0.0.1", self._control))
        else:
            assert self._process.stdin is not None
            self._process.stdin.close()
        if self._process.wait(PATIENCE_S) != 0:
            raise RuntimeError(f"it ended with {self._process.returncode}; it said last: {self._said[-3:]}")
        self._reader.join()
        if not self._godot:
            return self._said[-1]
        begun = next(said["at"] for said in self._said if said.get("t") == "begun")
        status = [said for said in self._said if said.get("t") == "status" and said["at"] > begun + LOADING_S]
        worst = max((said["worst"] for said in status), key=lambda worst: worst["wall_ms"])
        return {name: sum(said[name] for said in status) for name in ("calls", "over_2_ms")} | {"worst": worst}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()


def _free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
