"""CURVE: known keys get in, others reach nobody, and nothing is readable on the way."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import zmq

from motionwire.client import Client, ConnectionLostError, Keys
from motionwire.errors import InputError
from motionwire.server import curve
from server_process import Raw, ServerProcess


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """keys/server, keys/clients/alice and outside/mallory."""
    base = tmp_path_factory.mktemp("curve")
    curve.create(base / "keys", "server")
    curve.create(base / "keys" / "clients", "alice")
    curve.create(base / "outside", "mallory")
    return base


@pytest.fixture(scope="module")
def server(folder: Path):
    config = folder / "serve.toml"
    keys = folder / "keys"
    config.write_text(f'curve_key = "{keys / "server.key_secret"}"\ncurve_clients = "{keys / "clients"}"\n', encoding="utf-8")
    running = ServerProcess(config=config)
    yield running
    running.close()


def test_a_known_key(folder: Path, server: ServerProcess) -> None:
    keys = folder / "keys"
    with Client(server.endpoint, keys=Keys(keys / "server.key", keys / "clients" / "alice.key_secret")) as client:
        client.spawn(1)
        assert client.welcome.models[0].name == "fake"


def test_a_wrong_key_no_key_and_the_wrong_server(folder: Path, server: ServerProcess, raw: Callable[[ServerProcess], Raw]) -> None:
    keys = folder / "keys"
    alice, mallory = keys / "clients" / "alice.key_secret", folder / "outside" / "mallory.key_secret"
    with pytest.raises(ConnectionLostError):
        Client(server.endpoint, timeout=0.6, keys=Keys(keys / "server.key", mallory))
    with pytest.raises(ConnectionLostError):
        Client(server.endpoint, timeout=0.6, keys=Keys(folder / "outside" / "mallory.key", alice))
    with pytest.raises(ConnectionLostError):
        Client(server.endpoint, timeout=0.6)
    with Client(server.endpoint, keys=Keys(keys / "server.key", alice)) as client:
        assert client.ping()[0] < 5


def test_garbage_instead_of_a_handshake(folder: Path, server: ServerProcess) -> None:
    """A plain TCP peer that speaks no ZMTP is cut off; the others go on."""
    stream = zmq.Context.instance().socket(zmq.STREAM)
    stream.linger = 0
    stream.connect(server.endpoint)
    peer = stream.recv_multipart()[0]
    for _ in range(20):
        stream.send_multipart([peer, b"\xff\x00\x00\x00GET / HTTP/1.1\r\n\r\n" * 50])
    keys = folder / "keys"
    with Client(server.endpoint, keys=Keys(keys / "server.key", keys / "clients" / "alice.key_secret")) as client:
        client.spawn(1)
    stream.close()


def test_key_files(folder: Path, tmp_path: Path) -> None:
    secret = folder / "keys" / "server.key_secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    public, own = curve.load_pair(secret)
    assert curve.load(folder / "keys" / "server.key") == (public, None) and own != public
    before = secret.read_bytes()
    with pytest.raises(InputError, match="already"):
        curve.create(folder / "keys", "server")
    assert secret.read_bytes() == before
    (tmp_path / "empty.key").write_text("curve\n")
    (tmp_path / "short.key").write_text('curve\n    public-key = "abc"\n')
    for path, words in (
        (tmp_path / "missing.key", "Invalid|no such"),
        (tmp_path / "empty.key", "no public key"),
        (tmp_path / "short.key", "40 characters"),
    ):
        with pytest.raises(InputError, match=words):
            curve.load(path)
    with pytest.raises(InputError, match="key_secret"):
        curve.load_pair(folder / "keys" / "server.key")
    for name in ("../up", ".hidden", "a/b", ""):
        with pytest.raises(InputError, match="name"):
            curve.create(tmp_path, name)
    with pytest.raises(InputError, match="exists"):
        curve.create(tmp_path / "empty.key", "server")
