"""A server started for a demo or a measurement: it stands alone, says why it does not start, and its log never stops it."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

import toy_bundle
from motionwire.client import Client
from motionwire.errors import InputError
from motionwire.server import process
from motionwire.server.process import ServerProcess


def test_a_token_meant_for_another_server_is_not_asked_of_its_own_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIONWIRE_TOKEN", "swordfish")
    with ServerProcess(str(toy_bundle.write(tmp_path / "toy"))) as server, Client(server.endpoint, timeout=60.0) as client:
        assert client.welcome.models[0].name == "toy"
    assert server.ends_within(0)


def test_why_it_does_not_start() -> None:
    with pytest.raises(InputError, match=r"^motionwire serve: .*no such bundle"):
        ServerProcess("no-such-bundle")


def program(path: Path, text: str) -> str:
    """A shell script that stands in for Python, and its path."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_one_that_is_never_ready_is_given_up_with_its_last_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", program(tmp_path / "slow", "echo compiling >&2\nexec sleep 60"))
    monkeypatch.setattr(process, "START_S", 0.5)
    with pytest.raises(InputError, match=r"^motionwire serve: not ready after 0.5 s; its last line: compiling$"):
        ServerProcess()


def test_leaving_while_it_starts_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C during the first start: neither the process nor the watchdog, which would hold the program for minutes, stays."""
    monkeypatch.setattr(sys, "executable", program(tmp_path / "slow", f"echo $$ > {tmp_path / 'pid'}\nexec sleep 60"))

    def interrupt() -> None:
        while not any(isinstance(thread, threading.Timer) for thread in threading.enumerate()) or not (tmp_path / "pid").exists():
            time.sleep(0.01)
        time.sleep(0.1)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        ServerProcess()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    for timer in [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]:
        timer.join(10)
        assert not timer.is_alive()


def test_much_said_does_not_stop_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a pipe holds, on standard error, before the server is ready."""
    text = 'yes \'a line of the log\' | head -c 500000 >&2\necho \'{"endpoint": "tcp://nowhere", "metrics": ""}\''
    monkeypatch.setattr(sys, "executable", program(tmp_path / "talkative", text))
    with ServerProcess() as server:
        assert server.endpoint == "tcp://nowhere"
        assert server.ends_within(60)
