"""A client that is killed in mid-step: its neighbour notices nothing, and its characters go when its session expires."""

import time
from pathlib import Path

import msgpack
import pytest

import server_process
from server.faults import clients
from server.faults.conftest import PATIENT, Start
from server.faults.neighbour import Neighbour
from server_process import Raw, ServerProcess

STREAMS_AND_STEPS = """
from server_process import Raw
raw = Raw(sys.argv[1])
raw.hello()
for character in (1, 2):
    raw.ask(t="spawn", character=character)
raw.send({"t": "subscribe", "characters": [2], "fps": 240.0, "credit": 2**31})
print("up", flush=True)
while True:
    raw.send({"t": "step", "seq": 1, "characters": [1]})
    raw.receive()
"""
DIES_WITH_STEPS_UNANSWERED = """
import os, signal
from server_process import Raw
raw = Raw(sys.argv[1])
raw.hello()
raw.ask(t="spawn", character=1)
for seq in range(40):
    raw.send({"t": "step", "seq": seq, "characters": [1]})
raw.receive()
print("up", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_broken_off_while_the_server_is_busy(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More is waiting than the server's queue takes when the connection breaks, and it stays so for longer than a heartbeat."""
    begin = tmp_path / "begin"
    monkeypatch.setenv("BEGIN_FILE", str(begin))
    monkeypatch.setattr(server_process, "SCRIPT", Path(__file__).with_name("serve_late.py"))
    server = start(PATIENT)
    victim = clients.HandMade(server.endpoint)
    victim.shake_hands()
    for _ in range(1000):
        victim.send({"t": "ping"})
    time.sleep(0.5)
    victim.vanish()
    time.sleep(5.5)
    begin.touch()
    Neighbour(server).walk(10)


def test_killed_while_it_streams_and_steps(server: ServerProcess, neighbour: Neighbour) -> None:
    victim = clients.start(STREAMS_AND_STEPS, server.endpoint)
    try:
        clients.line(victim)
        neighbour.walk(100)
    finally:
        clients.end(victim)
    neighbour.walk(100)


def test_killed_with_steps_unanswered(server: ServerProcess, neighbour: Neighbour) -> None:
    for _ in range(3):
        victim = clients.start(DIES_WITH_STEPS_UNANSWERED, server.endpoint)
        clients.line(victim)
        neighbour.walk(30)
        clients.end(victim)
    neighbour.walk(30)


def test_killed_in_the_middle_of_a_message(server: ServerProcess, neighbour: Neighbour) -> None:
    step = msgpack.packb({"t": "step", "v": 1, "seq": 1, "characters": [1], "input": bytes(16)})
    for sent in (0, 1, len(step) // 2, len(step) - 1):
        victim = clients.HandMade(server.endpoint)
        victim.shake_hands()
        victim.send({"t": "hello", "proto": 1})
        victim.send({"t": "spawn", "character": 1})
        victim.send_part(step[:sent], len(step))
        neighbour.walk(5)
        victim.vanish()
        neighbour.walk(5)


def test_its_characters_go_when_its_session_expires(start: Start) -> None:
    server = start("heartbeat_ms = 100\nexpiry_ms = 1000\n[limits]\ncharacters_total = 2")
    victim = clients.start(STREAMS_AND_STEPS, server.endpoint)
    clients.line(victim)
    clients.end(victim)
    client = Raw(server.endpoint)
    client.hello()
    ended = time.monotonic() + 60
    while (answer := client.ask(t="spawn", character=1))["t"] == "error" and time.monotonic() < ended:
        assert answer["code"] == "limit"
        time.sleep(0.05)
    assert answer["t"] == "accepted"
    client.close()
