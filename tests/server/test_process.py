"""A server started for a demo or a measurement: it stands alone, says why it does not start, and its log never stops it."""

import sys
from pathlib import Path

import pytest

import toy_bundle
from motionwire.client import Client
from motionwire.errors import InputError
from motionwire.server.process import ServerProcess


def test_a_token_meant_for_another_server_is_not_asked_of_its_own_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIONWIRE_TOKEN", "swordfish")
    with ServerProcess(str(toy_bundle.write(tmp_path / "toy"))) as server, Client(server.endpoint, timeout=60.0) as client:
        assert client.welcome.models[0].name == "toy"
    assert server.ends_within(0)


def test_why_it_does_not_start() -> None:
    with pytest.raises(InputError, match=r"^motionwire serve: .*no such bundle"):
        ServerProcess("no-such-bundle")


def test_much_said_does_not_stop_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a pipe holds, on standard error, before the server is ready."""
    talkative = tmp_path / "talkative"
    talkative.write_text(
        '#!/bin/sh\nyes \'a line of the log\' | head -c 500000 >&2\necho \'{"endpoint": "tcp://nowhere", "metrics": ""}\'\n'
    )
    talkative.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(talkative))
    with ServerProcess() as server:
        assert server.endpoint == "tcp://nowhere"
        assert server.ends_within(60)
