"""The test game of engine_bridge/godot/tests/probe.gd, run headless by Godot 3: what it says, and orders to it."""

import json
import queue
import shutil
import socket
import subprocess
import threading
import time
from typing import Any, Self

from broadcast.toolchain import need
from engine_bridge.godot.build import environment, script

Line = dict[str, Any]


def godot() -> str:
    """The headless Godot 3; its absence fails in CI and skips elsewhere."""
    return need(shutil.which("godot3-server"), "Godot 3 (Debian's godot3-server)")


def run_script(name: str, *arguments: str) -> None:
    """Run a program to its end; what it complains about fails."""
    done = subprocess.run([*script(godot(), name), *arguments], env=environment(), capture_output=True, text=True, timeout=120, check=True)
    assert "SCRIPT ERROR" not in done.stderr, done.stderr


class Probe:
    """One game with characters in a row. wrong: what the engine complained about."""

    def __init__(self, endpoint: str, characters: int = 1, mode: str = "step", token: str = "") -> None:
        host, port = endpoint.removeprefix("tcp://").rsplit(":", 1)
        self._orders = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            self._control = free.getsockname()
        arguments = [host, port, str(self._control[1]), str(characters), mode]
        self._process = subprocess.Popen(
            [*script(godot(), "probe"), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment() | {"MOTIONWIRE_TOKEN": token},
        )
        self.lines: list[Line] = []
        self.wrong: list[str] = []
        self._arrived: queue.Queue[Line | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                self._arrived.put(json.loads(line) | {"heard": time.monotonic()})
            elif "SCRIPT ERROR" in line:
                self.wrong.append(line + self._process.stdout.readline())
        self._arrived.put(None)

    def order(self, do: str, **more: object) -> None:
        """Tell it to do something."""
        self._orders.sendto(json.dumps({"do": do, **more}).encode(), self._control)

    def wait(self, kind: str, seconds: float = 60.0, **having: object) -> Line:
        """The next line of this kind with these values."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            assert left > 0, f"no {kind} {having} within {seconds:g} s; last: {self.lines[-3:]}"
            try:
                line = self._arrived.get(timeout=left)
            except queue.Empty:
                continue
            assert line is not None, f"the game ended: {self.wrong}"
            self.lines.append(line)
            if line["t"] == kind and all(line[name] == value for name, value in having.items()):
                return line

    def wait_for_frames(self, count: int = 20, seconds: float = 60.0) -> Line:
        """The status in which so many more frames have come."""
        first = self.wait("status")["frames"]
        deadline = time.monotonic() + seconds
        while (status := self.wait("status"))["frames"] < first + count:
            assert time.monotonic() < deadline, status
        return status

    def catch_up(self) -> None:
        """Take all that it has said until now."""
        now = time.monotonic()
        while self.wait("status")["heard"] < now:
            pass

    def wait_for_calls_until(self, moment: float) -> int:
        """How many frames the game made from now until then (time.monotonic())."""
        calls = 0
        while time.monotonic() < moment:
            calls += self.wait("status")["calls"]
        return calls

    def of(self, kind: str) -> list[Line]:
        """The lines of this kind so far."""
        return [line for line in self.lines if line["t"] == kind]

    def assert_never_held_up(self) -> None:
        """Its main thread ran on: nearly all calls took less than 2 ms of their own, without the time that others had the processor."""
        status = self.of("status")
        calls, slow = sum(line["calls"] for line in status), sum(line["over_2_ms"] for line in status)
        assert calls > 30
        assert slow <= 0.05 * calls, f"{slow} of {calls} calls took more than 2 ms of their own"
        assert max(line["longest_own_ms"] for line in status) < 250

    def __enter__(self) -> Self:
        self.wait("begun")
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        if failed is None and self._process.poll() is None:
            self.order("quit")
            self.wait("closed")
            assert self._process.wait(60) == 0
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._orders.close()
        assert failed is not None or not self.wrong, self.wrong
