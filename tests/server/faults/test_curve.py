"""CURVE with wrong keys: such a client is not heard at all, and those with the right ones do not notice it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from motionwire.client import Client, ConnectionLostError, Keys, Stick
from motionwire.server import curve
from server.faults.conftest import PATIENT
from server_process import Raw, ServerProcess


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the key pairs server, friend, stranger and impostor; the server knows the friend."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("server", "friend", "stranger", "impostor"):
        curve.create(folder, name)
    (folder / "known").mkdir()
    (folder / "friend.key").rename(folder / "known" / "friend.key")
    return folder


@pytest.fixture(scope="module")
def guarded(keys: Path) -> Iterator[ServerProcess]:
    """A server that speaks CURVE with those it knows."""
    config = keys / "serve.toml"
    config.write_text(f'{PATIENT}curve_key = "{keys / "server.key_secret"}"\ncurve_clients = "{keys / "known"}"', encoding="utf-8")
    running = ServerProcess(config=config)
    yield running
    running.close()


def connect(server: ServerProcess, keys: Path, server_key: str, own_key: str, timeout: float) -> Client:
    return Client(server.endpoint, timeout=timeout, keys=Keys(keys / f"{server_key}.key", keys / f"{own_key}.key_secret"))


@pytest.mark.parametrize(("server_key", "own_key"), [("server", "stranger"), ("impostor", "friend"), ("impostor", "stranger")])
def test_wrong_keys(guarded: ServerProcess, keys: Path, server_key: str, own_key: str) -> None:
    with connect(guarded, keys, "server", "friend", timeout=60) as friend:
        friend.spawn(1)
        with pytest.raises(ConnectionLostError):
            connect(guarded, keys, server_key, own_key, timeout=0.5)
        frame = friend.step({1: Stick()})
        assert frame.characters == [1]


def test_no_keys_at_all(guarded: ServerProcess, keys: Path) -> None:
    plain = Raw(guarded.endpoint)
    plain.send({"t": "hello", "v": 1, "proto": 1})
    assert not plain.socket.poll(500)
    with connect(guarded, keys, "server", "friend", timeout=60) as friend:
        assert friend.ping()[0] > 0
    plain.close()


def test_a_public_key_without_its_secret_one(guarded: ServerProcess, keys: Path) -> None:
    """What an onlooker knows: both public keys."""
    onlooker = Raw.__new__(Raw)
    onlooker.socket = zmq.Context.instance().socket(zmq.DEALER)
    onlooker.socket.linger = 0
    onlooker.socket.curve_serverkey = curve.load(keys / "server.key")[0]
    onlooker.socket.curve_publickey = curve.load(keys / "known" / "friend.key")[0]
    onlooker.socket.curve_secretkey = curve.load_pair(keys / "stranger.key_secret")[1]
    onlooker.socket.connect(guarded.endpoint)
    onlooker.send({"t": "hello", "v": 1, "proto": 1})
    assert not onlooker.socket.poll(500)
    onlooker.close()
