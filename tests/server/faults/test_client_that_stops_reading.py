"""A client that takes no more messages: its neighbour notices nothing, and what waits for it is bounded."""

import signal
import time
from pathlib import Path

from motionwire.server.outbox import POSES
from server.faults import clients
from server.faults.conftest import PATIENT, Start
from server.faults.neighbour import Neighbour
from server.test_logs import Served
from server_process import Raw, ServerProcess

CREDIT = 4
TELLS_EACH_FRAME = f"""
import time
from motionwire.client import Client
client = Client(sys.argv[1], timeout=60)
client.spawn(1)
client.subscribe(fps=120, credit={CREDIT})
for frame in client.frames():
    print(frame.ts, time.monotonic(), flush=True)
"""


def test_a_stopped_stream_goes_on_with_fresh_frames(server: ServerProcess, neighbour: Neighbour) -> None:
    """Stopped like a machine asleep, then woken: of what was sent before, only its credit is left to read."""
    sleeper = clients.start(TELLS_EACH_FRAME, server.endpoint)
    try:
        for _ in range(20):
            clients.line(sleeper)
        sleeper.send_signal(signal.SIGSTOP)
        ended = time.monotonic() + 1.0
        while time.monotonic() < ended:
            neighbour.walk(20)
        woken = time.monotonic()
        sleeper.send_signal(signal.SIGCONT)
        frames = [tuple(map(float, clients.line(sleeper).split())) for _ in range(60)]
        stale = [sent for sent, received in frames if received > woken and sent < woken]
        assert len(stale) <= CREDIT and frames[-1][0] > woken
    finally:
        clients.end(sleeper)


def test_a_stream_with_boundless_credit_is_never_read(server: ServerProcess, neighbour: Neighbour) -> None:
    slow = Raw(server.endpoint)
    slow.hello()
    for character in range(20):
        slow.ask(t="spawn", character=character)
    slow.ask(t="subscribe", fps=240.0, credit=2**31)
    for _ in range(20):
        neighbour.walk(5)
        time.sleep(0.01)
    slow.ask(t="unsubscribe")
    slow.close()


def test_steps_of_a_client_that_reads_late_are_answered(tmp_path: Path) -> None:
    """Behind what else waits for it, and not too many of them."""
    served = Served(tmp_path, f"{PATIENT}metrics_port = 0\n[limits]\nrequests_per_second = 1000000\n")
    slow = clients.HandMade(served.endpoint, small=True)
    slow.shake_hands()
    slow.send({"t": "hello", "proto": 1})
    key = slow.receive()["session"]
    slow.send({"t": "spawn", "character": 1})
    asked = 0
    while served.metrics()["motionwire_messages_kept"] < 300:  # the system's own buffer may still grow a little
        for _ in range(100):  # each is answered by a welcome of 1.5 kB
            slow.send({"t": "hello", "proto": 1, "session": key})
        asked += 100
        while served.metrics()['motionwire_requests_total{type="hello"}'] <= asked:
            time.sleep(0.01)  # else thousands are under way when the first one is kept
        assert asked < 50_000
    for seq in range(POSES + 3):
        slow.send({"t": "step", "seq": seq, "characters": [1]})
    ended = time.monotonic() + 30
    while served.metrics()["motionwire_dropped_frames_total"] < 3 and time.monotonic() < ended:
        time.sleep(0.01)
    slow.send({"t": "ping", "time": 1.0})
    answers = [slow.receive()]
    while answers[-1]["t"] != "pong":
        answers.append(slow.receive())
    assert [answer["seq"] for answer in answers if answer["t"] == "pose"] == list(range(POSES))
    assert sum(answer["t"] == "welcome" for answer in answers) == asked
    slow.vanish()
    served.close()


def test_answers_that_nobody_reads_end_the_session(start: Start) -> None:
    """More answers than are kept for one client: its session ends, and with it its character makes room for another."""
    server = start(f"{PATIENT}[limits]\ncharacters_total = 2\nrequests_per_second = 1000000")
    neighbour = Neighbour(server)
    deaf = clients.HandMade(server.endpoint, small=True)
    deaf.shake_hands()
    deaf.send({"t": "hello", "proto": 1})
    key = deaf.receive()["session"]
    deaf.send({"t": "spawn", "character": 1})
    deaf.receive()
    assert neighbour.raw.ask(t="spawn", character=2)["code"] == "limit"
    asked, ended = 0, time.monotonic() + 60
    while (answer := neighbour.raw.ask(t="spawn", character=2))["t"] == "error" and time.monotonic() < ended:
        for _ in range(500):  # each is answered by a welcome of 1.5 kB
            deaf.send({"t": "hello", "proto": 1, "session": key})
        asked += 500
        neighbour.walk(10)
    assert answer["t"] == "accepted" and asked < 100_000
    neighbour.walk(10)
    deaf.vanish()
    neighbour.raw.close()
