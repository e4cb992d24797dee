"""The compiled console program as a fixture's value, and processes of it that tell what happens in JSON lines."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

import pytest

from engine_bridge.unity import build

Built = TypeVar("Built")
LONGEST_S = 60.0  # that a game runs: what waits for something that never comes fails


def or_skip(compile_it: Callable[[], Built]) -> Built:
    """What it compiles; without Mono the test fails in CI and skips elsewhere."""
    try:
        return compile_it()
    except build.ToolchainMissingError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{error}, and CI must have it")
        pytest.skip(str(error))


def run(words: list[str], given: str = "", seconds: float = 60) -> str:
    """What the program prints."""
    done = subprocess.run(words, input=given, capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Driven:
    """A game loop in a process (console/Drive.cs). said: its lines so far."""

    def __init__(self, program: list[str], port: int, mode: str = "step", token: str = "", host: str = "127.0.0.1") -> None:
        environment = {**os.environ, "MOTIONWIRE_TOKEN": token}
        words = [*program, "drive", host, str(port), mode]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self._watchdog = threading.Timer(LONGEST_S, self._process.kill)
        self._watchdog.start()
        self.said: list[dict[str, Any]] = []

    def until(self, **wanted: str) -> dict[str, Any]:
        """The next line with these values; of `text`, a part is enough."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            self.said.append(said)
            if all(value in str(said.get(key)) for key, value in wanted.items()):
                return said
        raise AssertionError(f"it ended without {wanted}: {self.said}")

    def act(self, sentence: str) -> str:
        """Let its character act; the number that events carry."""
        assert self._process.stdin is not None
        self._process.stdin.write(sentence + "\n")
        self._process.stdin.flush()
        return str(self.until(event="asked")["ref"])

    def pause(self, seconds: float) -> None:
        """Let it run."""
        time.sleep(seconds)
        assert self._process.poll() is None, "it died"

    def end(self) -> dict[str, Any]:
        """End it; its last line. No call may have waited for the network, which in every fault here keeps quiet for longer."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        last = self.until(event="end")
        began = time.monotonic()
        assert self._process.wait(10) == 0
        assert time.monotonic() - began < 5, "a thread of its own keeps it"
        assert last["calls"] > 0
        assert last["longest_own_ms"] < 400, last
        assert last["dispose_ms"] < 400, last
        return last

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._watchdog.cancel()
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


def golden(name: str) -> Path:
    """A file of the golden vectors."""
    return build.ROOT / "engine_bridge" / "protocol" / "golden" / name
