"""A server in a process of its own, started for a demo or a measurement and ended with it."""

import json
import os
import subprocess
import sys
import threading
from collections import deque
from typing import Self

from motionwire.errors import InputError
from motionwire.server.settings import TOKEN_VARIABLE

START_S = 300.0  # the first start compiles, on a busy machine for minutes


class ServerProcess:
    """`motionwire serve` on a loopback port, 0: a free one. endpoint: its address; metrics: its page. Raises InputError with its own
    words when it does not start."""

    def __init__(self, bundle: str = "", port: int = 0) -> None:
        command = [sys.executable, "-m", "motionwire", "serve", "--port", str(port), "--metrics-port", "0", "--json"]
        command += ["--bundle", bundle] if bundle else []
        open_to_this_machine = {name: value for name, value in os.environ.items() if name != TOKEN_VARIABLE}
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=open_to_this_machine
        )
        self._said: deque[str] = deque(maxlen=10)
        self._listener = threading.Thread(target=self._listen, name="motionwire-serve-log", daemon=True)
        self._listener.start()
        try:
            ready = json.loads(self._first_line())
        except BaseException:  # Ctrl-C too: nobody else would end it
            self.close()
            raise
        self.endpoint: str = ready["endpoint"]
        self.metrics: str = ready["metrics"]

    def _first_line(self) -> str:
        """What it prints when it is ready."""
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self._process.kill()

        watchdog = threading.Timer(START_S, give_up)
        assert self._process.stdout is not None
        try:
            watchdog.start()
            line = self._process.stdout.readline()
        finally:
            watchdog.cancel()
        if line:
            return line
        self._process.wait()
        self._listener.join()
        said = (list(self._said) or ["it says nothing"])[-1].removeprefix("error: ")
        raise InputError(f"not ready after {START_S:g} s; its last line: {said}" if late.is_set() else said, "motionwire serve")

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
        if not self.ends_within(10):
            self._process.kill()
            self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def _listen(self) -> None:
        """Take its log as it comes: a full pipe would stop it."""
        assert self._process.stderr is not None
        self._said.extend(line.strip() for line in self._process.stderr if line.strip())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
