"""A server in a process of its own, started for a demo or a measurement and ended with it."""

import json
import subprocess
import sys
import threading
from typing import Self

from motionwire.errors import InputError

START_S = 120.0  # cold caches read a hundred megabytes of models


class ServerProcess:
    """`motionwire serve` on a free loopback port. endpoint: its address. Raises InputError with its own words when it does not start."""

    def __init__(self, bundle: str = "") -> None:
        command = [sys.executable, "-m", "motionwire", "serve", "--port", "0", "--json", *(["--bundle", bundle] if bundle else [])]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        watchdog = threading.Timer(START_S, self._process.kill)
        watchdog.start()
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        watchdog.cancel()
        if not line:
            _, complaint = self._process.communicate()
            raise InputError((complaint.strip().splitlines() or ["it says nothing"])[-1].removeprefix("error: "), "motionwire serve")
        self.endpoint: str = json.loads(line)["endpoint"]

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def ends_within(self, seconds: float | None) -> bool:
        """Wait so long, or for ever; True when it has ended."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> None:
        """Ask it to leave, and insist after a while."""
        self._process.terminate()
        try:
            self._process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
