"""Peers of another version, and peers that speak something else altogether."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

from server.faults.clients import GREETING, HandMade
from server.faults.neighbour import Neighbour
from server_process import Raw, ServerProcess

Connect = Callable[[ServerProcess], Raw]


@pytest.mark.parametrize(
    "message",
    [
        {"t": "hello", "v": 1, "proto": 2},
        {"t": "hello", "v": 7, "proto": 7},
        {"t": "hello", "v": 0, "proto": 1},
        {"t": "hello", "v": "1", "proto": 1},
        {"t": "salutations", "v": 2},
    ],
    ids=str,
)
def test_another_version_is_told_so_and_may_try_again(server: ServerProcess, raw: Connect, message: dict[str, Any]) -> None:
    client = raw(server)
    answer = client.ask(**message)
    assert (answer["t"], answer["code"], answer["v"]) == ("error", "version", 1)
    assert client.hello()["t"] == "welcome"


def test_another_version_in_the_middle_of_a_session(server: ServerProcess, raw: Connect) -> None:
    client = raw(server)
    client.hello()
    client.ask(t="spawn", character=1)
    assert client.ask(t="step", v=2, seq=5, characters=[1]) | {"message": ""} == {
        "t": "error", "v": 1, "code": "version", "message": "", "of": "step", "ref": 5,
    }  # fmt: skip
    assert client.ask(t="step", seq=6, characters=[1])["t"] == "pose"


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),  # TLS
        GREETING[:10] + b"\x01\x00" + GREETING[12:],  # ZMTP 1
        GREETING.replace(b"NULL", b"ZULU"),
        GREETING.replace(b"NULL", b"PLAIN"),
        bytes(4096),
        b"\xff" * 4096,
        GREETING + b"\x04\xff" + b"\xff" * 255,  # a command that is none
        GREETING + b"\x06" + b"\xff" * 8 + bytes(100),  # of 2^64 - 1 bytes
    ],
    ids=["HTTP", "TLS", "ZMTP 1", "no such mechanism", "PLAIN", "zeros", "ones", "no such command", "endless command"],
)
def test_what_is_not_this_protocol_at_all(server: ServerProcess, neighbour: Neighbour, said: bytes) -> None:
    host, port = server.endpoint.removeprefix("tcp://").rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=60) as stranger:
        stranger.sendall(said)
        neighbour.walk(10)
    neighbour.walk(10)


def test_a_socket_that_is_no_dealer(server: ServerProcess, neighbour: Neighbour) -> None:
    stranger = HandMade(server.endpoint)
    ready = b"\x05READY\x0bSocket-Type\x00\x00\x00\x03SUB"
    stranger.socket.sendall(GREETING + bytes((4, len(ready))) + ready)
    neighbour.walk(10)
    while stranger.socket.recv(4096):  # the server's greeting, then the end: the connection is refused
        pass
    neighbour.walk(10)
